/** A run's account-regions: how each stands, and the ways into its executions. */
import { accountName } from "../accounts.js";
import { html } from "../base.js";
import { Inert } from "../parts/inert.js";
import { Severities } from "../parts/severity.js";
import { Status, meaningOf } from "../parts/status.js";
import { Table } from "../parts/table.js";
import { addressOf } from "../routes.js";
import { t } from "../texts.js";

/** @param {{ run: any }} props */
export function Targets({ run }) {
  const rows = targetsOf(run).sort(byNeed);
  if (!rows.length) return html`<section><h2>${t("run.targets")}</h2><p>${t("run.targets.none")}</p></section>`;
  return html`<section>
    <h2>${t("run.targets")}</h2>
    <${Table}
      caption=${t("run.targets")}
      rows=${rows}
      rowKey=${(/** @type {any} */ one) => `${one.account}/${one.region}`}
      columns=${targetColumns(run)}
    />
  </section>`;
}

/**
 * Each account-region with what its latest execution and the report tell of it, as far as there is either.
 * @param {any} run
 * @returns {any[]}
 */
function targetsOf(run) {
  const rows = new Map();
  for (const told of run.summary?.targets ?? []) {
    rows.set(`${told.account}/${told.region}`, { account: told.account, region: told.region, status: "SUCCEEDED", told });
  }
  for (const one of run.executions?.targets ?? []) {
    const place = `${one.account}/${one.region}`;
    rows.set(place, { ...rows.get(place), ...one });
  }
  return [...rows.values()];
}

/**
 * What needs somebody comes first, then what is going on, then the rest by name.
 * @param {any} one
 * @param {any} other
 */
function byNeed(one, other) {
  /** @param {any} row */
  const rank = (row) => (["bad", "busy"].indexOf(meaningOf(statusOf(row))) + 3) % 3;
  /** @param {any} row */
  const name = (row) => `${accountName(row.account) ?? ""} ${row.account} ${row.region}`;
  return rank(one) - rank(other) || name(one).localeCompare(name(other));
}

/**
 * @param {any} run
 * @returns {import("../parts/table.js").Column<any>[]}
 */
function targetColumns(run) {
  const batches = run.executions?.batches ?? [];
  /** @param {any} one */
  const batchesOf = (one) => batches.filter((/** @type {any} */ batch) => batch.account === one.account && batch.region === one.region);
  return [
    { key: "account", label: t("column.account"), head: true, cell: (one) => accountCell(run, one) },
    { key: "region", label: t("column.region"), cell: (one) => html`<span class="region">${one.region}</span>` },
    { key: "status", label: t("column.status"), narrow: true, cell: (one) => html`<${Status} status=${statusOf(one)} plain />` },
    ...(run.summary ? reportedColumns() : []),
    { key: "detail", label: t("column.executions"), cell: (one) => executionsCell(one, batchesOf(one)) },
  ];
}

/**
 * What only the report tells.
 * @returns {import("../parts/table.js").Column<any>[]}
 */
function reportedColumns() {
  return [
    { key: "instances", label: t("column.instances"), number: true, cell: (one) => one.told?.instances ?? "–" },
    {
      key: "findings",
      label: t("column.findings"),
      narrow: true,
      cell: (one) => (one.told?.entered ? html`<${Severities} counts=${one.told.findings} />` : "–"),
    },
  ];
}

/**
 * An account-region that could not be entered ends well as an execution, and is a gap all the same.
 * @param {any} one
 */
function statusOf(one) {
  return one.told && !one.told.entered ? "not_entered" : one.status;
}

/**
 * @param {any} run
 * @param {any} one
 */
function accountCell(run, one) {
  const name = one.told?.account_name || accountName(one.account);
  const filters = { tab: "instances", account: one.account, region: one.region };
  return html`<a href=${addressOf("run", [run.run], filters)}><${Inert} text=${name ?? one.account} /></a>
    ${name && html`<span class="below soft code">${one.account}</span>`}`;
}

/**
 * @param {any} one
 * @param {any[]} batches
 */
function executionsCell(one, batches) {
  const links = batches.map(
    (batch) => html`<a key=${batch.arn} class="chip" href=${addressOf("execution", [batch.arn])}>
      <${Status} status=${batch.status} plain label=${t("run.batch", { batch: Number(batch.batch ?? 0) + 1 })} />
    </a>`,
  );
  return html`<span class="chips">
      ${one.arn ? html`<a class="chip" href=${addressOf("execution", [one.arn])}>${t("run.execution")}</a>` : "–"}${links}
    </span>`;
}
