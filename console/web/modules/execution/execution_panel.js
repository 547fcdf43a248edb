/** What is shown where no state is chosen: the execution itself, or the event. */

import { html } from "../base.js";
import { Status } from "../parts/status.js";
import { language } from "../texts.js";
import { ChildrenList } from "./children_list.js";
import { detailsOf, timeOf } from "./events.js";
import { JsonView } from "./json_view.js";
import { momentText } from "./times.js";

/**
 * @param {object} props
 * @param {Record<string, any>} props.execution
 * @param {import("./history.js").History} props.history
 * @param {readonly import("./children_list.js").Child[]} props.childExecutions
 * @param {((arn: string) => void) | undefined} props.onOpen
 * @param {import("../texts.js").Translate} props.t
 */
export function ExecutionPanel({ execution, history, childExecutions, onOpen, t }) {
  const first = history.steps[0];
  const last = history.steps.at(-1);
  const input = textIn(execution["input"]) ?? textIn(first === undefined ? null : detailsOf(first.event)["input"]);
  const output = textIn(execution["output"]) ?? textIn(last === undefined ? null : detailsOf(last.event)["output"]);
  const spoken = language();
  return html`<div class="ex-state">
    <div class="ex-state-head"><h2>${t("execution.itself")}</h2><${Status} status=${String(execution["status"] ?? "RUNNING")} /></div>
    <dl class="ex-facts-list">
      ${execution["arn"] && html`<div><dt>ARN</dt><dd class="code">${execution["arn"]}</dd></div>`}
      <div><dt>${t("execution.began")}</dt><dd>${momentText(timeOf(execution["started_at"]) ?? history.root.startedAt, spoken)}</dd></div>
      ${execution["stopped_at"] && html`<div><dt>${t("execution.ended")}</dt><dd>${momentText(timeOf(execution["stopped_at"]), spoken)}</dd></div>`}
    </dl>
    ${childExecutions.length > 0 && html`<${ChildrenList} children=${childExecutions} onOpen=${onOpen} t=${t} />`}
    <${JsonView} title=${t("execution.input")} text=${input} t=${t} />
    <${JsonView} title=${t("execution.output")} text=${output} before=${input} t=${t} />
  </div>`;
}

/** @param {{step: import("./history.js").Step | undefined, t: import("../texts.js").Translate}} props */
export function EventPanel({ step, t }) {
  if (step === undefined) return null;
  const { event } = step;
  const details = detailsOf(event);
  const texts = ["input", "output", "parameters", "cause"].filter((name) => typeof details[name] === "string" && details[name] !== "");
  const others = Object.fromEntries(Object.entries(details).filter(([name]) => !texts.includes(name)));
  const rest = JSON.stringify({ ...Object.fromEntries(Object.entries(event).filter(([name]) => !name.endsWith("EventDetails"))), ...others });
  return html`<div class="ex-state">
    <div class="ex-state-head"><h2>${event.type}</h2><p class="soft">${t("execution.event.id", { id: event.id })} · ${momentText(step.at, language())}</p></div>
    <${JsonView} key=${`e${event.id}`} title=${t("execution.event")} text=${rest} t=${t} />
    ${texts.map((name) => html`<${JsonView} key=${`${event.id}${name}`} title=${name} text=${String(details[name])} t=${t} />`)}
  </div>`;
}

/** @param {unknown} value @returns {string | null} */
function textIn(value) {
  if (typeof value === "string") return value === "" ? null : value;
  return value === undefined || value === null ? null : JSON.stringify(value);
}
