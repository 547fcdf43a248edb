/** A run at a glance: its progress while it goes, its outcome when it has ended, and each account-region. */
import { html, useState } from "../base.js";
import { Figures } from "../parts/figures.js";
import { Inert } from "../parts/inert.js";
import { Reason } from "../parts/reason.js";
import { Score, Severity } from "../parts/severity.js";
import { Table } from "../parts/table.js";
import { addressOf } from "../routes.js";
import { language, t } from "../texts.js";
import { Plan } from "./run_plan.js";
import { Progress } from "./run_progress.js";
import { Targets } from "./run_targets.js";

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
