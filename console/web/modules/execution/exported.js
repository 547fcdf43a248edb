/**
 * Reads what Replay is given: exported executions of this project (`executions/*.json`), what
 * `aws stepfunctions get-execution-history` and `describe-execution` print, and definitions, in one file or several.
 * It stays in the browser.
 */

import { isRecord, readableEvents, timeOf } from "./events.js";

/** @typedef {import("./events.js").HistoryEvent} HistoryEvent */

/**
 * @typedef {object} Exported
 * @property {Record<string, unknown>} execution with `arn`, `name`, `status`, `started_at` ... as far as they are told
 * @property {HistoryEvent[]} events
 * @property {unknown} definition null where there is none
 * @property {{name: string, arn: string, status: string, state?: string}[]} children
 */

/** What a file was refused for: a key of the page's texts follows from it. */
export class Unreadable extends Error {
  /** @param {"no_json" | "no_events"} reason */
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

/** Names that describe-execution has, and the one that the page uses. */
const NAMES = [
  ["executionArn", "arn"],
  ["stateMachineArn", "machine"],
  ["startDate", "started_at"],
  ["stopDate", "stopped_at"],
];

/**
 * One execution out of the texts of one or more files.
 * @param {readonly string[]} texts
 * @returns {Exported}
 * @throws {Unreadable} a text is no JSON, or there is no event in any of them
 */
export function exportedFrom(texts) {
  /** @type {Exported} */
  const found = { execution: {}, events: [], definition: null, children: [] };
  for (const text of texts) take(parsed(text), found);
  if (found.events.length === 0) throw new Unreadable("no_events");
  found.events = inOrder(found.events);
  found.execution = withFacts(found.execution, found.events);
  return found;
}

/** @param {string} text @returns {unknown} */
function parsed(text) {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    throw new Unreadable("no_json");
  }
}

/** @param {unknown} document @param {Exported} found */
function take(document, found) {
  if (Array.isArray(document)) for (const event of readableEvents(document)) found.events.push(event);
  if (!isRecord(document)) return;
  for (const event of readableEvents(document["events"])) found.events.push(event);
  if (isRecord(document["execution"])) Object.assign(found.execution, named(document["execution"]));
  if (typeof document["executionArn"] === "string") Object.assign(found.execution, named(document));
  const definition = isRecord(document["States"]) ? document : document["definition"];
  const told = typeof definition === "string" ? definitionIn(definition) : definition;
  if (isRecord(told)) found.definition = told;
  if (Array.isArray(document["children"])) found.children = document["children"].filter(isChild);
}

/** @param {string} text as describe-state-machine tells it @returns {unknown} */
function definitionIn(text) {
  try {
    return JSON.parse(text);
  } catch (refused) {
    if (refused instanceof SyntaxError) return null;
    throw refused;
  }
}

/** @param {unknown} child @returns {child is Exported["children"][number]} */
function isChild(child) {
  return isRecord(child) && typeof child["name"] === "string" && typeof child["arn"] === "string" && typeof child["status"] === "string";
}

/** @param {Record<string, unknown>} execution */
function named(execution) {
  const all = { ...execution };
  for (const [theirs, ours] of NAMES) {
    if (theirs !== undefined && ours !== undefined && Object.hasOwn(all, theirs)) all[ours] ??= all[theirs];
  }
  return all;
}

/**
 * Each event once, in ascending order: pages may overlap, and --reverse-order begins at the end.
 * @param {HistoryEvent[]} events
 */
export function inOrder(events) {
  const byId = new Map(events.map((event) => [event.id, event]));
  return [...byId.values()].sort((one, other) => one.id - other.id);
}

const ENDINGS = new Map([
  ["ExecutionSucceeded", "SUCCEEDED"],
  ["ExecutionFailed", "FAILED"],
  ["ExecutionTimedOut", "TIMED_OUT"],
  ["ExecutionAborted", "ABORTED"],
]);

/** What is not told of the execution, as far as its events tell it. @param {Record<string, unknown>} execution @param {HistoryEvent[]} events */
function withFacts(execution, events) {
  const first = events[0];
  const last = events.at(-1);
  const ended = ENDINGS.get(last?.type ?? "");
  return {
    name: "",
    arn: "",
    status: ended ?? "RUNNING",
    started_at: isoOf(first?.timestamp),
    stopped_at: ended === undefined ? null : isoOf(last?.timestamp),
    ...execution,
  };
}

/** @param {unknown} value */
function isoOf(value) {
  const time = timeOf(value);
  return time === null || Math.abs(time) > 8.64e15 ? null : new Date(time).toISOString();
}
