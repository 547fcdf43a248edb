/**
 * Turns a definition in Amazon States Language into the graph that is drawn: one level a Map's or Parallel's inside.
 *
 * A definition is taken as it comes: what cannot be read, or leads nowhere, is left out. States have names that are
 * unique in the whole machine, as the language demands.
 */

import { isRecord } from "./events.js";

/**
 * @typedef {object} GraphNode
 * @property {string} name
 * @property {string} type
 * @property {Record<string, unknown> | null} definition the state as it is written
 * @property {Graph[]} inner one for a Map, one a branch for a Parallel
 * @property {boolean} distributed whether its items are executions of their own
 */

/** @typedef {{from: string, to: string, kind: "next" | "choice" | "default" | "catch", label: string}} GraphEdge */
/** @typedef {{startAt: string | null, nodes: GraphNode[], edges: GraphEdge[]}} Graph */

const DEEPEST = 30;
const LONGEST_LABEL = 200;

/**
 * The graph of a definition; null where it is none.
 * @param {unknown} definition
 * @param {number} [depth]
 * @returns {Graph | null}
 */
export function graphOf(definition, depth = 0) {
  if (!isRecord(definition) || !isRecord(definition["States"]) || depth > DEEPEST) return null;
  const states = Object.entries(definition["States"]).filter(([, state]) => isRecord(state));
  const names = new Set(states.map(([name]) => name));
  const nodes = states.map(([name, state]) => nodeOf(name, /** @type {Record<string, unknown>} */ (state), depth));
  const edges = nodes.flatMap((node) => edgesOf(node)).filter((edge) => names.has(edge.to));
  const startAt = definition["StartAt"];
  return { startAt: typeof startAt === "string" && names.has(startAt) ? startAt : null, nodes, edges };
}

/**
 * @param {string} name
 * @param {Record<string, unknown>} state
 * @param {number} depth
 * @returns {GraphNode}
 */
function nodeOf(name, state, depth) {
  const processor = isRecord(state["ItemProcessor"]) ? state["ItemProcessor"] : state["Iterator"];
  const branches = Array.isArray(state["Branches"]) ? state["Branches"] : [];
  const inside = state["Type"] === "Map" ? [processor] : state["Type"] === "Parallel" ? branches : [];
  const mode = isRecord(processor) && isRecord(processor["ProcessorConfig"]) ? processor["ProcessorConfig"]["Mode"] : "";
  return {
    name,
    type: typeof state["Type"] === "string" ? state["Type"] : "",
    definition: state,
    inner: inside.map((one) => graphOf(one, depth + 1)).filter((one) => one !== null),
    distributed: mode === "DISTRIBUTED",
  };
}

/**
 * @param {GraphNode} node
 * @returns {GraphEdge[]}
 */
function edgesOf(node) {
  const state = node.definition ?? {};
  const from = node.name;
  /** @type {GraphEdge[]} */
  const edges = [];
  for (const rule of listOf(state["Choices"])) {
    if (typeof rule["Next"] === "string") edges.push({ from, to: rule["Next"], kind: "choice", label: ruleText(rule) });
  }
  if (typeof state["Default"] === "string") edges.push({ from, to: state["Default"], kind: "default", label: "" });
  if (typeof state["Next"] === "string") edges.push({ from, to: state["Next"], kind: "next", label: "" });
  for (const catcher of listOf(state["Catch"])) {
    const errors = Array.isArray(catcher["ErrorEquals"]) ? catcher["ErrorEquals"].join(", ") : "";
    const to = catcher["Next"];
    if (typeof to === "string") edges.push({ from, to, kind: "catch", label: errors.slice(0, LONGEST_LABEL) });
  }
  return edges;
}

/**
 * @param {unknown} value
 * @returns {Record<string, unknown>[]}
 */
function listOf(value) {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

/** @type {ReadonlyMap<string, string>} */
const OPERATORS = new Map([
  ["Equals", "="], ["LessThan", "<"], ["GreaterThan", ">"], ["LessThanEquals", "≤"], ["GreaterThanEquals", "≥"], ["Matches", "~"],
]);

/**
 * What a rule of a Choice asks, in a short form, such as `$.wave.next = "scan"`.
 * @param {Record<string, unknown>} rule
 * @param {number} [depth]
 * @returns {string}
 */
export function ruleText(rule, depth = 0) {
  if (depth > 5) return "…";
  if (typeof rule["Condition"] === "string") return rule["Condition"].slice(0, LONGEST_LABEL);
  if (isRecord(rule["Not"])) return `not (${ruleText(rule["Not"], depth + 1)})`.slice(0, LONGEST_LABEL);
  for (const word of ["And", "Or"]) {
    const parts = listOf(rule[word]).slice(0, 20);
    if (parts.length > 0) return parts.map((one) => ruleText(one, depth + 1)).join(` ${word.toLowerCase()} `).slice(0, LONGEST_LABEL);
  }
  const comparison = Object.entries(rule).find(([key]) => !["Variable", "Next", "Comment", "Assign", "Output"].includes(key));
  if (comparison === undefined) return "";
  const [key, value] = comparison;
  const [, kind = key] = /^(?:String|Numeric|Boolean|Timestamp)([A-Za-z]+?)(?:Path)?$/.exec(key) ?? [];
  return `${String(rule["Variable"] ?? "")} ${OPERATORS.get(kind) ?? key} ${JSON.stringify(value) ?? ""}`.slice(0, LONGEST_LABEL);
}

/**
 * The graph to draw an execution in: the machine's, or where all its states lie inside of a Map, as those of a child
 * of a Distributed Map do, that Map's. Null where the definition is of another machine, or there is none.
 * @param {Graph | null} whole
 * @param {Iterable<string>} entered names of the states that the execution itself has entered
 * @returns {Graph | null}
 */
export function graphHolding(whole, entered) {
  const names = [...entered];
  const waiting = whole === null ? [] : [whole];
  for (let graph = waiting.shift(); graph !== undefined; graph = waiting.shift()) {
    const known = new Set(graph.nodes.map((node) => node.name));
    if (names.every((name) => known.has(name))) return graph;
    for (const node of graph.nodes) waiting.push(...node.inner);
  }
  return null;
}
