/** The arrows of one level: those that were taken stand out, those of caught errors are broken lines. */

import { html } from "../base.js";

/** @typedef {import("./layout.js").Level} Level */
/** @typedef {import("./layout.js").Point} Point */

/**
 * @param {{level: Level, looks: Map<string, import("./moment.js").Look>, hasDefinition: boolean, index: number}} props
 */
export function Arrows({ level, looks, hasDefinition, index }) {
  const arrows = level.edges.map(({ edge, points, aside }) => {
    const way = looks.get(edge.to)?.visit?.scope.ways.get(edge.from)?.get(edge.to);
    const caught = way?.caught ?? null;
    const usual = way?.usual ?? (hasDefinition ? null : caught);
    const at = edge.kind === "catch" ? caught : usual;
    return { points, path: aside ? pulled(points) : curve(points), kind: edge.kind, label: edge.label, isTaken: at !== null && at <= index };
  });
  arrows.sort((one, other) => Number(one.isTaken) - Number(other.isTaken));
  return html`<svg class="ex-arrows" width=${level.width} height=${level.height} aria-hidden="true">
    ${level.links.map((points) => html`<path class="ex-arrow link" d=${curve(points)} />`)}
    ${arrows.map(({ points, path, kind, label, isTaken }) => html`<g class=${`ex-arrow ${kind} ${isTaken ? "taken" : ""}`}>
      <path d=${path} />
      <path class="ex-head-of-arrow" d=${head(points)} />
      ${label !== "" && html`<title>${label}</title>`}
    </g>`)}
  </svg>`;
}

/**
 * A line through the points that is round at each of them.
 * @param {Point[]} points
 */
export function curve(points) {
  const [first, ...rest] = points;
  const last = rest.at(-1);
  if (first === undefined || last === undefined) return "";
  let path = `M${first.x} ${first.y}`;
  for (let place = 0; place < rest.length - 1; place += 1) {
    const here = /** @type {Point} */ (rest[place]);
    const next = /** @type {Point} */ (rest[place + 1]);
    const end = place === rest.length - 2 ? next : { x: (here.x + next.x) / 2, y: (here.y + next.y) / 2 };
    path += `Q${here.x} ${here.y} ${end.x} ${end.y}`;
  }
  return rest.length === 1 ? `${path}L${last.x} ${last.y}` : path;
}

/** @param {Point[]} points begin, two that pull, end */
function pulled([begin, first, second, end]) {
  if (begin === undefined || first === undefined || second === undefined || end === undefined) return "";
  return `M${begin.x} ${begin.y}C${first.x} ${first.y} ${second.x} ${second.y} ${end.x} ${end.y}`;
}

/** @param {Point[]} points */
function head(points) {
  const tip = points.at(-1);
  const from = points.at(-2);
  if (tip === undefined || from === undefined) return "";
  const angle = Math.atan2(tip.y - from.y, tip.x - from.x);
  const corner = (/** @type {number} */ turn) => `${tip.x - 7 * Math.cos(angle + turn)} ${tip.y - 7 * Math.sin(angle + turn)}`;
  return `M${tip.x} ${tip.y}L${corner(0.45)}L${corner(-0.45)}Z`;
}
