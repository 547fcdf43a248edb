/** The history, event by event. */

import { html } from "../base.js";
import { Mark } from "../parts/status.js";
import { detailsOf, textOf } from "./events.js";
import { causeOf } from "./json_text.js";
import { sinceText } from "./times.js";
import { VirtualList } from "./virtual_list.js";

/** @typedef {import("./history.js").History} History */
/** @typedef {import("./history.js").Step} Step */

/** @param {{history: History, index: number, onGo: (index: number) => void, t: import("../texts.js").Translate}} props */
export function EventsList({ history, index, onGo, t }) {
  const begin = history.root.startedAt ?? 0;
  return html`<${VirtualList}
    id="ex-events"
    label=${t("execution.events")}
    count=${history.steps.length}
    rowHeight=${28}
    chosen=${index}
    onChoose=${onGo}
    rowClass=${(/** @type {number} */ row) => `ex-event ${history.steps[row]?.tone ?? ""} ${row > index ? "later" : ""}`}
  >${(/** @type {number} */ row) => html`<${EventLine} step=${history.steps[row]} begin=${begin} t=${t} />`}<//>`;
}

/** @param {{step: Step, begin: number, t: import("../texts.js").Translate}} props */
function EventLine({ step, begin, t }) {
  const { event, at, visit, scope, tone } = step;
  const owner = visit?.name ?? scope.parent?.name ?? "";
  return html`
    <span class="ex-event-id">${event.id}</span>
    <span class="ex-event-time">${sinceText(at === null ? null : at - begin)}</span>
    <span class="ex-event-mark">${tone === "failure" ? html`<${Mark} meaning="bad" />` : tone === "success" ? html`<${Mark} meaning="good" />` : null}</span>
    <span class="ex-event-type">${event.type}</span>
    <span class="ex-event-state">${owner}${iterationOf(scope) !== null && html`<span class="soft"> ${t("execution.iteration.short", { index: iterationOf(scope) })}</span>`}</span>
    <span class="ex-event-note">${noteOf(step)}</span>
  `;
}

/** @param {import("./records.js").Scope} scope @returns {string | null} the places of the iterations it lies in, outermost first */
export function iterationOf(scope) {
  const places = [];
  for (let one = scope; one.parent !== null; one = one.parent.scope) if (one.parent.type === "Map") places.unshift(one.index);
  return places.length === 0 ? null : places.join("·");
}

/** What an event is about, in a few words. @param {Step} step */
function noteOf({ event, visit }) {
  const details = detailsOf(event);
  const error = textOf(details, "error");
  if (error !== null) return [error, messageOf(textOf(details, "cause"))].filter(Boolean).join(": ");
  const resource = textOf(details, "resource");
  if (resource !== null) return [textOf(details, "resourceType"), resource].filter(Boolean).join(":");
  if (event.type === "MapRunStarted") return textOf(details, "mapRunArn") ?? "";
  const length = details["length"];
  if (typeof length === "number" && length > 0) return `${length}`;
  return event.type === "FailStateEntered" ? visit?.error ?? "" : "";
}

const LONGEST_READ = 20_000;
const LONGEST_SHOWN = 200;

/** @param {string | null} cause */
function messageOf(cause) {
  const told = cause !== null && cause.length <= LONGEST_READ ? causeOf(cause).message : cause;
  return told?.slice(0, LONGEST_SHOWN);
}
