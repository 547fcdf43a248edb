/** The order of the timeline's rows; pure. */

/** @typedef {import("./history.js").History} History */
/** @typedef {import("./records.js").Visit} Visit */

/**
 * Visits so that those inside follow their container.
 * @param {History} history
 * @returns {Visit[]}
 */
export function rowsOf(history) {
  /** @type {Visit[]} */
  const rows = [];
  const insides = new Map(history.scopes.map((scope) => [scope, /** @type {Visit[]} */ ([])]));
  for (const visit of history.visits) insides.get(visit.scope)?.push(visit);
  const waiting = [...(insides.get(history.root) ?? [])].reverse();
  for (let visit = waiting.pop(); visit !== undefined; visit = waiting.pop()) {
    rows.push(visit);
    for (const scope of [...visit.scopes].reverse()) {
      for (const inner of [...(insides.get(scope) ?? [])].reverse()) waiting.push(inner);
    }
  }
  return rows;
}
