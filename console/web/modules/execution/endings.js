/** How visits, iterations and executions end, and go on when an execution is driven again. */

/** @typedef {import("./records.js").Visit} Visit */
/** @typedef {import("./records.js").Scope} Scope */
/** @typedef {import("./records.js").Status} Status */

/** @type {ReadonlyMap<string, Status>} */
const ENDINGS = new Map([["Succeeded", "succeeded"], ["Failed", "failed"], ["TimedOut", "failed"], ["Aborted", "cancelled"]]);

/**
 * The status that an event leaves, by the last word of its type.
 * @param {string} type of an event that ends an iteration, a container or the execution
 * @returns {Status}
 */
export function endingOf(type) {
  return ENDINGS.get(/(Succeeded|Failed|TimedOut|Aborted)$/.exec(type)?.[1] ?? "") ?? "cancelled";
}

/**
 * @param {Visit} visit
 * @param {number} index of the event
 * @param {number | null} at
 * @param {Status} status
 */
export function close(visit, index, at, status) {
  visit.exitedIndex = index;
  visit.exitedAt = at;
  visit.marks.push({ index, status });
  visit.scope.open.delete(visit);
}

/**
 * A visit that had ended goes on, with all that it lies in.
 * @param {Visit} visit
 * @param {number} index of the event
 * @param {(visit: Visit) => void} opened is told each of them
 */
export function reopen(visit, index, opened) {
  for (let one = /** @type {Visit | null} */ (visit); one !== null && one.exitedIndex !== null; one = one.scope.parent) {
    one.exitedIndex = null;
    one.exitedAt = null;
    one.marks.push({ index, status: "running" });
    one.scope.open.add(one);
    opened(one);
    if (one.scope.endedIndex === null) continue;
    one.scope.endedIndex = null;
    one.scope.endedAt = null;
    one.scope.marks.push({ index, status: "running" });
  }
}

/**
 * End an iteration, a branch or the execution, with all that is still open in it.
 * @param {Scope} scope
 * @param {number} index of the event
 * @param {number | null} at
 * @param {Status} status
 * @param {Visit | null} failing which visit brought the end; it has failed with all that it lies in
 */
export function closeScope(scope, index, at, status, failing) {
  /** @type {Set<Visit | Scope>} */
  const guilty = new Set([scope]);
  for (let one = failing; one !== null && status === "failed"; one = one.scope.parent) guilty.add(one).add(one.scope);
  const waiting = [scope];
  for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
    one.endedIndex = index;
    one.endedAt = at;
    one.marks.push({ index, status: guilty.has(one) ? status : "cancelled" });
    for (const visit of [...one.open]) {
      close(visit, index, at, guilty.has(visit) ? "failed" : "cancelled");
      for (const inner of visit.scopes) if (inner.endedIndex === null) waiting.push(inner);
    }
  }
}
