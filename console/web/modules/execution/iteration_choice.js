/** Chooses the iteration of a Map whose states are shown: one by one, by a list, or the next that failed. */

import { html } from "../base.js";
import { statusName } from "../parts/status.js";
import { begunAt, statusAt } from "./records.js";

const MOST = 400;

/**
 * @param {object} props
 * @param {import("./moment.js").Look} props.look
 * @param {number} props.index
 * @param {(look: import("./moment.js").Look, scope: import("./records.js").Scope) => void} props.onIteration
 * @param {import("../texts.js").Translate} props.t
 */
export function IterationChoice({ look, index, onIteration, t }) {
  const { visit, iteration } = look;
  if (visit === null || iteration === null) return null;
  const scopes = visit.scopes.slice(0, begunAt(visit.scopes, (scope) => scope.startedIndex, index));
  const place = scopes.indexOf(iteration);
  const failed = [...scopes.slice(place + 1), ...scopes.slice(0, place)].find((scope) => statusAt(scope, index) === "failed");
  const from = Math.max(0, Math.min(scopes.length - MOST, place - MOST / 2));
  const choose = (/** @type {number} */ wanted) => {
    const scope = scopes[wanted];
    if (scope !== undefined) onIteration(look, scope);
  };
  return html`<div class="ex-choice">
    <button class="button" disabled=${place <= 0} onClick=${() => choose(place - 1)} aria-label=${t("execution.iteration.previous", { state: look.node.name })}>‹</button>
    <select aria-label=${t("execution.iteration")} value=${place} onChange=${(/** @type {any} */ event) => choose(Number(event.currentTarget.value))}>
      ${scopes.slice(from, from + MOST).map((scope, number) => html`<option key=${from + number} value=${from + number}>#${scope.index} · ${statusName(statusAt(scope, index))}</option>`)}
    </select>
    <button class="button" disabled=${place + 1 >= scopes.length} onClick=${() => choose(place + 1)} aria-label=${t("execution.iteration.next", { state: look.node.name })}>›</button>
    ${failed !== undefined && html`<button class="button" onClick=${() => onIteration(look, failed)}>${t("execution.iteration.failed")}</button>`}
  </div>`;
}
