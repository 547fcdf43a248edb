/** Steps through the history: buttons, a slider, what the event is, and the way back to the newest. */

import { html } from "../base.js";
import { placeAfter } from "./places.js";
import { sinceText } from "./times.js";

/** @typedef {import("./history.js").History} History */
/** @typedef {import("./places.js").Move} Move */

/** @type {readonly {move: Move, path: string, keys: string}[]} */
const BUTTONS = [
  { move: "first", path: "M4 3.5v9M12.5 3.5 6.5 8l6 4.5z", keys: "Home" },
  { move: "previous", path: "M10.5 3.5 4.5 8l6 4.5z", keys: "ArrowLeft k" },
  { move: "next", path: "M5.5 3.5 11.5 8l-6 4.5z", keys: "ArrowRight j" },
  { move: "last", path: "M12 3.5v9M3.5 3.5 9.5 8l-6 4.5z", keys: "End" },
];

/**
 * @param {object} props
 * @param {History} props.history
 * @param {number} props.index
 * @param {boolean} props.live whether new events may still come
 * @param {boolean} props.following
 * @param {(index: number) => void} props.onGo
 * @param {() => void} props.onFollow
 * @param {import("../texts.js").Translate} props.t
 */
export function Stepper({ history, index, live, following, onGo, onFollow, t }) {
  const step = history.steps[index];
  const last = history.steps.length - 1;
  const place = t("execution.step.place", { number: index + 1, count: last + 1 });
  const owner = step?.visit?.name ?? step?.scope.parent?.name ?? "";
  const at = step === undefined || step.at === null ? null : step.at - (history.root.startedAt ?? 0);
  const failures = history.failures.length;
  const text = [place, step?.event.type ?? "", owner].filter((word) => word !== "").join(", ");
  return html`<div class="ex-stepper" role="group" aria-label=${t("execution.step.label")}>
    <div class="ex-steps">
      ${BUTTONS.map(({ move, path, keys }) => html`<${StepButton} key=${move} label=${t(`execution.step.${move}`)} keys=${keys} path=${path}
        disabled=${placeAfter(move, index, history) === index} onGo=${() => onGo(placeAfter(move, index, history))} />`)}
    </div>
    <button class="ex-failure-step" disabled=${placeAfter("next_failure", index, history) === index}
      aria-keyshortcuts="n" title=${`${t("execution.step.next_failure")} (n)`} onClick=${() => onGo(placeAfter("next_failure", index, history))}>
      ${t("execution.step.next_failure")}${failures > 0 && html`<span class="ex-badge">${failures}</span>`}
    </button>
    <input class="ex-slider" type="range" min="0" max=${Math.max(0, last)} value=${index} aria-label=${t("execution.step.slider")} aria-valuetext=${text}
      style=${{ "--share": `${last > 0 ? (index / last) * 100 : 100}%` }}
      onInput=${(/** @type {any} */ event) => onGo(Number(event.currentTarget.value))} />
    ${live && html`<button class="ex-follow" aria-pressed=${following} onClick=${onFollow}><span class="ex-live" aria-hidden="true"></span>${t(following ? "execution.live.following" : "execution.live.follow")}</button>`}
    <p class="ex-where" aria-live="polite"><span>${place}</span><strong>${step?.event.type}</strong>${owner !== "" && html`<span class="ex-where-state">${owner}</span>`}<span class="soft">${sinceText(at)}</span></p>
  </div>`;
}

/** @param {{label: string, keys: string, path: string, disabled: boolean, onGo: () => void}} props */
function StepButton({ label, keys, path, disabled, onGo }) {
  return html`<button aria-label=${label} aria-keyshortcuts=${keys} title=${`${label} (${keys.replace(" ", ", ").replace("Arrow", "")})`} disabled=${disabled} onClick=${onGo}>
    <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><path d=${path} /></svg>
  </button>`;
}
