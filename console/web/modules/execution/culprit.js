/** What an execution failed of; pure. */

/**
 * Where an execution failed: the state whose failure ended it, rather than a Map or Parallel around it. Where its time
 * ran out or it was stopped, what had not ended.
 * @param {import("./history.js").History} history
 * @returns {{index: number, state: string, key: string} | null}
 */
export function culpritOf(history) {
  const end = history.steps.length - 1;
  if (history.ending !== "ExecutionFailed") {
    const open = history.visits.findLast((visit) => visit.exitedIndex === end && visit.marks.at(-1)?.status === "cancelled");
    return open === undefined ? null : { index: open.enteredIndex, state: open.name, key: "execution.go_to_open" };
  }
  const told = history.failures.filter((index) => (history.steps[index]?.visit ?? null) !== null);
  const isInner = (/** @type {number} */ index) => history.steps[index]?.visit?.scopes.length === 0 && history.steps[index]?.visit?.marks.at(-1)?.status === "failed";
  const index = told.findLast(isInner) ?? told.at(-1);
  const state = index === undefined ? undefined : history.steps[index]?.visit?.name;
  return index === undefined || state === undefined ? null : { index, state, key: "execution.go_to_failure" };
}
