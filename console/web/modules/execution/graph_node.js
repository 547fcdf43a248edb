/** A state in the graph: a button that says its name, type, status and duration; a Map or Parallel is a box around others. */

import { html } from "../base.js";
import { Mark, meaningOf, statusName } from "../parts/status.js";
import { CountsLine } from "./counts.js";
import { lastedAt } from "./moment.js";
import { StateIcon } from "./state_icon.js";
import { durationText } from "./times.js";

/** @typedef {import("./graph.js").Drawing} Drawing */
/** @typedef {import("./layout.js").PlacedNode} PlacedNode */
/** @typedef {import("./moment.js").Look} Look */

/** @param {{placed: PlacedNode, look: Look, drawing: Drawing}} props */
export function StateNode({ placed, look, drawing }) {
  const { x, y, width, height } = placed;
  return html`<div class="ex-place" style=${{ left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px` }}>
    <${NodeButton} look=${look} drawing=${drawing} />
  </div>`;
}

/** @param {{placed: PlacedNode, look: Look, drawing: Drawing, children?: any}} props */
export function Container({ placed, look, drawing, children }) {
  const { x, y, width, height, node } = placed;
  const counts = node.distributed ? drawing.childCounts.get(node.name) ?? null : look.counts;
  return html`<div
    class=${`ex-container ${meaningOf(look.status)} ${look.status} ${drawing.selected === node.name ? "selected" : ""}`}
    style=${{ left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px` }}
  >
    <${NodeButton} look=${look} drawing=${drawing} />
    <div class="ex-container-line">
      ${counts !== null && counts.started > 0
        ? html`<${CountsLine} counts=${counts} t=${drawing.t} />`
        : html`<span class="soft">${drawing.t(node.distributed ? "execution.graph.distributed" : node.type === "Map" ? "execution.graph.each" : "execution.graph.branches")}</span>`}
      ${!node.distributed && look.iteration !== null && html`<${IterationTurner} look=${look} drawing=${drawing} />`}
    </div>
    ${children}
  </div>`;
}

/** @param {{look: Look, drawing: Drawing}} props */
function NodeButton({ look, drawing }) {
  const { t, index, now } = drawing;
  const { node, status, visit } = look;
  const lasted = visit === null ? null : lastedAt(visit, { index: visit.exitedIndex, at: visit.exitedAt }, index, now);
  const duration = visit === null ? "" : durationText(lasted);
  const name = [node.name, node.type, statusName(status), duration].filter((word) => word !== "").join(", ");
  const classes = ["ex-node", meaningOf(status), status, drawing.selected === node.name ? "selected" : ""];
  return html`<button
    class=${classes.join(" ")}
    data-state=${node.name}
    tabindex=${drawing.focusable === node.name ? 0 : -1}
    aria-label=${name}
    aria-pressed=${drawing.selected === node.name}
    aria-current=${drawing.current === node.name ? "step" : undefined}
    onClick=${() => drawing.onSelect(node.name)}
    title=${node.name}
  >
    <${StateIcon} type=${node.type} />
    <span class="ex-name">${node.name}</span>
    <span class="ex-badges">
      ${look.begun > 1 && html`<span class="ex-times" title=${t("execution.visits", { count: look.begun })}>×${look.begun}</span>`}
      ${look.retries > 0 && html`<span class="ex-times" title=${t("execution.retries", { count: look.retries })}>↻${look.retries}</span>`}
    </span>
    <span class="ex-facts">
      ${status === "pending" ? html`<span>${node.type}</span>` : html`<${Mark} meaning=${meaningOf(status)} /><span>${statusName(status)}</span><span>${duration}</span>`}
    </span>
  </button>`;
}

/** Turns through the iterations of a Map. @param {{look: Look, drawing: Drawing}} props */
function IterationTurner({ look, drawing }) {
  const { t, index } = drawing;
  const { visit, iteration } = look;
  if (visit === null || iteration === null) return null;
  const place = visit.scopes.indexOf(iteration);
  const turn = (/** @type {number} */ by) => {
    const scope = visit.scopes[place + by];
    if (scope !== undefined) drawing.onIteration(look, scope);
  };
  const next = visit.scopes[place + 1];
  return html`<span class="ex-turner">
    <button tabindex="-1" disabled=${place <= 0} onClick=${() => turn(-1)} aria-label=${t("execution.iteration.previous", { state: look.node.name })}>‹</button>
    <span>#${iteration.index}</span>
    <button tabindex="-1" disabled=${next === undefined || next.startedIndex > index} onClick=${() => turn(1)} aria-label=${t("execution.iteration.next", { state: look.node.name })}>›</button>
  </span>`;
}
