/** Each visit of a state as a bar over time, those inside of a Map or Parallel below it. */

import { html, useMemo } from "../base.js";
import { Mark, meaningOf, statusName } from "../parts/status.js";
import { begunAt, statusAt } from "./records.js";
import { iterationOf } from "./events_list.js";
import { lastedAt } from "./moment.js";
import { durationText, ticksOf } from "./times.js";
import { rowsOf } from "./timeline_rows.js";
import { VirtualList } from "./virtual_list.js";

/** @typedef {import("./history.js").History} History */
/** @typedef {import("./records.js").Visit} Visit */

const MOST_TICKS = 4;
const DEEPEST_INDENT = 6;

/**
 * @param {object} props
 * @param {History} props.history
 * @param {number} props.index
 * @param {number | null} props.now
 * @param {string | null} props.selected
 * @param {(visit: Visit) => void} props.onVisit
 * @param {import("../texts.js").Translate} props.t
 */
export function Timeline({ history, index, now, selected, onVisit, t }) {
  const rows = useMemo(() => rowsOf(history), [history, history.visits.length]);
  const begin = history.root.startedAt ?? 0;
  const last = history.steps.at(-1)?.at ?? begin;
  const whole = Math.max(1, Math.max(last, index === history.steps.length - 1 ? now ?? 0 : 0) - begin);
  const at = history.steps[index]?.at ?? begin;
  const begun = begunAt(history.visits, (visit) => visit.enteredIndex, index);
  const chosen = rows.findLastIndex((visit) => visit.name === selected && visit.number < begun);
  const share = (/** @type {number} */ time) => `${(Math.min(1, Math.max(0, (time - begin) / whole)) * 100).toFixed(3)}%`;
  return html`<div class="ex-timeline">
    <div class="ex-axis" aria-hidden="true">
      <span></span>
      <div class="ex-axis-ticks">${ticksOf(whole, MOST_TICKS).map((tick) => html`<span key=${tick} style=${{ left: share(begin + tick) }}>${tick === 0 ? "0" : durationText(tick).replace(/\.0 s$/, " s").replace(/ 00 \S+$/, "")}</span>`)}</div>
      <span></span>
    </div>
    <div class="ex-timeline-rows">
      <${VirtualList} id="ex-timeline" label=${t("execution.timeline")} count=${rows.length} rowHeight=${30} chosen=${chosen}
        onChoose=${(/** @type {number} */ row) => onVisit(/** @type {Visit} */ (rows[row]))}
        rowClass=${(/** @type {number} */ row) => `ex-span ${(rows[row]?.enteredIndex ?? 0) > index ? "later" : ""}`}>
        ${(/** @type {number} */ row) => html`<${Bar} visit=${rows[row]} index=${index} now=${now ?? last} share=${share} cursor=${share(at)} t=${t} />`}
      <//>
    </div>
  </div>`;
}

/** @param {{visit: Visit, index: number, now: number, share: (time: number) => string, cursor: string, t: import("../texts.js").Translate}} props */
function Bar({ visit, index, now, share, cursor, t }) {
  const status = statusAt(visit, index);
  const began = visit.enteredAt ?? now;
  const isOver = visit.exitedIndex !== null && visit.exitedIndex <= index;
  const until = isOver ? visit.exitedAt ?? began : Math.max(began, now);
  const lasted = lastedAt(visit, { index: visit.exitedIndex, at: visit.exitedAt }, index, now);
  const iteration = iterationOf(visit.scope);
  const indent = Math.min(DEEPEST_INDENT, visit.scope.depth);
  const failed = visit.attempts.filter((one) => one.failed && one.endedIndex !== null && one.endedIndex <= index && one.endedAt !== null);
  return html`
    <span class=${`ex-span-name indent-${indent}`}>
      <span class=${meaningOf(status)}><${Mark} meaning=${meaningOf(status)} /></span><span class="unseen">${statusName(status)}</span>
      <span class="ex-span-state">${visit.name}</span>${iteration !== null && html`<span class="soft">${t("execution.iteration.short", { index: iteration })}</span>`}
    </span>
    <span class="ex-span-track">
      <span class="ex-cursor" style=${{ left: cursor }}></span>
      ${status !== "pending" && html`<span class=${`ex-span-bar ${meaningOf(status)}`} style=${{ left: share(began), right: `calc(100% - ${share(until)})` }}></span>`}
      ${failed.slice(0, 20).map((one) => html`<span class="ex-span-failure" title=${one.error ?? ""} style=${{ left: share(one.endedAt ?? 0) }}></span>`)}
    </span>
    <span class="ex-span-time">${status === "pending" ? "" : durationText(lasted)}</span>
  `;
}
