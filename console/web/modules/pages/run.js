/** One run: how far it is, what came of it, and the ways into its instances, executions and files. */
import { apiPath, get, post, watch } from "../api.js";
import { html, useEffect, useState } from "../base.js";
import { filter, route } from "../navigation.js";
import { Confirm } from "../parts/dialog.js";
import { Facts } from "../parts/figures.js";
import { Files, openFile } from "../parts/files.js";
import { Page } from "../parts/page.js";
import { Empty, Problem, Shown } from "../parts/problem.js";
import { Status } from "../parts/status.js";
import { Tabs } from "../parts/tabs.js";
import { Moment, Took } from "../parts/time.js";
import { useResource } from "../resource.js";
import { addressOf } from "../routes.js";
import { mayStart } from "../session.js";
import { t } from "../texts.js";
import { Execution } from "./execution.js";
import { Ledger } from "./run_ledger.js";
import { Overview } from "./run_overview.js";
import { RunStatus, Scope } from "./runs.js";

/** @param {{ parts: string[] }} props The run's id. */
export function RunPage({ parts: [run] }) {
  const { shown, broken } = useRun(run);
  const above = html`<a href=${addressOf("runs")}>${t("nav.runs")}</a>`;
  return html`<${Page} title=${run} above=${above} actions=${shown.data && html`<${Actions} run=${shown.data} />`} wide>
    <${Shown} of=${shown} lines=${10}>${(/** @type {any} */ data) => html`<${Run} run=${data} broken=${broken} />`}<//>
  <//>`;
}

/**
 * The run's document, kept up to date by the server while it runs.
 * @param {string} id
 */
function useRun(id) {
  const read = useResource((signal) => get(apiPath("runs", id), signal), id);
  const [told, setTold] = useState(/** @type {any} */ (null));
  const [broken, setBroken] = useState(false);
  const running = (told ?? read.data)?.status === "RUNNING";
  useEffect(() => {
    if (!running) return undefined;
    const leaving = new AbortController();
    follow(id, setTold, setBroken, leaving.signal);
    return () => leaving.abort();
  }, [id, running]);
  return { shown: { ...read, data: told ?? read.data }, broken };
}

const MILLISECONDS_BEFORE_ANOTHER_TRY = 3_000;

/**
 * Follow the stream; where it breaks, say so and try again.
 * @param {string} id
 * @param {(run: any) => void} tell
 * @param {(broken: boolean) => void} tellBroken
 * @param {AbortSignal} signal
 */
async function follow(id, tell, tellBroken, signal) {
  let over = false;
  while (!over && !signal.aborted) {
    try {
      await watch(
        `${apiPath("runs", id)}/watch`,
        (event, data) => {
          tellBroken(false);
          if (event === "run") tell(data);
          over ||= event === "end";
        },
        signal,
      );
    } catch {
      // Whatever it was, the next try tells; a page that was left tries no more.
      if (signal.aborted) return;
    }
    if (over) return;
    tellBroken(true);
    await new Promise((resolve) => setTimeout(resolve, MILLISECONDS_BEFORE_ANOTHER_TRY));
  }
}

/** @param {{ run: any }} props */
function Actions({ run }) {
  const [asking, setAsking] = useState(false);
  const report = run.files?.some((/** @type {any} */ one) => one.name === "report.html");
  return html`${mayStart() && html`<a class="button" href=${addressOf("start", [], { like: run.run })}>${t("run.again")}</a>`}
    ${run.status === "RUNNING" &&
    mayStart() &&
    html`<button class="button grave" onClick=${() => setAsking(true)}>${t("run.stop")}</button>`}
    ${report && html`<${ReportButton} run=${run.run} />`}
    ${asking &&
    html`<${Confirm}
      title=${t("run.stop.title", { run: run.run })}
      confirm=${t("run.stop")}
      grave
      onConfirm=${() => post(apiPath("runs", run.run, "stop"))}
      onClose=${() => setAsking(false)}
    ><p>${t("run.stop.text")}</p><//>`}`;
}

/** @param {{ run: string }} props */
function ReportButton({ run }) {
  const [problem, setProblem] = useState(/** @type {Error | null} */ (null));
  const open = () => openFile(linkPath(run)("report.html"), "report.html");
  return html`<button class="button first" onClick=${() => open().catch(setProblem)}>${t("run.report")}</button>
    ${problem && html`<${Problem} problem=${problem} />`}`;
}

/** @param {string} run */
const linkPath = (run) => (/** @type {string} */ name) => apiPath("runs", run, "files", name, "link");

/** @param {{ run: any, broken: boolean }} props */
function Run({ run, broken }) {
  const tabs = [
    { id: "overview", label: t("run.tab.overview"), view: () => html`<${Overview} run=${run} />` },
    { id: "instances", label: t("run.tab.instances"), view: () => html`<${Ledger} run=${run} />` },
    { id: "execution", label: t("run.tab.execution"), view: () => html`<${MainExecution} run=${run} />` },
    { id: "files", label: t("run.tab.files"), view: () => html`<${RunFiles} run=${run} />` },
  ];
  return html`
    ${broken && html`<p class="notice careful" role="status">${t("run.broken")}</p>`}
    <${Facts} facts=${facts(run)} />
    <${Tabs}
      label=${t("run.tabs")}
      tabs=${tabs}
      chosen=${route.value.filters.tab ?? "overview"}
      onChoose=${(/** @type {string} */ id) => filter({ tab: id })}
    />
  `;
}

/**
 * @param {any} run
 * @returns {[any, any][]}
 */
function facts(run) {
  return [
    [t("column.status"), html`<${RunStatus} run=${run} />`],
    [t("column.scope"), html`<${Scope} run=${run} />`],
    [t("run.profile"), run.summary?.profile ?? run.request?.profile],
    [t("run.requester"), requester(run.summary)],
    [t("run.started"), html`<${Moment} at=${run.started_at} seconds />`],
    [t(run.stopped_at ? "run.took" : "run.took_so_far"), html`<${Took} from=${run.started_at} to=${run.stopped_at} />`],
  ];
}

/**
 * Who asked for the run, and how that is known; nothing before its summary is there.
 * @param {any} summary
 */
function requester(summary) {
  if (!summary?.requester) return undefined;
  const arn = summary.requester;
  /** @type {Record<string, string>} */
  const told = {
    proven: arn,
    event: t("run.requester.event", { arn }),
    schedule: t("run.requester.schedule", { arn }),
  };
  return told[summary.requester_kind] ?? t("run.requester.unproven", { arn });
}

/** @param {{ run: any }} props */
function MainExecution({ run }) {
  const { main, openings = [], stopping } = run.executions ?? {};
  const others = [...openings, stopping].filter((one) => one && one.arn !== main?.arn);
  if (main) {
    return html`${others.length > 0 && html`<${Others} executions=${others} />`}<${Execution} arn=${main.arn} />`;
  }
  return html`<${Empty} title=${t("run.no_execution")}><p>${t("run.no_execution.text")}</p><p><a href=${addressOf("replay")}>${t("nav.replay")}</a></p><//>`;
}

/**
 * The run's earlier executions, where it was resumed, and the one that stops it.
 * @param {{ executions: any[] }} props
 */
function Others({ executions }) {
  return html`<p class="chips after-tabs">
    <span class="soft">${t("run.other_executions")}</span>
    ${executions.map((one) => html`<a key=${one.arn} class="chip" href=${addressOf("execution", [one.arn])}>
      <${Status} status=${one.status} plain label=${one.name} />
    </a>`)}
  </p>`;
}

/** @param {{ run: any }} props */
function RunFiles({ run }) {
  if (!run.files?.length) return html`<p class="soft">${t(run.status === "RUNNING" ? "run.files.later" : "run.files.none")}</p>`;
  return html`<${Files} files=${run.files} linkPath=${linkPath(run.run)} />`;
}
