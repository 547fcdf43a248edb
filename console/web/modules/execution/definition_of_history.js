/** Makes a graph of the events alone, for an execution whose definition is not at hand: the ways that were gone. */

/** @typedef {import("./definition.js").Graph} Graph */
/** @typedef {import("./definition.js").GraphNode} GraphNode */
/** @typedef {import("./history.js").History} History */

const DEEPEST = 30;

/**
 * The states that were entered, in the order in which they first were, and the transitions that were taken.
 * @param {History} history
 * @returns {Graph}
 */
export function graphOfHistory(history) {
  /** @type {Map<string | null, Map<string, string>>} */
  const levels = new Map();
  /** @type {Set<string>} */
  const maps = new Set();
  for (const visit of history.visits) {
    const parent = visit.scope.parent?.name ?? null;
    const level = levels.get(parent) ?? new Map();
    if (!level.has(visit.name)) level.set(visit.name, visit.type);
    levels.set(parent, level);
    if (visit.mapRun !== null) maps.add(visit.name);
  }
  return graphBelow(null, levels, maps, targetsOf(history), new Set(), 0);
}

/**
 * Where each state was left to, in whatever iteration.
 * @param {History} history
 * @returns {Map<string, Set<string>>}
 */
function targetsOf(history) {
  /** @type {Map<string, Set<string>>} */
  const all = new Map();
  for (const scope of history.scopes) {
    for (const [from, targets] of scope.ways) {
      const known = all.get(from) ?? new Set();
      for (const to of targets.keys()) known.add(to);
      all.set(from, known);
    }
  }
  return all;
}

/**
 * @param {string | null} parent
 * @param {Map<string | null, Map<string, string>>} levels
 * @param {Set<string>} maps names of Maps whose items are executions of their own
 * @param {Map<string, Set<string>>} transitions
 * @param {Set<string>} above containers around, for a history in which one lies in itself
 * @param {number} depth
 * @returns {Graph}
 */
function graphBelow(parent, levels, maps, transitions, above, depth) {
  const level = levels.get(parent) ?? new Map();
  /** @type {GraphNode[]} */
  const nodes = [];
  /** @type {Graph["edges"]} */
  const edges = [];
  for (const [name, type] of level) {
    const isOpen = levels.has(name) && !above.has(name) && depth < DEEPEST;
    const inner = isOpen ? [graphBelow(name, levels, maps, transitions, new Set([...above, name]), depth + 1)] : [];
    nodes.push({ name, type, definition: null, inner, distributed: maps.has(name) });
    for (const to of transitions.get(name) ?? []) {
      if (level.has(to)) edges.push({ from: name, to, kind: "next", label: "" });
    }
  }
  return { startAt: nodes[0]?.name ?? null, nodes, edges };
}
