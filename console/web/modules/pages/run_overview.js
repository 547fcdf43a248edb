/** A run at a glance: its progress while it goes, its outcome when it has ended, and each account-region. */
import { accountName } from "../accounts.js";
import { html, useEffect, useState } from "../base.js";
import { roughly } from "../formats.js";
import { Bar } from "../parts/bar.js";
import { Figures } from "../parts/figures.js";
import { Inert } from "../parts/inert.js";
import { Reason } from "../parts/reason.js";
import { Score, Severities, Severity } from "../parts/severity.js";
import { Status, meaningOf } from "../parts/status.js";
import { Table } from "../parts/table.js";
import { Moment } from "../parts/time.js";
import { addressOf } from "../routes.js";
import { has, language, t } from "../texts.js";
import { Plan } from "./run_plan.js";

/** @param {{ run: any }} props */
export function Overview({ run }) {
  const running = run.status === "RUNNING";
  if (run.plan && !running) return html`<${Plan} plan=${run.plan} />`;
  return html`
    ${running ? html`<${Progress} run=${run} />` : html`<${Outcome} run=${run} />`}
    ${run.summary?.gaps?.length > 0 && html`<${Gaps} run=${run.run} gaps=${run.summary.gaps} />`}
    <${Targets} run=${run} />
    ${run.summary?.worst_items?.length > 0 && html`<${WorstItems} items=${run.summary.worst_items} />`}
  `;
}

/** @param {{ run: any }} props */
function Progress({ run: { progress } }) {
  return html`<section class="progress" aria-label=${t("run.progress")}>
    <div class="progress-head">
      <h2>${phaseName(progress)}</h2>
      <p>${timeToGo(progress)}</p>
    </div>
    <${Bar} label=${t("run.targets")} done=${progress.targets_done ?? 0} total=${progress.targets ?? null} />
    <${Bar} label=${t("run.instances")} done=${progress.instances_done ?? 0} total=${known(progress)} />
    <${Told} progress=${progress} />
  </section>`;
}

/**
 * How many instances there are: known only once some have been found.
 * @param {any} progress
 */
function known(progress) {
  return progress.instances || null;
}

/** @param {any} progress */
function phaseName({ phase, waits_until: until }) {
  if (until && phase === "waiting") return html`${t("phase.waiting")} <${Moment} at=${until} />`;
  return has(`phase.${phase}`) ? t(`phase.${phase}`) : phase;
}

/**
 * A range where one is known; nothing is made up.
 * @param {any} progress
 */
function timeToGo({ seconds_left: left, seconds_left_low: low, seconds_left_high: high }) {
  if (low !== null && low !== undefined && high !== null && high !== undefined) {
    const [from, to] = [roughly(low, language()), roughly(high, language())];
    return from === to ? t("run.left", { time: from }) : t("run.left.range", { from, to });
  }
  return left === null || left === undefined ? t("run.left.unknown") : t("run.left", { time: roughly(left, language()) });
}

const MILLISECONDS_BETWEEN_WORDS = 10_000;

/**
 * Tells a screen reader how far it is, now and then: each change would be a flood.
 * @param {{ progress: any }} props
 */
function Told({ progress }) {
  const words = t("run.told", {
    targets_done: progress.targets_done ?? 0,
    targets: progress.targets ?? "?",
    instances_done: progress.instances_done ?? 0,
    instances: progress.instances ?? "?",
  });
  const [told, setTold] = useState(words);
  const [at, setAt] = useState(0);
  useEffect(() => {
    const wait = Math.max(0, at + MILLISECONDS_BETWEEN_WORDS - Date.now());
    const timer = setTimeout(() => {
      setTold(words);
      setAt(Date.now());
    }, wait);
    return () => clearTimeout(timer);
  }, [words]);
  return html`<p class="unseen" role="status">${told}</p>`;
}

/** @param {{ run: any }} props */
function Outcome({ run }) {
  const states = run.counts ?? {};
  const all = Object.values(states).reduce((/** @type {number} */ sum, count) => sum + Number(count), 0);
  if (!run.summary && !run.counts) return html`<p class="notice">${t("run.no_summary")}</p>`;
  return html`<section class=${`outcome ${run.outcome ?? "unknown"}`} aria-label=${t("run.outcome")}>
    <div class="outcome-words">
      <h2>${t(`outcome.${run.outcome ?? "unknown"}`)}</h2>
      <p>${t(`outcome.${run.outcome ?? "unknown"}.text`)}</p>
    </div>
    <${Figures}
      figures=${[
        { label: t("column.instances"), value: all },
        { label: t("state.scanned"), value: states.scanned ?? 0 },
        { label: t("column.gaps"), value: run.gaps ?? 0, tone: "gap" },
        { label: t("severity.high"), value: run.findings?.high ?? "–", tone: "high" },
        { label: t("severity.medium"), value: run.findings?.medium ?? "–", tone: "medium" },
        { label: t("severity.low"), value: run.findings?.low ?? "–", tone: "low" },
        { label: t("column.score"), value: html`<${Score} value=${run.score} />` },
      ]}
    />
  </section>`;
}

const MOST_GAPS = 12;

/**
 * What should have been scanned and was not, first of all: each with its reason.
 * @param {{ run: string, gaps: any[] }} props
 */
function Gaps({ run, gaps }) {
  const [all, setAll] = useState(false);
  const shown = all ? gaps : gaps.slice(0, MOST_GAPS);
  return html`<section>
    <h2>${t("run.gaps", { count: gaps.length })}</h2>
    <ul class="gaps">
      ${shown.map((gap) => html`<li key=${`${gap.account}/${gap.region}/${gap.instance}`}><${Gap} run=${run} gap=${gap} /></li>`)}
    </ul>
    ${shown.length < gaps.length &&
    html`<p><button class="button slight" onClick=${() => setAll(true)}>${t("run.gaps.all", { count: gaps.length })}</button></p>`}
  </section>`;
}

/** @param {{ run: string, gap: any }} props */
function Gap({ run, gap }) {
  const place = html`<${Inert} text=${gap.account_name || gap.account} /> · ${gap.region}`;
  const name = gap.instance
    ? html`<a href=${addressOf("host", [run, gap.account, gap.region, gap.instance])}><${Inert} text=${gap.instance_name || gap.instance} /></a>`
    : html`<b>${place}</b>`;
  return html`<div class="gap-name">${name}<span class="below soft">${gap.instance ? place : t("ledger.whole_target")}</span></div>
    <div><${Reason} line=${gap} /></div>`;
}

/** @param {{ run: any }} props */
function Targets({ run }) {
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
    { key: "instances", label: t("column.instances"), number: true, cell: (one) => one.told?.instances ?? "–" },
    {
      key: "findings",
      label: t("column.findings"),
      narrow: true,
      cell: (one) => (one.told?.entered ? html`<${Severities} counts=${one.told.findings} />` : "–"),
    },
    { key: "detail", label: t("column.executions"), cell: (one) => executionsCell(one, batchesOf(one)) },
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

/** @param {{ items: any[] }} props */
function WorstItems({ items }) {
  return html`<section>
    <h2>${t("run.worst_items")}</h2>
    <${Table}
      caption=${t("run.worst_items")}
      rows=${items.slice(0, 10)}
      rowKey=${(/** @type {any} */ one) => `${one.item} ${one.check}`}
      columns=${[
        { key: "item", label: t("column.item"), head: true, narrow: true, cell: (/** @type {any} */ one) => one.item },
        { key: "title", label: t("column.title"), cell: (/** @type {any} */ one) => html`${one.title[language()] ?? one.title.en}<span class="below soft code">${one.check}</span>` },
        { key: "severity", label: t("column.severity"), narrow: true, cell: (/** @type {any} */ one) => html`<${Severity} severity=${one.severity} />` },
        { key: "failed", label: t("column.failed_of"), number: true, cell: (/** @type {any} */ one) => html`<b>${one.failed}</b><span class="soft"> / ${one.assessed}</span>` },
      ]}
    />
  </section>`;
}
