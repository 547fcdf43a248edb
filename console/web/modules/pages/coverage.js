/** Which instances Systems Manager manages: the sweeps, and what the latest one has found. */
import { apiPath, get } from "../api.js";
import { html } from "../base.js";
import { Figures } from "../parts/figures.js";
import { Files } from "../parts/files.js";
import { Inert } from "../parts/inert.js";
import { Page } from "../parts/page.js";
import { Prose } from "../parts/prose.js";
import { Empty, Shown } from "../parts/problem.js";
import { Status } from "../parts/status.js";
import { Table } from "../parts/table.js";
import { Moment } from "../parts/time.js";
import { causeOf } from "../reasons.js";
import { useResource } from "../resource.js";
import { addressOf } from "../routes.js";
import { t } from "../texts.js";

/** The causes where nobody has to do anything (fleetdx/coverage/models.py). */
const QUIET = new Set(["managed", "default_host_management", "stopped", "unsupported", "exempt"]);

/** The page of sweeps. */
export function CoveragePage() {
  const coverage = useResource((signal) => get(apiPath("coverage"), signal), "coverage");
  return html`<${Page} title=${t("nav.coverage")} lead=${t("coverage.lead")}>
    <${Shown} of=${coverage} lines=${10}>${(/** @type {any} */ data) =>
      data.sweeps.length ? html`<${Coverage} ...${data} />` : html`<${NoSweeps} />`}<//>
  <//>`;
}

function NoSweeps() {
  return html`<${Empty} title=${t("coverage.none")}><p>${t("coverage.none.text")}</p><p><code>fleetdx coverage</code></p><//>`;
}

/** @param {{ sweeps: any[], latest: any }} props */
function Coverage({ sweeps, latest }) {
  const of = latest && sweeps.find((one) => one.sweep === latest.sweep);
  return html`${latest && html`<${Latest} latest=${latest} sweep=${of} />`}
    <section>
      <h2>${t("coverage.sweeps")}</h2>
      <${Table} caption=${t("coverage.sweeps")} rows=${sweeps} rowKey=${(/** @type {any} */ one) => one.sweep} columns=${columns()} />
    </section>`;
}

/** @returns {import("../parts/table.js").Column<any>[]} */
function columns() {
  return [
    { key: "sweep", label: t("coverage.sweep"), head: true, cell: (one) => html`${one.execution ? html`<a class="code" href=${addressOf("execution", [one.execution])}>${one.sweep}</a>` : html`<span class="code">${one.sweep}</span>`}` },
    { key: "at", label: t("coverage.at"), narrow: true, cell: (one) => html`<${Moment} at=${one.at} />` },
    { key: "status", label: t("column.status"), narrow: true, cell: (one) => html`<${Status} status=${one.status} />` },
    { key: "running", label: t("coverage.running"), number: true, cell: (one) => one.totals?.running ?? "–" },
    { key: "managed", label: t("coverage.managed"), number: true, cell: (one) => one.totals?.managed ?? "–" },
    { key: "unmanaged", label: t("coverage.unmanaged"), number: true, cell: (one) => one.totals?.unmanaged ?? "–" },
    { key: "gaps", label: t("coverage.unchecked"), number: true, cell: (one) => one.gaps ?? "–" },
  ];
}

/** @param {{ latest: any, sweep: any }} props */
function Latest({ latest, sweep }) {
  const totals = latest.totals ?? {};
  const share = totals.running ? totals.managed / totals.running : null;
  return html`<section class=${`outcome ${sweep?.gaps || totals.unmanaged ? "incomplete" : "complete"}`}>
      <div class="outcome-words">
        <h2>${t("coverage.managed_of", { managed: totals.managed ?? 0, running: totals.running ?? 0 })}</h2>
        <p><${Moment} at=${sweep?.at ?? latest.finished_at} /></p>
        ${share !== null && html`<div class="bar-track good" aria-hidden="true"><span style=${{ width: `${share * 100}%` }}></span></div>`}
      </div>
      <${Figures} figures=${figures(totals, sweep)} />
    </section>
    <${Causes} causes=${totals.causes ?? {}} />
    ${sweep?.files?.length > 0 && html`<section><h2>${t("run.tab.files")}</h2><${SweepFiles} sweep=${sweep} /></section>`}`;
}

/**
 * @param {any} totals
 * @param {any} sweep
 */
function figures(totals, sweep) {
  return [
    { label: t("coverage.running"), value: totals.running ?? "–" },
    { label: t("coverage.managed"), value: totals.managed ?? "–" },
    { label: t("coverage.unmanaged"), value: totals.unmanaged ?? "–", tone: "gap" },
    { label: t("coverage.unchecked"), value: sweep?.gaps ?? "–", tone: "gap" },
  ];
}

/**
 * What somebody has to mend comes before what is as it should be.
 * @param {[string, number]} one
 * @param {[string, number]} other
 */
function unmanagedFirst(one, other) {
  return Number(QUIET.has(one[0])) - Number(QUIET.has(other[0])) || other[1] - one[1];
}

/** @param {{ causes: Record<string, number> }} props */
function Causes({ causes }) {
  const rows = Object.entries(causes).filter(([, count]) => count > 0).sort(unmanagedFirst);
  if (!rows.length) return null;
  return html`<section>
    <h2>${t("coverage.causes")}</h2>
    <${Table}
      caption=${t("coverage.causes")}
      rows=${rows}
      rowKey=${(/** @type {any} */ one) => one[0]}
      columns=${[
        { key: "cause", label: t("coverage.cause"), head: true, cell: causeCell },
        { key: "count", label: t("column.instances"), number: true, cell: (/** @type {any} */ one) => t("count", { count: one[1] }) },
      ]}
    />
  </section>`;
}

/** @param {[string, number]} row */
function causeCell([code]) {
  const known = causeOf(code);
  if (!known) return html`<code><${Inert} text=${code} /></code>`;
  return html`<b>${known.title}</b><span class="below soft"><${Prose} text=${known.meaning} /></span>`;
}

/** @param {{ sweep: any }} props */
function SweepFiles({ sweep }) {
  const link = (/** @type {string} */ name) => apiPath("coverage", sweep.sweep, "files", name, "link");
  return html`<${Files} files=${sweep.files} linkPath=${link} />`;
}
