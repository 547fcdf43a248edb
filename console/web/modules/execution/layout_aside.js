/**
 * What of a graph lies beside its main way: states that are reached by caught errors alone and lead nowhere, and
 * catches that lead to where the machine goes anyway. Placed with the others they would pull the whole graph apart.
 */

/** @typedef {import("./definition.js").Graph} Graph */
/** @typedef {import("./definition.js").GraphEdge} GraphEdge */
/** @typedef {import("./layout.js").Level} Level */
/** @typedef {import("./layout.js").PlacedNode} PlacedNode */
/** @typedef {import("./layout.js").Point} Point */

const BETWEEN = 18;
const BESIDE = 44;
const HEAD = 74;

/**
 * States that only caught errors lead to, and that lead nowhere.
 * @param {Graph} graph
 * @returns {Set<string>}
 */
export function satellitesOf(graph) {
  const caught = new Set(graph.edges.filter((edge) => edge.kind === "catch").map((edge) => edge.to));
  for (const edge of graph.edges) {
    if (edge.kind !== "catch") caught.delete(edge.to);
    caught.delete(edge.from);
  }
  if (graph.startAt !== null) caught.delete(graph.startAt);
  for (const node of graph.nodes) if (node.inner.length > 0) caught.delete(node.name);
  return caught;
}

/**
 * Arrows that are drawn by themselves: those to satellites, and catches that lead to where the machine goes anyway.
 * @param {Graph} graph
 * @param {ReadonlySet<string>} satellites
 * @returns {Set<GraphEdge>}
 */
export function asideOf(graph, satellites) {
  const usual = new Set(graph.edges.filter((edge) => edge.kind !== "catch").map((edge) => edge.to));
  return new Set(
    graph.edges.filter((edge) => edge.kind === "catch" && edge.to !== edge.from && (usual.has(edge.to) || satellites.has(edge.to))),
  );
}

/**
 * Put the satellites right of all others, each as high as the first state that leads to it.
 * @param {Level} level of which all others are placed; it grows
 * @param {Graph} graph
 * @param {ReadonlySet<string>} satellites
 */
export function placeAside(level, graph, satellites) {
  if (satellites.size === 0) return;
  const places = new Map(level.nodes.map((one) => [one.node.name, one]));
  /** @type {Map<string, number>} */
  const wanted = new Map();
  for (const edge of graph.edges) {
    const from = places.get(edge.from);
    if (!satellites.has(edge.to) || from === undefined) continue;
    wanted.set(edge.to, Math.min(wanted.get(edge.to) ?? Number.POSITIVE_INFINITY, from.y));
  }
  const x = level.width + BESIDE - 10;
  let free = 10;
  const inOrder = [...wanted].sort((one, other) => one[1] - other[1]);
  for (const [name, y] of inOrder) {
    const one = /** @type {PlacedNode} */ (places.get(name));
    one.x = x;
    one.y = Math.max(free, y);
    free = one.y + one.height + BETWEEN;
    level.width = Math.max(level.width, x + one.width + 10);
    level.height = Math.max(level.height, one.y + one.height + 10);
  }
}

/**
 * Begin, two points that pull the line aside, and end.
 * @param {PlacedNode | undefined} from
 * @param {PlacedNode | undefined} to
 * @param {boolean} isSatellite whether the end is the left side of a state in the lane beside
 * @returns {Point[]}
 */
export function pointsAside(from, to, isSatellite) {
  if (from === undefined || to === undefined) return [];
  const begin = { x: from.x + from.width, y: from.y + Math.min(from.height, HEAD) / 2 };
  if (isSatellite) {
    const end = { x: to.x, y: to.y + to.height / 2 };
    const pull = Math.max(30, (end.x - begin.x) / 2);
    return [begin, { x: begin.x + pull, y: begin.y }, { x: end.x - pull, y: end.y }, end];
  }
  const end = { x: to.x + to.width, y: to.y + 14 };
  const reach = Math.max(begin.x, end.x) + Math.min(90, 24 + Math.abs(end.y - begin.y) * 0.12);
  return [begin, { x: reach, y: begin.y }, { x: reach, y: end.y }, end];
}
