/**
 * The attempts of a visit: what was scheduled, when, and how each ended; and what events tell of the call.
 */

import { effectOf, textOf } from "./events.js";

/** @typedef {import("./records.js").Visit} Visit */
/** @typedef {import("./events.js").HistoryEvent} HistoryEvent */

const STARTED_EXECUTION = /"[eE]xecutionArn"\s*:\s*"(arn:[^"\\]{1,2000})"/;
const LOOKED_THROUGH = 20_000;

export class Attempts {
  /**
   * @param {Visit} visit
   * @param {number} index
   * @param {number | null} at
   */
  start(visit, index, at) {
    visit.error = null;
    visit.cause = null;
    visit.attempts.push({
      startedIndex: index, startedAt: at, endedIndex: null, endedAt: null, error: null, cause: null, failed: false,
    });
  }

  /**
   * @param {Visit} visit
   * @param {number} index
   * @param {number | null} at
   */
  succeed(visit, index, at) {
    const last = visit.attempts.at(-1);
    if (last === undefined || last.endedIndex !== null) return;
    last.endedIndex = index;
    last.endedAt = at;
  }

  /**
   * The attempt has failed; one that never began is told as beginning here.
   * @param {Visit} visit
   * @param {number} index
   * @param {number | null} at
   * @param {string | null} error
   * @param {string | null} cause
   */
  fail(visit, index, at, error, cause) {
    let last = visit.attempts.at(-1);
    if (last === undefined || (last.endedIndex !== null && !last.failed)) {
      this.start(visit, index, at);
      last = /** @type {import("./records.js").Attempt} */ (visit.attempts.at(-1));
    }
    last.endedIndex = index;
    last.endedAt = at;
    last.failed = true;
    this.tell(visit, error, cause);
  }

  /**
   * @param {Visit} visit
   * @param {string | null} error
   * @param {string | null} cause
   */
  tell(visit, error, cause) {
    visit.error = error ?? visit.error;
    visit.cause = cause ?? visit.cause;
    const last = visit.attempts.at(-1);
    if (last === undefined || !last.failed) return;
    last.error = error ?? last.error;
    last.cause = cause ?? last.cause;
  }

  /**
   * Read an event of a state's work.
   * @param {HistoryEvent} event
   * @param {Record<string, unknown>} details
   * @param {Visit} visit
   * @param {number} index
   * @param {number | null} at
   */
  read(event, details, visit, index, at) {
    const effect = effectOf(event.type);
    if (effect === "start") this.#schedule(details, visit, index, at);
    if (effect === "succeed") this.succeed(visit, index, at);
    if (effect === "fail" || event.type === "MapRunFailed") {
      this.fail(visit, index, at, textOf(details, "error"), textOf(details, "cause"));
    }
    visit.mapRun = textOf(details, "mapRunArn") ?? visit.mapRun;
    if (visit.resource?.includes("startExecution") === true) {
      const told = textOf(details, "output")?.slice(0, LOOKED_THROUGH);
      visit.child = STARTED_EXECUTION.exec(told ?? "")?.[1] ?? visit.child;
    }
  }

  /**
   * @param {Record<string, unknown>} details
   * @param {Visit} visit
   * @param {number} index
   * @param {number | null} at
   */
  #schedule(details, visit, index, at) {
    this.start(visit, index, at);
    const kind = textOf(details, "resourceType");
    const resource = textOf(details, "resource");
    visit.resource = kind === null ? resource : `${kind}:${resource ?? ""}`;
    visit.parameters = textOf(details, "parameters") ?? textOf(details, "input");
  }
}
