/** What became of each instance: the ledger, filtered and paged by the server, whatever its length. */
import { apiPath, get } from "../api.js";
import { accountName } from "../accounts.js";
import { html, useEffect, useState } from "../base.js";
import { filter, route } from "../navigation.js";
import { Inert } from "../parts/inert.js";
import { Shown } from "../parts/problem.js";
import { Reason } from "../parts/reason.js";
import { Status } from "../parts/status.js";
import { Pager, Table } from "../parts/table.js";
import { useResource } from "../resource.js";
import { addressOf } from "../routes.js";
import { t } from "../texts.js";

const LINES_A_PAGE = 100;
const MILLISECONDS_OF_TYPING = 250;
const STATES = ["scanned", "scan_failed", "not_managed", "stopped", "unsupported", "excluded"];

/** @param {{ run: any }} props */
export function Ledger({ run }) {
  const { state = "", account = "", region = "", search = "", offset = "0" } = route.value.filters;
  const query = new URLSearchParams({ state, account, region, search, offset, limit: String(LINES_A_PAGE) });
  // While the run goes, each instance that is done may be a new line.
  const done = run.status === "RUNNING" ? run.progress?.instances_done : run.status;
  const lines = useResource(
    (signal) => get(`${apiPath("runs", run.run, "ledger")}?${query}`, signal),
    `${query} ${done}`,
  );
  return html`<${Filters} run=${run} />
    <${Shown} of=${lines} lines=${12}>${(/** @type {any} */ data) => html`
      <p class="soft table-note" role="status">${t("ledger.total", { count: data.total })}</p>
      ${data.total > 0 && html`<${Lines} run=${run.run} lines=${data.lines} busy=${lines.loading} />`}
      ${data.total === 0 && html`<p class="soft">${t(run.status === "RUNNING" ? "ledger.none_yet" : "ledger.none")}</p>`}
      <${Pager}
        total=${data.total}
        offset=${Number(offset)}
        limit=${LINES_A_PAGE}
        onMove=${(/** @type {number} */ to) => filter({ offset: String(to) })}
      />
    `}<//>`;
}

/** @param {{ run: any }} props */
function Filters({ run }) {
  const { state = "", account = "", region = "" } = route.value.filters;
  const targets = [...(run.executions?.targets ?? []), ...(run.summary?.targets ?? [])];
  const accounts = [...new Set(targets.map((/** @type {any} */ one) => one.account))].sort();
  const regions = [...new Set(targets.map((/** @type {any} */ one) => one.region))].sort();
  return html`<form class="filters" onSubmit=${(/** @type {Event} */ event) => event.preventDefault()}>
    <${Search} />
    <${Select} name="state" value=${state} options=${STATES.map((one) => [one, t(`state.${one}`)])} />
    <${Select}
      name="account"
      value=${account}
      options=${accounts.map((one) => [one, [accountName(one), one].filter(Boolean).join(" ")])}
    />
    <${Select} name="region" value=${region} options=${regions.map((one) => [one, one])} />
  </form>`;
}

/** @param {{ name: string, value: string, options: string[][] }} props */
function Select({ name, value, options }) {
  const change = (/** @type {any} */ event) => filter({ [name]: event.currentTarget.value, offset: undefined });
  // A filter out of an address may name what this run has not.
  const shown = !value || options.some(([id]) => id === value) ? options : [...options, [value, value]];
  return html`<label><span>${t(`column.${name}`)}</span>
    <select value=${value} onChange=${change}>
      <option value="">${t("filter.all")}</option>
      ${shown.map(([id, label]) => html`<option key=${id} value=${id}>${label}</option>`)}
    </select>
  </label>`;
}

/** A search that waits until the typing pauses. */
function Search() {
  const [typed, setTyped] = useState(route.value.filters.search ?? "");
  useEffect(() => {
    if (typed === (route.value.filters.search ?? "")) return undefined;
    const timer = setTimeout(() => filter({ search: typed, offset: undefined }), MILLISECONDS_OF_TYPING);
    return () => clearTimeout(timer);
  }, [typed]);
  return html`<label class="grow"><span>${t("filter.search")}</span>
    <input
      type="search"
      value=${typed}
      placeholder=${t("filter.search.hint")}
      onInput=${(/** @type {any} */ event) => setTyped(event.currentTarget.value)}
    />
  </label>`;
}

/** @param {{ run: string, lines: any[], busy: boolean }} props */
function Lines({ run, lines, busy }) {
  return html`<${Table}
    caption=${t("run.tab.instances")}
    rows=${lines}
    busy=${busy}
    rowKey=${(/** @type {any} */ one) => `${one.account}/${one.region}/${one.instance ?? ""}`}
    columns=${[
      { key: "instance", label: t("column.instance"), head: true, cell: (/** @type {any} */ one) => instanceCell(run, one) },
      { key: "place", label: t("column.place"), cell: placeCell },
      { key: "state", label: t("column.state"), narrow: true, cell: (/** @type {any} */ one) => html`<${Status} status=${one.state} label=${t(`state.${one.state}`)} plain />` },
      { key: "why", label: t("column.why"), cell: whyCell },
    ]}
  />`;
}

/**
 * @param {string} run
 * @param {any} line
 */
function instanceCell(run, line) {
  if (!line.instance) return html`<span class="soft">${t("ledger.whole_target")}</span>`;
  const to = addressOf("host", [run, line.account, line.region, line.instance]);
  return html`<a href=${to}><${Inert} text=${line.instance_name || line.instance} /></a>
    ${line.instance_name && html`<span class="below soft code">${line.instance}</span>`}`;
}

/** @param {any} line */
function placeCell(line) {
  return html`<${Inert} text=${line.account_name || line.account} /> · <span class="region">${line.region}</span>${line.account_name && html`<span class="below soft code">${line.account}</span>`}`;
}

/** @param {any} line */
function whyCell(line) {
  return line.state === "scanned" ? "" : html`<${Reason} line=${line} />`;
}
