/**
 * What is recorded of an execution: each time a state was entered (a visit), and what holds visits together: the
 * execution itself, an iteration of a Map, a branch of a Parallel (a scope). Plain data; `history.js` fills it.
 */

/** @typedef {"pending" | "running" | "succeeded" | "failed" | "caught" | "cancelled"} Status */

/**
 * From the event with this index on, the status holds.
 * @typedef {{index: number, status: Status}} Mark
 */

/**
 * One try of a visit: what was scheduled, and how it ended. A Map that is started again has one more, too.
 * @typedef {{startedIndex: number, startedAt: number | null, endedIndex: number | null, endedAt: number | null,
 *   error: string | null, cause: string | null, failed: boolean}} Attempt
 */

/**
 * @typedef {object} Visit
 * @property {number} number counted over the whole execution, from 0
 * @property {string} name of the state
 * @property {string} type "Task", "Map" ...
 * @property {Scope} scope where it happened
 * @property {Visit | null} previous from which state it was reached
 * @property {number} enteredIndex of the event
 * @property {number | null} enteredAt milliseconds of Unix time
 * @property {number | null} exitedIndex of the event at which it ended, however it ended
 * @property {number | null} exitedAt
 * @property {string | null} input JSON as text
 * @property {string | null} output JSON as text
 * @property {boolean} inputTruncated
 * @property {boolean} outputTruncated
 * @property {Mark[]} marks ascending
 * @property {Attempt[]} attempts
 * @property {string | null} error the last one
 * @property {string | null} cause
 * @property {Visit | null} caughtBy where the execution went on after its error
 * @property {string | null} resource for example `states:startExecution.sync:2`, or an ARN
 * @property {string | null} parameters JSON as text: what the service was called with
 * @property {string | null} child ARN of the execution that it started
 * @property {string | null} mapRun ARN
 * @property {string | null} assigned variables, as JSON text
 * @property {number | null} length items of a Map
 * @property {boolean} hasStarted whether a Map or Parallel has begun its iterations or branches
 * @property {Scope[]} scopes of a Map or Parallel, in the order in which they began
 */

/**
 * @typedef {object} Scope
 * @property {number} number counted over the whole execution, from 0, which is the execution itself
 * @property {Visit | null} parent the Map or Parallel; null for the execution itself
 * @property {number} depth 0 for the execution itself
 * @property {number} index of the iteration or branch
 * @property {number} startedIndex of the event
 * @property {number | null} startedAt
 * @property {number | null} endedIndex
 * @property {number | null} endedAt
 * @property {Mark[]} marks ascending
 * @property {Map<string, Visit[]>} visits by the state's name, ascending
 * @property {Set<Visit>} open visits that have not ended
 * @property {Map<string, Map<string, Way>>} ways that were gone, by where they begin and where they end
 */

/** The event at which a way was first gone: as the machine goes on, and after a caught error. @typedef {{usual: number | null, caught: number | null}} Way */

/**
 * @param {number} number
 * @param {Visit | null} parent
 * @param {number} index
 * @param {number} startedIndex
 * @param {number | null} startedAt
 * @returns {Scope}
 */
export function newScope(number, parent, index, startedIndex, startedAt) {
  return {
    number, parent, depth: parent === null ? 0 : parent.scope.depth + 1, index, startedIndex, startedAt,
    endedIndex: null, endedAt: null, marks: [{ index: startedIndex, status: "running" }],
    visits: new Map(), open: new Set(), ways: new Map(),
  };
}

/**
 * @param {Pick<Visit, "number" | "name" | "type" | "scope" | "previous" | "enteredIndex" | "enteredAt">} facts
 * @returns {Visit}
 */
export function newVisit(facts) {
  return {
    ...facts, exitedIndex: null, exitedAt: null, input: null, output: null, inputTruncated: false,
    outputTruncated: false, marks: [{ index: facts.enteredIndex, status: "running" }], attempts: [], error: null,
    cause: null, caughtBy: null, resource: null, parameters: null, child: null, mapRun: null, assigned: null,
    length: null, hasStarted: false, scopes: [],
  };
}

/**
 * The status that a visit or scope has at the event with the index, that event included.
 * @param {{marks: Mark[]}} marked
 * @param {number} index
 * @returns {Status}
 */
export function statusAt(marked, index) {
  for (let place = marked.marks.length - 1; place >= 0; place -= 1) {
    const mark = marked.marks[place];
    if (mark !== undefined && mark.index <= index) return mark.status;
  }
  return "pending";
}

/**
 * Of a list that ascends by the index of the event at which each began: how many had begun.
 * @template T
 * @param {readonly T[]} list
 * @param {(one: T) => number} begin
 * @param {number} index
 */
export function begunAt(list, begin, index) {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (begin(/** @type {T} */ (list[middle])) <= index) low = middle + 1;
    else high = middle;
  }
  return low;
}
