/** Executions of the stack's state machines, whoever started them. */
import { apiPath, get } from "../api.js";
import { html, useState } from "../base.js";
import { filter, route } from "../navigation.js";
import { Inert } from "../parts/inert.js";
import { Page } from "../parts/page.js";
import { Empty, Problem, Shown } from "../parts/problem.js";
import { Status } from "../parts/status.js";
import { Table } from "../parts/table.js";
import { Moment, Took } from "../parts/time.js";
import { useResource } from "../resource.js";
import { addressOf } from "../routes.js";
import { has, t } from "../texts.js";

const STATUSES = ["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"];
const FIRST = "scan_fleet";

/** The list of one machine's executions; the address names the machine. */
export function ExecutionsPage() {
  const machines = useResource((signal) => get(apiPath("machines"), signal), "machines");
  return html`<${Page} title=${t("nav.executions")} lead=${t("executions.lead")}>
    <${Shown} of=${machines}>${(/** @type {any} */ data) => html`<${Machines} machines=${data.machines} />`}<//>
  <//>`;
}

/** @param {{ machines: { name: string }[] }} props */
function Machines({ machines }) {
  const { machine = FIRST, status = "" } = route.value.filters;
  /** @param {string} name */
  const change = (name) => (/** @type {any} */ event) => filter({ [name]: event.currentTarget.value });
  return html`<div class="filters">
      <label><span>${t("executions.machine")}</span>
        <select value=${machine} onChange=${change("machine")}>
          ${machines.map(({ name }) => html`<option key=${name} value=${name}>${name}</option>`)}
        </select>
      </label>
      <label><span>${t("column.status")}</span>
        <select value=${status} onChange=${change("status")}>
          <option value="">${t("filter.all")}</option>
          ${STATUSES.map((one) => html`<option key=${one} value=${one}>${t(`status.${one}`)}</option>`)}
        </select>
      </label>
    </div>
    ${has(`machine.${machine}`) && html`<p class="soft table-note">${t(`machine.${machine}`)}</p>`}
    <${Listed} key=${`${machine} ${status}`} machine=${machine} status=${status} />`;
}

/** @param {{ machine: string, status: string }} props */
function Listed({ machine, status }) {
  const [more, setMore] = useState(/** @type {any[]} */ ([]));
  const [problem, setProblem] = useState(/** @type {Error | null} */ (null));
  const path = (/** @type {string} */ next) =>
    `${apiPath("machines", machine, "executions")}?${new URLSearchParams({ ...(status && { status }), ...(next && { next }) })}`;
  const first = useResource((signal) => get(path(""), signal), machine + status);
  return html`<${Shown} of=${first} lines=${10}>${(/** @type {any} */ data) => {
    const pages = [data, ...more];
    const executions = pages.flatMap((page) => page.executions);
    const next = pages.at(-1)?.next;
    if (!executions.length) return html`<${Empty} title=${t("executions.none")}><p>${t("executions.none.text")}</p><//>`;
    const read = () => get(path(next)).then((page) => setMore([...more, page]), setProblem);
    return html`<${Executions} executions=${executions} />
      ${problem && html`<${Problem} problem=${problem} />`}
      ${next && html`<p class="after"><button class="button" onClick=${read}>${t("executions.more")}</button></p>`}`;
  }}<//>`;
}

/** @param {{ executions: any[] }} props */
function Executions({ executions }) {
  return html`<${Table}
    caption=${t("nav.executions")}
    rows=${executions}
    rowKey=${(/** @type {any} */ one) => one.arn}
    columns=${[
      { key: "name", label: t("column.execution"), head: true, cell: (/** @type {any} */ one) => html`<a class="code" href=${addressOf("execution", [one.arn])}><${Inert} text=${one.name} /></a>` },
      { key: "status", label: t("column.status"), narrow: true, cell: (/** @type {any} */ one) => html`<${Status} status=${one.status} />` },
      { key: "started", label: t("run.started"), narrow: true, cell: (/** @type {any} */ one) => html`<${Moment} at=${one.started_at} seconds />` },
      { key: "took", label: t("run.took"), number: true, cell: (/** @type {any} */ one) => html`<${Took} from=${one.started_at} to=${one.stopped_at} />` },
    ]}
  />`;
}
