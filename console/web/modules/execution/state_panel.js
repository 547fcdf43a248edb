/** One state at the event that is looked at: status, times, error, attempts, input and output, definition. */

import { html } from "../base.js";
import { Status } from "../parts/status.js";
import { language } from "../texts.js";
import { AttemptsTable } from "./attempts_table.js";
import { ChildrenList } from "./children_list.js";
import { CountsBar, CountsLine } from "./counts.js";
import { FailureText } from "./failure_text.js";
import { IterationChoice } from "./iteration_choice.js";
import { JsonView } from "./json_view.js";
import { errorAt, lastedAt } from "./moment.js";
import { durationText, momentText } from "./times.js";

/** @typedef {import("./moment.js").Look} Look */
/** @typedef {import("./records.js").Visit} Visit */
/** @typedef {import("./children_list.js").Child} Child */

/**
 * @typedef {object} PanelProps
 * @property {Look} look
 * @property {number} index
 * @property {number | null} now
 * @property {import("./definition.js").GraphEdge[]} edges that leave the state
 * @property {readonly Child[]} childExecutions those that belong to the state
 * @property {(index: number) => void} onGo
 * @property {(name: string) => void} onSelect
 * @property {(look: Look, scope: import("./records.js").Scope) => void} onIteration
 * @property {((arn: string) => void) | undefined} onOpen
 * @property {import("../texts.js").Translate} t
 */

/** @param {PanelProps} props */
export function StatePanel(props) {
  const { look, index, now, t } = props;
  const { node, visit, status } = look;
  const isOver = visit !== null && visit.exitedIndex !== null && visit.exitedIndex <= index;
  const definition = node.definition === null ? null : JSON.stringify(node.definition);
  return html`<div class="ex-state">
    <div class="ex-state-head">
      <h2>${node.name}</h2><${Status} status=${status} />
      <p class="soft">${[node.type, comment(node.definition)].filter(Boolean).join(" · ")}</p>
    </div>
    ${visit === null ? html`<${NotEntered} ...${props} />` : html`<${Facts} visit=${visit} index=${index} now=${now} isOver=${isOver} t=${t} />
      <${Visits} ...${props} />
      <${Failure} ...${props} />
      <${Inside} ...${props} />
      <${AttemptsTable} visit=${visit} index=${index} onGo=${props.onGo} t=${t} />
      <${JsonView} key=${`in${visit.number}`} title=${t("execution.input")} text=${visit.input} truncated=${visit.inputTruncated} t=${t} />
      ${visit.parameters !== null && visit.attempts.some((one) => one.startedIndex <= index) && html`<${JsonView} key=${`par${visit.number}`} closed title=${t("execution.parameters")} text=${visit.parameters} t=${t} />`}
      ${isOver && html`<${JsonView} key=${`out${visit.number}`} title=${t("execution.output")} text=${visit.output} before=${visit.input} truncated=${visit.outputTruncated} t=${t} />
        <${JsonView} key=${`var${visit.number}`} title=${t("execution.assigned")} text=${visit.assigned} t=${t} />`}`}
    ${definition !== null && html`<${JsonView} key=${`def${node.name}`} closed title=${t("execution.definition")} text=${definition} t=${t} />`}
  </div>`;
}

/** @param {Record<string, unknown> | null} definition */
function comment(definition) {
  const text = definition?.["Comment"];
  return typeof text === "string" ? text.slice(0, 300) : "";
}

/** @param {PanelProps} props */
function NotEntered({ look, index, onGo, t }) {
  const later = look.visits[look.begun];
  return html`<p class="ex-note">${t(later === undefined ? "execution.not_entered" : "execution.not_entered_yet")}</p>
    ${later !== undefined && later.enteredIndex > index && html`<button class="button" onClick=${() => onGo(later.enteredIndex)}>${t("execution.go_to_entry")}</button>`}`;
}

/** @param {{visit: Visit, index: number, now: number | null, isOver: boolean, t: import("../texts.js").Translate}} props */
function Facts({ visit, index, now, isOver, t }) {
  const spoken = language();
  const lasted = lastedAt(visit, { index: visit.exitedIndex, at: visit.exitedAt }, index, now);
  return html`<dl class="ex-facts-list">
    <div><dt>${t("execution.duration")}</dt><dd>${durationText(lasted)}</dd></div>
    <div><dt>${t("execution.entered")}</dt><dd>${momentText(visit.enteredAt, spoken)}</dd></div>
    ${isOver && html`<div><dt>${t("execution.left")}</dt><dd>${momentText(visit.exitedAt, spoken)}</dd></div>`}
    ${visit.resource !== null && html`<div><dt>${t("execution.resource")}</dt><dd class="code">${visit.resource}</dd></div>`}
    ${visit.mapRun !== null && html`<div><dt>Map Run</dt><dd class="code">${visit.mapRun}</dd></div>`}
  </dl>`;
}

/** How often the state was entered, and a way to each time. @param {PanelProps} props */
function Visits({ look, index, onGo, t }) {
  if (look.visits.length < 2) return null;
  const chosen = look.begun - 1;
  return html`<label class="ex-choice"><span>${t("execution.visit")}</span>
    <select value=${chosen} onChange=${(/** @type {any} */ event) => {
      const visit = look.visits[Number(event.currentTarget.value)];
      if (visit !== undefined) onGo(visit.exitedIndex ?? Math.max(visit.enteredIndex, index));
    }}>
      ${look.visits.slice(0, 500).map((visit, place) => html`<option key=${place} value=${place}>${t("execution.visit.one", { number: place + 1, count: look.visits.length, event: visit.enteredIndex + 1 })}</option>`)}
    </select></label>`;
}

/** @param {PanelProps} props */
function Failure({ look, index, onSelect, t }) {
  const visit = look.visit;
  const told = visit === null ? null : errorAt(visit, index);
  if (visit === null || told === null) return null;
  const caughtBy = look.status === "caught" ? visit.caughtBy : null;
  const note = look.status === "caught"
    ? html`${t("execution.caught")}${caughtBy !== null && html` <button class="ex-open" onClick=${() => onSelect(caughtBy.name)}>${caughtBy.name}</button>`}`
    : look.status === "running" ? t("execution.failed_so_far") : null;
  return html`<${FailureText} error=${told.error} cause=${told.cause} caught=${look.status !== "failed"} note=${note} t=${t} />`;
}

/** What a state holds or has started. @param {PanelProps} props */
function Inside(props) {
  const { look, edges, childExecutions, onOpen, t } = props;
  const { visit, node } = look;
  const child = visit?.child ?? null;
  return html`
    ${look.counts !== null && look.counts.started > 0 && !node.distributed && html`<section class="ex-iterations">
      <h3>${t("execution.iterations")}</h3><${CountsLine} counts=${look.counts} t=${t} /><${CountsBar} counts=${look.counts} />
      <${IterationChoice} look=${look} index=${props.index} onIteration=${props.onIteration} t=${t} />
    </section>`}
    ${child !== null && html`<p class="ex-child"><span>${t("execution.child")}</span>
      ${onOpen === undefined ? html`<span class="code">${child}</span>` : html`<button class="ex-open code" onClick=${() => onOpen(child)}>${child.split(":").at(-1)}</button>`}</p>`}
    ${childExecutions.length > 0 && html`<${ChildrenList} children=${childExecutions} onOpen=${onOpen} t=${t} />`}
    ${node.distributed && childExecutions.length === 0 && html`<p class="ex-note">${t("execution.distributed")}</p>`}
    ${node.type === "Choice" && html`<${Rules} ...${props} edges=${edges} />`}`;
}

/** The ways that a Choice may go, and the one it went. @param {PanelProps} props */
function Rules({ look, edges, index, onSelect, t }) {
  const next = look.visit === null || look.visit.exitedIndex === null ? null : wentTo(look.visit, index);
  if (edges.length === 0) return null;
  return html`<section class="ex-rules"><h3>${t("execution.rules")}</h3><ul>
    ${edges.map((edge, place) => html`<li key=${place} class=${edge.to === next ? "taken" : ""}>
      <span class="code">${edge.kind === "default" ? t("execution.rules.default") : edge.label}</span>
      <span><span aria-hidden="true">→ </span><button class="ex-open" onClick=${() => onSelect(edge.to)}>${edge.to}</button>${edge.to === next && html` <span class="ex-taken">${t("execution.rules.taken")}</span>`}</span>
    </li>`)}
  </ul></section>`;
}

/** @param {Visit} visit @param {number} index */
function wentTo(visit, index) {
  for (const [name, visits] of visit.scope.visits) {
    if (visits.some((one) => one.previous === visit && one.enteredIndex <= index)) return name;
  }
  return null;
}
