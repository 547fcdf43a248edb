/** Where a press of a key leads, and which event that is; pure. */

/** @typedef {import("./history.js").History} History */

/** @typedef {"first" | "previous" | "next" | "last" | "previous_failure" | "next_failure"} Move */

/** @type {ReadonlyMap<string, Move>} */
const KEYS = new Map([
  ["Home", "first"], ["End", "last"], ["ArrowLeft", "previous"], ["ArrowUp", "previous"], ["k", "previous"],
  ["ArrowRight", "next"], ["ArrowDown", "next"], ["j", "next"], ["n", "next_failure"], ["p", "previous_failure"],
]);

/**
 * @param {string} key as a keyboard event names it
 * @returns {Move | null}
 */
export function moveOf(key) {
  return KEYS.get(key) ?? null;
}

/**
 * The index of the event to which a move leads; the same where there is none.
 * @param {Move} move
 * @param {number} index
 * @param {{steps: {length: number}, failures: readonly number[]}} history
 */
export function placeAfter(move, index, history) {
  const last = history.steps.length - 1;
  switch (move) {
    case "first": return Math.min(0, last);
    case "last": return last;
    case "previous": return Math.max(Math.min(0, last), index - 1);
    case "next": return Math.min(last, index + 1);
    case "next_failure": return history.failures.find((one) => one > index) ?? index;
    case "previous_failure": return history.failures.findLast((one) => one < index) ?? index;
    default: return index;
  }
}
