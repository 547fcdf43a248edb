/**
 * Places the nodes and arrows of a graph, each level by itself: an inner level gives its container the size.
 *
 * dagre lays out up to MOST_NODES of a level; more are put in rows, which is quick and still shows each of them.
 * Nodes have numbers there and not names: a state may be called as anything, `__proto__` too.
 */

import dagre from "@dagrejs/dagre";
import { asideOf, placeAside, pointsAside, satellitesOf } from "./layout_aside.js";

/** @typedef {import("./definition.js").Graph} Graph */
/** @typedef {import("./definition.js").GraphNode} GraphNode */
/** @typedef {import("./definition.js").GraphEdge} GraphEdge */
/** @typedef {{x: number, y: number}} Point */
/** @typedef {{node: GraphNode, x: number, y: number, width: number, height: number, inner: Level[]}} PlacedNode upper left corner */
/** @typedef {{edge: GraphEdge, points: Point[], aside: boolean}} PlacedEdge `aside`: from the right side of a node to that of another */
/** @typedef {Point & {kind: "start" | "end"}} Terminal its middle */
/** @typedef {{x: number, y: number, width: number, height: number, nodes: PlacedNode[], edges: PlacedEdge[], terminals: Terminal[], links: Point[][]}} Level */

export const NODE_HEIGHT = 46;
export const HEADER_HEIGHT = 74;
const PADDING = 14;
const NARROWEST = 190;
const WIDEST = 300;
const MOST_NODES = 300;
const MOST_EDGES = 1500;
const TERMINAL = 22;

/**
 * @param {Graph} graph
 * @param {boolean} [isOutermost] with circles for start and end
 * @returns {Level}
 */
export function layoutOf(graph, isOutermost = true) {
  return placed({ ...graph, edges: together(graph.edges) }, isOutermost);
}

/**
 * One arrow for all ways from a state to another that are drawn alike.
 * @param {GraphEdge[]} edges
 * @returns {GraphEdge[]}
 */
function together(edges) {
  /** @type {Map<string, GraphEdge>} */
  const drawn = new Map();
  for (const edge of edges) {
    const key = JSON.stringify([edge.from, edge.to, edge.kind === "catch"]);
    const same = drawn.get(key);
    const label = [same?.label, edge.label].filter(Boolean).join("\n");
    drawn.set(key, { ...(same ?? edge), label });
  }
  return [...drawn.values()];
}

/**
 * @param {Graph} graph
 * @param {boolean} isOutermost
 * @returns {Level}
 */
function placed(graph, isOutermost) {
  const nodes = graph.nodes.map((node) => sized(node));
  const level = { x: 0, y: 0, width: 0, height: 0, nodes, edges: [], terminals: [], links: [] };
  if (nodes.length > MOST_NODES || graph.edges.length > MOST_EDGES) return inRows(level);
  return byDagre(level, graph, isOutermost);
}

/**
 * @param {GraphNode} node
 * @returns {PlacedNode}
 */
function sized(node) {
  const inner = node.inner.map((one) => layoutOf(one, false));
  const name = Math.min(WIDEST, Math.max(NARROWEST, Math.round(visibleLength(node.name) * 8.4) + 76));
  if (inner.length === 0) {
    const height = node.type === "Map" || node.type === "Parallel" ? HEADER_HEIGHT : NODE_HEIGHT;
    return { node, x: 0, y: 0, width: height === HEADER_HEIGHT ? Math.max(name, 220) : name, height, inner };
  }
  let x = PADDING;
  for (const level of inner) {
    level.x = x;
    level.y = HEADER_HEIGHT;
    x += level.width + PADDING;
  }
  const height = HEADER_HEIGHT + Math.max(...inner.map((level) => level.height)) + PADDING;
  const width = Math.max(x, name, 250);
  for (const level of inner) level.x += (width - x) / 2;
  return { node, x: 0, y: 0, width, height, inner };
}

/** Wide letters count twice. @param {string} name */
function visibleLength(name) {
  let length = 0;
  for (const letter of name.slice(0, 80)) length += (letter.codePointAt(0) ?? 0) > 0x1100 ? 1.7 : 1;
  return length;
}

/**
 * @param {Level} level
 * @param {Graph} graph
 * @param {boolean} isOutermost
 * @returns {Level}
 */
function byDagre(level, graph, isOutermost) {
  const satellites = satellitesOf(graph);
  const aside = asideOf(graph, satellites);
  const plan = new dagre.graphlib.Graph({ multigraph: true });
  const ranker = level.nodes.length > 120 ? "longest-path" : "network-simplex";
  plan.setGraph({ rankdir: "TB", nodesep: 26, edgesep: 14, ranksep: 34, marginx: 10, marginy: 10, ranker });
  plan.setDefaultEdgeLabel(() => ({}));
  const numbers = new Map(level.nodes.map((one, number) => [one.node.name, String(number)]));
  level.nodes.forEach((one, number) => {
    if (!satellites.has(one.node.name)) plan.setNode(String(number), { width: one.width, height: one.height });
  });
  graph.edges.forEach((edge, number) => {
    if (aside.has(edge)) return;
    const weight = edge.kind === "catch" ? 1 : 4;
    plan.setEdge(String(numbers.get(edge.from)), String(numbers.get(edge.to)), { weight }, String(number));
  });
  const ends = isOutermost ? withTerminals(plan, level.nodes.filter((one) => !satellites.has(one.node.name)), graph, numbers) : [];
  dagre.layout(plan);
  level.nodes.forEach((one, number) => {
    const place = plan.node(String(number));
    if (place === undefined) return;
    one.x = place.x - one.width / 2;
    one.y = place.y - one.height / 2;
  });
  const size = plan.graph();
  level.width = size.width ?? 0;
  level.height = size.height ?? 0;
  placeAside(level, graph, satellites);
  const places = new Map(level.nodes.map((one) => [one.node.name, one]));
  level.edges = graph.edges.map((edge, number) => {
    if (aside.has(edge)) return { edge, points: pointsAside(places.get(edge.from), places.get(edge.to), satellites.has(edge.to)), aside: true };
    const found = plan.edge(String(numbers.get(edge.from)), String(numbers.get(edge.to)), String(number));
    return { edge, points: found?.points ?? [], aside: false };
  });
  level.terminals = ends.map(({ id, kind }) => ({ x: plan.node(id).x, y: plan.node(id).y, kind }));
  level.links = plan.edges().filter((one) => one.name === "terminal").map((one) => plan.edge(one)?.points ?? []);
  return level;
}

/**
 * @param {import("@dagrejs/dagre").graphlib.Graph} plan
 * @param {PlacedNode[]} nodes
 * @param {Graph} graph
 * @param {Map<string, string>} numbers
 * @returns {{id: string, kind: "start" | "end"}[]}
 */
function withTerminals(plan, nodes, graph, numbers) {
  const size = { width: TERMINAL, height: TERMINAL };
  /** @type {{id: string, kind: "start" | "end"}[]} */
  const terminals = [];
  const first = nodes.some(({ node }) => node.name === graph.startAt) ? numbers.get(graph.startAt ?? "") : undefined;
  if (first !== undefined) {
    plan.setNode("start", size);
    plan.setEdge("start", first, { weight: 4 }, "terminal");
    terminals.push({ id: "start", kind: "start" });
  }
  const last = nodes.filter(({ node }) => !graph.edges.some((edge) => edge.from === node.name && edge.kind !== "catch"));
  if (last.length === 0) return terminals;
  plan.setNode("end", size);
  for (const one of last) plan.setEdge(String(numbers.get(one.node.name)), "end", { weight: 2 }, "terminal");
  return [...terminals, { id: "end", kind: "end" }];
}

/**
 * @param {Level} level
 * @returns {Level}
 */
function inRows(level) {
  const columns = Math.ceil(Math.sqrt(level.nodes.length));
  let y = PADDING;
  for (let begin = 0; begin < level.nodes.length; begin += columns) {
    const row = level.nodes.slice(begin, begin + columns);
    let x = PADDING;
    for (const one of row) {
      one.x = x;
      one.y = y;
      x += one.width + PADDING;
    }
    y += Math.max(...row.map((one) => one.height)) + PADDING;
    level.width = Math.max(level.width, x);
  }
  level.height = y;
  return level;
}
