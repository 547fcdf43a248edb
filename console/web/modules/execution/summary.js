/** The execution in one line, and what it failed of. */

import { html } from "../base.js";
import { Status } from "../parts/status.js";
import { culpritOf } from "./culprit.js";
import { timeOf } from "./events.js";
import { FailureText } from "./failure_text.js";
import { durationText } from "./times.js";

/** @type {ReadonlyMap<string, string>} */
const STATUSES = new Map([
  ["ExecutionSucceeded", "SUCCEEDED"], ["ExecutionFailed", "FAILED"], ["ExecutionTimedOut", "TIMED_OUT"], ["ExecutionAborted", "ABORTED"],
]);

/**
 * @param {object} props
 * @param {Record<string, any>} props.execution
 * @param {import("./history.js").History} props.history
 * @param {number} props.index
 * @param {number | null} props.now
 * @param {(index: number) => void} props.onGo
 * @param {import("../texts.js").Translate} props.t
 */
export function Summary({ execution, history, index, now, onGo, t }) {
  const status = STATUSES.get(history.ending ?? "") ?? String(execution["status"] ?? "RUNNING");
  const last = history.steps.at(-1);
  const began = history.root.startedAt;
  const end = history.ending === null ? timeOf(execution["stopped_at"]) ?? now ?? last?.at ?? null : last?.at ?? null;
  const redrives = history.steps.filter((step) => step.event.type === "ExecutionRedriven").length;
  const failure = status === "FAILED" || status === "TIMED_OUT" || status === "ABORTED";
  const culprit = failure ? culpritOf(history) : null;
  return html`<div class="ex-summary">
    <p class="ex-summary-line">
      <${Status} status=${status} />
      <span>${durationText(began === null || end === null ? null : Math.max(0, end - began))}</span>
      <span class="soft">${t("execution.count", { count: history.steps.length })}</span>
      ${redrives > 0 && html`<span class="soft">${t("execution.redriven", { count: redrives })}</span>`}
      ${execution["machine"] && html`<span class="soft code">${String(execution["machine"]).split(":").at(-1)}</span>`}
    </p>
    ${failure && index >= 0 && (history.error !== null || history.cause !== null || culprit !== null) && html`<${FailureText} brief
      error=${history.error ?? execution["error"] ?? status} cause=${history.cause ?? execution["cause"] ?? null}
      action=${culprit !== null && html`<button class="ex-open" onClick=${() => onGo(culprit.index)}>${t(culprit.key, { state: culprit.state })}</button>`} t=${t} />`}
  </div>`;
}
