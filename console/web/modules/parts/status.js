/** Words with a shape and a colour: statuses of executions, states of instances, verdicts, severities. */
import { html } from "../base.js";
import { has, t } from "../texts.js";

/**
 * What a status means to a reader; its shape and colour follow from that.
 * @type {Record<string, "good" | "bad" | "busy" | "careful" | "unsure" | "idle">}
 */
const MEANINGS = {
  RUNNING: "busy",
  SUCCEEDED: "good",
  FAILED: "bad",
  TIMED_OUT: "bad",
  ABORTED: "idle",
  PENDING_REDRIVE: "busy",
  complete: "good",
  incomplete: "careful",
  stopped: "idle",
  scanned: "good",
  scan_failed: "bad",
  not_managed: "bad",
  unsupported: "idle",
  excluded: "idle",
  pending: "idle",
  running: "busy",
  succeeded: "good",
  failed: "bad",
  caught: "careful",
  cancelled: "idle",
  pass: "good",
  fail: "bad",
  manual: "careful",
  error: "unsure",
  not_entered: "bad",
  not_applicable: "idle",
  Success: "good",
  Failed: "bad",
  TimedOut: "bad",
  Cancelled: "idle",
  InProgress: "busy",
  Pending: "idle",
  in_force: "good",
  lapses_soon: "careful",
  expired: "bad",
  broken: "bad",
};

/** @type {Record<string, string>} */
const SHAPES = {
  good: "M3.5 8.5l3 3 6-6.5",
  bad: "M4 4l8 8M12 4l-8 8",
  busy: "M8 2.5a5.5 5.5 0 1 1-5.5 5.5",
  careful: "M8 3v6.2M8 12.2v.6",
  unsure: "M5.5 6a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.8-1.1 1.6M8 12.6v.4",
  idle: "M4 8h8",
};

/** @param {string} status */
export function meaningOf(status) {
  return MEANINGS[status] ?? "idle";
}

/** @param {string} status */
export function statusName(status) {
  return has(`status.${status}`) ? t(`status.${status}`) : status;
}

/**
 * A status in words, with its mark.
 * @param {{ status: string, label?: string, plain?: boolean }} props `plain` without a tint, for tables.
 */
export function Status({ status, label, plain }) {
  const meaning = meaningOf(status);
  return html`<span class=${plain ? `status plain ${meaning}` : `status ${meaning}`} data-status=${status}>
    <${Mark} meaning=${meaning} />${label ?? statusName(status)}
  </span>`;
}

/** @param {{ meaning: string }} props */
export function Mark({ meaning }) {
  return html`<svg class="status-mark" viewBox="0 0 16 16" width="12" height="12" aria-hidden="true">
    <path d=${SHAPES[meaning]} />
  </svg>`;
}
