/** The attempts of a state's work, where there was more than one or it failed. */

import { html } from "../base.js";
import { Mark } from "../parts/status.js";
import { begunAt } from "./records.js";
import { durationText } from "./times.js";

const MOST = 100;

/** @param {{visit: import("./records.js").Visit, index: number, onGo: (index: number) => void, t: import("../texts.js").Translate}} props */
export function AttemptsTable({ visit, index, onGo, t }) {
  const begun = begunAt(visit.attempts, (attempt) => attempt.startedIndex, index);
  if (begun < 2) return null;
  const attempts = visit.attempts.slice(0, begun).slice(-MOST);
  const first = begun - attempts.length;
  return html`<section class="ex-attempts"><h3>${t("execution.attempts")}</h3>
    <table><thead><tr><th>#</th><th>${t("execution.attempts.began")}</th><th>${t("execution.duration")}</th><th>${t("execution.attempts.result")}</th></tr></thead><tbody>
      ${attempts.map((attempt, place) => {
        const isOver = attempt.endedIndex !== null && attempt.endedIndex <= index;
        const lasted = isOver && attempt.startedAt !== null && attempt.endedAt !== null ? attempt.endedAt - attempt.startedAt : null;
        const since = attempt.startedAt === null || visit.enteredAt === null ? null : attempt.startedAt - visit.enteredAt;
        const meaning = !isOver ? "busy" : attempt.failed ? "bad" : "good";
        return html`<tr key=${attempt.startedIndex}>
          <td>${first + place + 1}</td><td>+${durationText(since)}</td><td>${durationText(lasted)}</td>
          <td><button class=${`ex-open ${meaning}`} onClick=${() => onGo(isOver ? attempt.endedIndex ?? attempt.startedIndex : attempt.startedIndex)}>
            <${Mark} meaning=${meaning} /> ${!isOver ? t("execution.attempts.runs") : attempt.failed ? attempt.error ?? t("execution.error.unnamed") : t("execution.attempts.succeeded")}</button></td>
        </tr>`;
      })}
    </tbody></table></section>`;
}
