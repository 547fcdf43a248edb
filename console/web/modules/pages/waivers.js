/** Findings that somebody accepted until a day: which hold, which lapse soon, which have. */
import { accountName } from "../accounts.js";
import { apiPath, get } from "../api.js";
import { html } from "../base.js";
import { Inert } from "../parts/inert.js";
import { Page } from "../parts/page.js";
import { Empty, Shown } from "../parts/problem.js";
import { Status } from "../parts/status.js";
import { Table } from "../parts/table.js";
import { Age, Moment } from "../parts/time.js";
import { useResource } from "../resource.js";
import { t } from "../texts.js";

/** The register as it stands. */
export function WaiversPage() {
  const waivers = useResource((signal) => get(apiPath("waivers"), signal), "waivers");
  return html`<${Page} title=${t("nav.waivers")} lead=${t("waivers.lead")}>
    <${Shown} of=${waivers} lines=${8}>${(/** @type {any} */ data) => html`<${Register} ...${data} />`}<//>
  <//>`;
}

/** @param {{ valid: boolean, problem: any, entries: any[] }} props */
function Register({ valid, problem, entries }) {
  if (!valid) {
    return html`<div class="problem" role="alert">
      <p class="problem-name">${t("waivers.invalid")}</p>
      <p>${problem?.pointer && html`<code><${Inert} text=${problem.pointer} /></code> `}<${Inert} text=${problem?.message} /></p>
      <p class="soft">${t("waivers.invalid.text")}</p>
    </div>`;
  }
  if (!entries.length) {
    return html`<${Empty} title=${t("waivers.none")}><p>${t("waivers.none.text")}</p><p><code>fleetdx waivers check FILE</code></p><//>`;
  }
  return html`<${Table} caption=${t("nav.waivers")} rows=${entries} rowKey=${(/** @type {any} */ one) => one.id} columns=${columns()} />`;
}

/** @returns {import("../parts/table.js").Column<any>[]} */
function columns() {
  return [
    { key: "subject", label: t("waivers.subject"), head: true, cell: subjectCell },
    { key: "status", label: t("column.status"), narrow: true, cell: (one) => html`<${Status} status=${one.status} label=${t(`waiver.${one.status}`)} />${one.status === "broken" && html`<span class="below soft"><${Inert} text=${one.sentence} /></span>`}` },
    { key: "ends", label: t("waivers.ends"), narrow: true, cell: endsCell },
    { key: "scope", label: t("column.scope"), cell: scopeCell },
    { key: "owner", label: t("waivers.owner"), cell: ownerCell },
    { key: "matches", label: t("column.findings"), number: true, cell: (one) => one.matches ?? "–" },
  ];
}

/** @param {any} one */
function subjectCell(one) {
  return html`<${Inert} text=${one.item || one.check || t(`waivers.about.${one.applies_to}`)} /><span class="below soft"><${Inert} text=${[one.id, one.ticket].filter(Boolean).join(", ")} /></span>`;
}

/** @param {any} one */
function endsCell(one) {
  return html`<${Moment} at=${one.expires_at} /><span class="below"><${Age} at=${one.expires_at} /></span>`;
}

/** @param {any} one */
function scopeCell(one) {
  if (one.scope?.organization) return t("scope.organization");
  const [kind, name] = Object.entries(one.scope ?? {})[0] ?? ["", ""];
  const known = kind === "account" ? accountName(String(name)) : null;
  return html`${known && html`<${Inert} text=${known} />`}<span class=${known ? "below soft code" : "code"}><${Inert} text=${String(name)} /></span>`;
}

/** @param {any} one */
function ownerCell(one) {
  return html`<${Inert} text=${one.owner} />${one.reason && html`<span class="below soft"><${Inert} text=${one.reason} /></span>`}`;
}
