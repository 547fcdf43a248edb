/**
 * What holds at one event of a history: each state's visit, status and counts, as they were then.
 *
 * Nothing is read again: a visit knows from which event on it had which status. Of a Map one iteration is looked at:
 * the one that was chosen, else the first that has failed, else the latest that had begun.
 */

import { begunAt, statusAt } from "./records.js";

/** @typedef {import("./definition.js").Graph} Graph */
/** @typedef {import("./definition.js").GraphNode} GraphNode */
/** @typedef {import("./history.js").History} History */
/** @typedef {import("./records.js").Visit} Visit */
/** @typedef {import("./records.js").Scope} Scope */
/** @typedef {import("./records.js").Status} Status */

/** @typedef {{total: number, started: number, running: number, succeeded: number, failed: number, cancelled: number}} Counts */

/**
 * @typedef {object} Look
 * @property {GraphNode} node
 * @property {Status} status
 * @property {Visit | null} visit the latest that had begun
 * @property {Visit[]} visits all in this iteration; the first `begun` of them had begun
 * @property {number} begun
 * @property {number} retries attempts of the visit that had failed and were followed by another
 * @property {Counts | null} counts of a Map's iterations
 * @property {Scope | null} iteration that is looked at
 */

/** @typedef {ReadonlyMap<number, Scope>} Chosen by the number of a Map's visit: the iteration to look at */

/**
 * Every state of a graph, as it was at an event.
 * @param {Graph} graph
 * @param {History} history
 * @param {number} index of the event
 * @param {Chosen} chosen
 * @returns {Map<string, Look>}
 */
export function looksAt(graph, history, index, chosen) {
  /** @type {Map<string, Look>} */
  const looks = new Map();
  /** @type {{graph: Graph, scopes: readonly Scope[]}[]} */
  const waiting = [{ graph, scopes: [history.root] }];
  for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
    for (const node of one.graph.nodes) {
      const look = lookOf(node, one.scopes, index, chosen);
      looks.set(node.name, look);
      const inside = scopesInside(look, index);
      for (const inner of node.inner) waiting.push({ graph: inner, scopes: inside });
    }
  }
  return looks;
}

/**
 * @param {GraphNode} node
 * @param {readonly Scope[]} scopes where it may have been entered
 * @param {number} index
 * @param {Chosen} chosen
 * @returns {Look}
 */
function lookOf(node, scopes, index, chosen) {
  /** @type {Look} */
  const look = { node, status: "pending", visit: null, visits: [], begun: 0, retries: 0, counts: null, iteration: null };
  for (const scope of scopes) {
    const visits = scope.visits.get(node.name);
    if (visits === undefined) continue;
    const begun = begunAt(visits, (visit) => visit.enteredIndex, index);
    if (begun === 0) continue;
    const visit = /** @type {Visit} */ (visits[begun - 1]);
    if (look.visit !== null && look.visit.enteredIndex > visit.enteredIndex) continue;
    Object.assign(look, { visit, visits, begun });
  }
  if (look.visit === null) return look;
  look.status = statusAt(look.visit, index);
  look.retries = retriesAt(look.visit, index);
  if (look.visit.type === "Map") {
    look.counts = countsAt(look.visit, index);
    look.iteration = iterationAt(look.visit, index, chosen);
  }
  return look;
}

/**
 * @param {Look} look
 * @param {number} index
 * @returns {readonly Scope[]}
 */
function scopesInside(look, index) {
  if (look.visit === null) return [];
  if (look.visit.type === "Map") return look.iteration === null ? [] : [look.iteration];
  return look.visit.scopes.slice(0, begunAt(look.visit.scopes, (scope) => scope.startedIndex, index));
}

/**
 * How often a visit's work had been begun again.
 * @param {Visit} visit
 * @param {number} index
 */
export function retriesAt(visit, index) {
  return Math.max(0, begunAt(visit.attempts, (attempt) => attempt.startedIndex, index) - 1);
}

/**
 * @param {Visit} visit of a Map
 * @param {number} index
 * @returns {Counts}
 */
export function countsAt(visit, index) {
  const counts = { total: visit.length ?? 0, started: 0, running: 0, succeeded: 0, failed: 0, cancelled: 0 };
  for (const scope of visit.scopes) {
    if (scope.startedIndex > index) break;
    const status = statusAt(scope, index);
    counts.started += 1;
    if (status === "running" || status === "succeeded" || status === "failed" || status === "cancelled") counts[status] += 1;
  }
  counts.total = Math.max(counts.total, counts.started);
  return counts;
}

/**
 * @param {Visit} visit of a Map
 * @param {number} index
 * @param {Chosen} chosen
 * @returns {Scope | null}
 */
function iterationAt(visit, index, chosen) {
  const wanted = chosen.get(visit.number);
  if (wanted !== undefined && wanted.startedIndex <= index) return wanted;
  const begun = begunAt(visit.scopes, (scope) => scope.startedIndex, index);
  const failed = visit.scopes.find((scope) => scope.startedIndex <= index && statusAt(scope, index) === "failed");
  return failed ?? visit.scopes[begun - 1] ?? null;
}

/**
 * What is chosen when a reader looks at an event: the iterations that it lies in; other Maps stay as they were.
 * @param {Chosen} chosen
 * @param {Scope} scope the event's
 * @returns {Chosen}
 */
export function chosenWith(chosen, scope) {
  const all = new Map(chosen);
  for (let one = scope; one.parent !== null; one = one.parent.scope) {
    if (one.parent.type === "Map") all.set(one.parent.number, one);
  }
  return all;
}

/**
 * The error that a visit had told by an event, with its cause; null where it had told none.
 * @param {Visit} visit
 * @param {number} index
 * @returns {{error: string | null, cause: string | null} | null}
 */
export function errorAt(visit, index) {
  const begun = begunAt(visit.attempts, (attempt) => attempt.startedIndex, index);
  const last = visit.attempts[begun - 1];
  if (last?.failed === true && last.endedIndex !== null && last.endedIndex <= index) return last;
  const status = statusAt(visit, index);
  const hasError = visit.error !== null || visit.cause !== null;
  return (status === "failed" || status === "caught") && hasError ? visit : null;
}

/**
 * Milliseconds that a visit, iteration or execution had lasted; null where no time is known.
 * @param {{enteredAt?: number | null, startedAt?: number | null}} began
 * @param {{index: number | null, at: number | null}} ended
 * @param {number} index
 * @param {number | null} now the time of the event, or of the clock
 */
export function lastedAt(began, ended, index, now) {
  const from = began.enteredAt ?? began.startedAt ?? null;
  const to = ended.index !== null && ended.index <= index ? ended.at : now;
  return from === null || to === null ? null : Math.max(0, to - from);
}
