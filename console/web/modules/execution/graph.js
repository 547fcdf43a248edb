/** The machine as a graph: nodes are buttons, arrows are drawn below them; it is moved by scrolling or dragging. */

import { html, useEffect, useLayoutEffect, useMemo, useRef, useState } from "../base.js";
import { Container, StateNode } from "./graph_node.js";
import { Arrows } from "./graph_arrows.js";
import { neighbour, placesOf } from "./graph_places.js";
import { layoutOf } from "./layout.js";

/** @typedef {import("../texts.js").Translate} Translate */
/** @typedef {import("./layout.js").Level} Level */
/** @typedef {import("./layout.js").PlacedNode} PlacedNode */
/** @typedef {import("./moment.js").Look} Look */

/**
 * What every node is drawn from.
 * @typedef {object} Drawing
 * @property {Map<string, Look>} looks
 * @property {number} index of the event
 * @property {number | null} now
 * @property {string | null} selected
 * @property {string | null} current the event's state
 * @property {string} focusable the one node that the Tab key reaches
 * @property {Map<string, import("./moment.js").Counts>} childCounts of Distributed Maps
 * @property {(name: string) => void} onSelect
 * @property {(look: Look, scope: import("./records.js").Scope) => void} onIteration
 * @property {Translate} t
 */

const SMALLEST = 0.2;
const LARGEST = 2;
const READABLE = 0.72;

/** @param {{graph: import("./definition.js").Graph} & Omit<Drawing, "focusable">} props */
export function Graph({ graph, ...drawing }) {
  const { t, selected } = drawing;
  const level = useMemo(() => layoutOf(graph), [graph]);
  const places = useMemo(() => placesOf(level), [level]);
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  const [scale, setScale] = useState(1);
  const fit = (/** @type {number} */ least) => setScale(fitting(box.current, level, least));
  useLayoutEffect(() => fit(READABLE), [level]);
  const { zoom, isZoomed } = useZoom(box, scale, setScale);
  useScrollTo(box, places.get(selected ?? "") ?? places.get(graph.startAt ?? ""), scale, isZoomed);
  const focusable = places.has(selected ?? "") ? String(selected) : graph.startAt ?? graph.nodes[0]?.name ?? "";
  return html`<div class="ex-graph">
    <div ref=${box} class="ex-canvas" role="group" aria-label=${t("execution.graph.label")} ...${draggable(box)}
      onWheel=${(/** @type {WheelEvent} */ event) => turned(event, zoom)}
      onKeyDown=${(/** @type {KeyboardEvent} */ event) => pressed(event, places, zoom)}>
      <div class="ex-sheet" style=${{ width: `${level.width * scale}px`, height: `${level.height * scale}px` }}>
        <div class="ex-scaled" style=${{ transform: `scale(${scale})`, width: `${level.width}px`, height: `${level.height}px` }}>
          <${LevelView} level=${level} drawing=${{ ...drawing, focusable }} />
        </div>
      </div>
    </div>
    <div class="ex-zoom" role="group" aria-label=${t("execution.graph.zoom")}>
      <button onClick=${() => zoom(1.25)} aria-label=${t("execution.graph.larger")} title=${t("execution.graph.larger")}>+</button>
      <button onClick=${() => zoom(0.8)} aria-label=${t("execution.graph.smaller")} title=${t("execution.graph.smaller")}>−</button>
      <button onClick=${() => fit(SMALLEST)}>${t("execution.graph.fit")}</button>
    </div>
  </div>`;
}

/** @param {{level: Level, drawing: Drawing}} props */
function LevelView({ level, drawing }) {
  return html`<div class="ex-level" style=${{ left: `${level.x}px`, top: `${level.y}px`, width: `${level.width}px`, height: `${level.height}px` }}>
    <${Arrows} level=${level} looks=${drawing.looks} hasDefinition=${level.nodes.some((one) => one.node.definition !== null)} index=${drawing.index} />
    ${level.terminals.map((one) => html`<span class=${`ex-terminal ${one.kind}`} aria-hidden="true" style=${{ left: `${one.x}px`, top: `${one.y}px` }}></span>`)}
    ${level.nodes.map((placed) => html`<${Placed} key=${placed.node.name} placed=${placed} drawing=${drawing} />`)}
  </div>`;
}

/** @param {{placed: PlacedNode, drawing: Drawing}} props */
function Placed({ placed, drawing }) {
  const look = drawing.looks.get(placed.node.name);
  if (look === undefined) return null;
  if (placed.node.type !== "Map" && placed.node.type !== "Parallel") {
    return html`<${StateNode} placed=${placed} look=${look} drawing=${drawing} />`;
  }
  return html`<${Container} placed=${placed} look=${look} drawing=${drawing}>
    ${placed.inner.map((level) => html`<${LevelView} level=${level} drawing=${drawing} />`)}
  <//>`;
}

/**
 * The scale at which all of a graph is seen, but no smaller than `least` and never enlarged.
 * @param {HTMLElement | null} box
 * @param {Level} level
 * @param {number} least
 */
function fitting(box, level, least) {
  if (box === null || level.width === 0 || level.height === 0) return 1;
  return Math.min(1, Math.max(least, Math.min((box.clientWidth - 4) / level.width, (box.clientHeight - 4) / level.height)));
}

/**
 * Bring a node into sight, by as little as needed.
 * @param {{current: HTMLDivElement | null}} box
 * @param {import("./graph_places.js").Place | undefined} place
 * @param {number} scale
 * @param {boolean} isZoomed whether the reader has chosen the scale: then only another node is brought into sight
 */
function useScrollTo(box, place, scale, isZoomed) {
  const before = useRef(/** @type {import("./graph_places.js").Place | undefined} */ (undefined));
  useEffect(() => {
    const { current } = box;
    const isSame = before.current === place;
    before.current = place;
    if (current === null || place === undefined || (isSame && isZoomed)) return;
    const margin = 28;
    const left = offsetTo(current.scrollLeft, current.clientWidth, place.x * scale - margin, place.width * scale + 2 * margin);
    const top = offsetTo(current.scrollTop, current.clientHeight, place.y * scale - margin, place.head * scale + 2 * margin);
    if (left === current.scrollLeft && top === current.scrollTop) return;
    current.scrollTo({ left, top });
  }, [place, scale]);
}

/** @param {number} offset @param {number} size @param {number} begin @param {number} length */
function offsetTo(offset, size, begin, length) {
  if (begin < offset) return Math.max(0, begin);
  return begin + length > offset + size ? begin + length - size : offset;
}

/** @typedef {(factor: number, at?: {x: number, y: number}) => void} Zoom `at`: what stays where it is, seen from the box */

/**
 * @param {{current: HTMLDivElement | null}} box
 * @param {number} scale
 * @param {(scale: number) => void} setScale
 * @returns {{zoom: Zoom, isZoomed: boolean}} `isZoomed`: whether the scale is one that was zoomed to
 */
function useZoom(box, scale, setScale) {
  const wanted = useRef(/** @type {{left: number, top: number, scale: number} | null} */ (null));
  /** @type {Zoom} */
  const zoom = (factor, at) => {
    const { current } = box;
    if (current === null) return;
    const next = Math.min(LARGEST, Math.max(SMALLEST, scale * factor));
    const { x, y } = at ?? { x: current.clientWidth / 2, y: current.clientHeight / 2 };
    const grown = next / scale;
    wanted.current = { left: (current.scrollLeft + x) * grown - x, top: (current.scrollTop + y) * grown - y, scale: next };
    setScale(next);
  };
  useLayoutEffect(() => {
    if (wanted.current !== null) box.current?.scrollTo({ ...wanted.current, behavior: "instant" });
  }, [scale]);
  return { zoom, isZoomed: wanted.current?.scale === scale };
}

/** With Ctrl the wheel zooms, as it does on maps; a pinch on a touchpad is told as the same. @param {WheelEvent} event @param {Zoom} zoom */
function turned(event, zoom) {
  if (!event.ctrlKey && !event.metaKey) return;
  event.preventDefault();
  const corner = /** @type {HTMLElement} */ (event.currentTarget).getBoundingClientRect();
  zoom(Math.exp(-event.deltaY * 0.002), { x: event.clientX - corner.left, y: event.clientY - corner.top });
}

/** @param {KeyboardEvent} event @param {Map<string, import("./graph_places.js").Place>} places @param {Zoom} zoom */
function pressed(event, places, zoom) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "+" || event.key === "=") zoom(1.25);
  else if (event.key === "-") zoom(0.8);
  else moveFocus(event, places);
}

/** @param {KeyboardEvent} event @param {Map<string, import("./graph_places.js").Place>} places */
function moveFocus(event, places) {
  const target = /** @type {HTMLElement} */ (event.target).closest("[data-state]");
  if (!(target instanceof HTMLElement)) return;
  const name = neighbour(places, target.dataset["state"] ?? "", event.key);
  if (name === null) return;
  event.preventDefault();
  event.stopPropagation();
  const all = /** @type {HTMLElement} */ (event.currentTarget).querySelectorAll("[data-state]");
  for (const one of all) if (one instanceof HTMLElement && one.dataset["state"] === name) one.focus();
}

/** Handlers by which the sheet follows the pointer. @param {{current: HTMLDivElement | null}} box */
function draggable(box) {
  return {
    onPointerDown: (/** @type {PointerEvent} */ event) => {
      const current = box.current;
      if (current === null || event.pointerType !== "mouse" || event.button !== 0) return;
      if (/** @type {HTMLElement} */ (event.target).closest("button, select") !== null) return;
      const from = { x: event.clientX + current.scrollLeft, y: event.clientY + current.scrollTop };
      const move = (/** @type {PointerEvent} */ now) => current.scrollTo({ left: from.x - now.clientX, top: from.y - now.clientY, behavior: "instant" });
      const stop = () => {
        removeEventListener("pointermove", move);
        current.classList.remove("dragged");
      };
      current.classList.add("dragged");
      addEventListener("pointermove", move);
      addEventListener("pointerup", stop, { once: true });
      addEventListener("pointercancel", stop, { once: true });
    },
  };
}
