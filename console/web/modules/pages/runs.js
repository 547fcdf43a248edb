/** All runs, the newest first: what came of each at a glance. */
import { apiPath, get } from "../api.js";
import { html, useEffect } from "../base.js";
import { Inert } from "../parts/inert.js";
import { Page } from "../parts/page.js";
import { Empty, Shown } from "../parts/problem.js";
import { Score, Severities } from "../parts/severity.js";
import { Status } from "../parts/status.js";
import { Table } from "../parts/table.js";
import { Age, Moment, Took } from "../parts/time.js";
import { useResource } from "../resource.js";
import { addressOf } from "../routes.js";
import { mayStart } from "../session.js";
import { has, t } from "../texts.js";

const MILLISECONDS_BETWEEN_LOOKS = 10_000;

/** The list of runs; it looks again now and then while it is seen. */
export function RunsPage() {
  const runs = useResource((signal) => get(apiPath("runs"), signal), "runs");
  useEffect(() => {
    const timer = setInterval(() => document.hidden || runs.reload(), MILLISECONDS_BETWEEN_LOOKS);
    return () => clearInterval(timer);
  }, [runs.reload]);
  const actions = mayStart() && html`<a class="button first" href=${addressOf("start")}>${t("nav.start")}</a>`;
  return html`<${Page} title=${t("nav.runs")} lead=${t("runs.lead")} actions=${actions}>
    <${Shown} of=${runs} lines=${9}>${(/** @type {any} */ data) =>
      data.runs.length ? html`<${RunsTable} runs=${data.runs} />` : html`<${NoRuns} />`}<//>
  <//>`;
}

/** @param {{ runs: any[] }} props */
function RunsTable({ runs }) {
  return html`<${Table} caption=${t("nav.runs")} rows=${runs} rowKey=${(/** @type {any} */ one) => one.run} columns=${columns()} />`;
}

/** @returns {import("../parts/table.js").Column<any>[]} */
function columns() {
  return [
    { key: "run", label: t("column.run"), head: true, cell: runCell },
    { key: "status", label: t("column.status"), narrow: true, cell: (run) => html`<${RunStatus} run=${run} />` },
    { key: "scope", label: t("column.scope"), cell: (run) => html`<${Scope} run=${run} />` },
    { key: "instances", label: t("column.scanned"), number: true, cell: scannedCell },
    { key: "gaps", label: t("column.gaps"), number: true, cell: gapsCell },
    {
      key: "findings",
      label: t("column.findings"),
      narrow: true,
      cell: (run) => (run.findings ? html`<${Severities} counts=${run.findings} />` : nothing()),
    },
    { key: "score", label: t("column.score"), number: true, cell: (run) => html`<${Score} value=${run.score} />` },
  ];
}

/** @param {any} run */
function runCell(run) {
  return html`<a class="code" href=${addressOf("run", [run.run])}>${run.run}</a>
    <span class="below soft">
      <${Moment} at=${run.started_at} /> · <${Took} from=${run.started_at} to=${run.stopped_at} />
      ${run.status !== "RUNNING" && html` · <${Age} at=${run.stopped_at ?? run.started_at} />`}
    </span>`;
}

/** @param {any} run */
function scannedCell(run) {
  if (!run.counts) return nothing();
  const all = Object.values(run.counts).reduce((sum, count) => sum + count, 0);
  return html`<b>${t("count", { count: run.counts.scanned ?? 0 })}</b><span class="soft"> / ${t("count", { count: all })}</span>`;
}

/** @param {any} run */
function gapsCell(run) {
  if (run.gaps === null || run.gaps === undefined) return nothing();
  return html`<span class=${run.gaps ? "gap" : "soft"}>${t("count", { count: run.gaps })}</span>`;
}

function nothing() {
  return html`<span class="soft">–</span>`;
}

/**
 * How a run stands: what came of it once it has ended well, else how its execution ended.
 * @param {{ run: any }} props
 */
export function RunStatus({ run }) {
  const told = run.status === "SUCCEEDED" ? (run.outcome ?? run.status) : run.status;
  return html`<${Status} status=${told} />`;
}

/**
 * What a run is over, by kind and, where there are few, by name.
 * @param {{ run: any }} props
 */
export function Scope({ run: { scope, scope_kind: kind, scope_names: names = [], dry_run: dry } }) {
  const told = has(`scope.${kind}`) ? t(`scope.${kind}`, { count: names.length }) : scope;
  return html`<${Inert} text=${told || "–"} />${names.length === 1 && html`<span class="below soft code"><${Inert} text=${names[0]} /></span>`}${dry &&
  html`<span class="below soft">${t("scope.dry_run")}</span>`}`;
}

function NoRuns() {
  return html`<${Empty} title=${t("runs.none")}>
    <p>${t(mayStart() ? "runs.none.start" : "runs.none.read_only")}</p>
    ${mayStart() && html`<p><a class="button first" href=${addressOf("start")}>${t("nav.start")}</a></p>`}
  <//>`;
}
