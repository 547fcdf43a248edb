/** What a dry run has planned: how many instances of each account-region a scan would take up. */
import { html } from "../base.js";
import { Figures } from "../parts/figures.js";
import { Inert } from "../parts/inert.js";
import { Reason } from "../parts/reason.js";
import { Table } from "../parts/table.js";
import { t } from "../texts.js";

/** @param {{ plan: any }} props plan.json of the run. */
export function Plan({ plan }) {
  return html`<section class="outcome" aria-label=${t("run.outcome")}>
      <div class="outcome-words">
        <h2>${t("plan.title")}</h2>
        <p>${t("plan.text")}</p>
      </div>
      <${Figures}
        figures=${[
          { label: t("plan.to_scan"), value: plan.instances_to_scan },
          { label: t("plan.commands"), value: plan.commands },
          { label: t("status.not_entered"), value: plan.not_entered.length, tone: "gap" },
        ]}
      />
    </section>
    ${plan.not_entered.length > 0 &&
    html`<section>
      <h2>${t("status.not_entered")}</h2>
      <ul class="gaps">
        ${plan.not_entered.map((/** @type {any} */ line) => html`<li key=${`${line.account}/${line.region}`}>
          <div class="gap-name"><b><${Inert} text=${line.account_name || line.account} /> · ${line.region}</b></div>
          <div><${Reason} line=${line} /></div>
        </li>`)}
      </ul>
    </section>`}
    <section>
      <h2>${t("run.targets")}</h2>
      <${Table} caption=${t("run.targets")} rows=${plan.targets} rowKey=${(/** @type {any} */ one) => `${one.account}/${one.region}`} columns=${columns()} />
    </section>`;
}

/** @returns {import("../parts/table.js").Column<any>[]} */
function columns() {
  return [
    { key: "account", label: t("column.account"), head: true, cell: accountCell },
    { key: "region", label: t("column.region"), cell: (one) => html`<span class="region">${one.region}</span>` },
    { key: "to_scan", label: t("plan.to_scan"), number: true, cell: (one) => t("count", { count: one.to_scan }) },
    { key: "commands", label: t("plan.commands"), number: true, cell: (one) => t("count", { count: one.batches }) },
    { key: "others", label: t("plan.others"), cell: othersCell },
  ];
}

/** @param {any} one */
function accountCell(one) {
  return html`<${Inert} text=${one.account_name || one.account} /><span class="below soft code">${one.account}</span>`;
}

/** @param {any} one */
function othersCell({ others }) {
  const told = Object.entries(others).map(([state, count]) => t("plan.other", { state: t(`state.${state}`), count }));
  return html`<span class="soft">${told.join(", ") || "–"}</span>`;
}
