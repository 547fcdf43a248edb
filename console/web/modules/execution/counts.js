/** How many iterations or child executions have which status: in words with marks, and as a bar. */

import { html } from "../base.js";
import { Mark, meaningOf, statusName } from "../parts/status.js";

/** @typedef {import("./moment.js").Counts} Counts */
/** @typedef {import("../texts.js").Translate} Translate */

const KINDS = /** @type {const} */ (["failed", "running", "succeeded", "cancelled"]);

/** @param {{counts: Counts, t: Translate}} props */
export function CountsLine({ counts, t }) {
  const shown = KINDS.filter((kind) => counts[kind] > 0);
  return html`<span class="ex-counts">
    ${shown.map((kind) => html`<span key=${kind} class=${`ex-count ${meaningOf(kind)}`} title=${statusName(kind)}>
      <${Mark} meaning=${meaningOf(kind)} /><span class="unseen">${statusName(kind)} </span>${counts[kind]}
    </span>`)}
    <span class="soft">${t("execution.of", { count: counts.total })}</span>
  </span>`;
}

/** @param {{counts: Counts}} props */
export function CountsBar({ counts }) {
  return html`<div class="ex-bar-of-counts" aria-hidden="true">
    ${KINDS.filter((kind) => counts[kind] > 0).map((kind) => html`<span key=${kind} class=${meaningOf(kind)} style=${{ flexGrow: counts[kind] }}></span>`)}
  </div>`;
}

/** @type {ReadonlyMap<string, "running" | "succeeded" | "failed" | "cancelled">} */
const STATUSES = new Map([
  ["RUNNING", "running"], ["PENDING_REDRIVE", "running"], ["SUCCEEDED", "succeeded"], ["FAILED", "failed"],
  ["TIMED_OUT", "failed"], ["ABORTED", "cancelled"],
]);

/**
 * @param {readonly {status: string}[]} children
 * @returns {Counts}
 */
export function countsOfChildren(children) {
  const counts = { total: children.length, started: children.length, running: 0, succeeded: 0, failed: 0, cancelled: 0 };
  for (const child of children) {
    const kind = STATUSES.get(child.status);
    if (kind !== undefined) counts[kind] += 1;
  }
  return counts;
}
