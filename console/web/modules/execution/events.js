/**
 * What the history events of Step Functions mean.
 *
 * Types and members as in the API reference of GetExecutionHistory (HistoryEvent). An unknown type is no error: it is
 * shown as it is, and belongs to the state of the event before it.
 */

/**
 * An event as the API gives it: camelCase members; the time as text or, from older clients, as seconds of Unix time.
 * @typedef {{id: number, type: string, previousEventId?: number, timestamp?: unknown, [member: string]: unknown}} HistoryEvent
 */

/**
 * What an event does to the state, iteration or execution that it is about.
 * @typedef {"enter" | "exit" | "start" | "progress" | "succeed" | "fail" | "abort"
 *   | "map_start" | "iteration_start" | "iteration_end" | "container_end" | "map_run" | "redrive" | "execution"} Effect
 */

/** @type {ReadonlyMap<string, Effect>} */
const EFFECTS = new Map(
  /** @type {[string, Effect][]} */ ([
    ["ExecutionStarted", "execution"],
    ["ExecutionSucceeded", "execution"],
    ["ExecutionFailed", "execution"],
    ["ExecutionTimedOut", "execution"],
    ["ExecutionAborted", "execution"],
    ["ExecutionRedriven", "redrive"],
    ["MapRunRedriven", "redrive"],
    ["MapStateStarted", "map_start"],
    ["ParallelStateStarted", "map_start"],
    ["MapIterationStarted", "iteration_start"],
    ["MapIterationSucceeded", "iteration_end"],
    ["MapIterationFailed", "iteration_end"],
    ["MapIterationAborted", "iteration_end"],
    ["MapStateSucceeded", "container_end"],
    ["MapStateFailed", "container_end"],
    ["MapStateAborted", "container_end"],
    ["ParallelStateSucceeded", "container_end"],
    ["ParallelStateFailed", "container_end"],
    ["ParallelStateAborted", "container_end"],
    ["MapRunStarted", "map_run"],
    ["MapRunSucceeded", "map_run"],
    ["MapRunFailed", "map_run"],
    ["MapRunAborted", "map_run"],
    ["TaskStateAborted", "abort"],
    ["WaitStateAborted", "abort"],
    ["TaskScheduled", "start"],
    ["LambdaFunctionScheduled", "start"],
    ["ActivityScheduled", "start"],
    ["TaskSucceeded", "succeed"],
    ["LambdaFunctionSucceeded", "succeed"],
    ["ActivitySucceeded", "succeed"],
    ["TaskFailed", "fail"],
    ["TaskStartFailed", "fail"],
    ["TaskSubmitFailed", "fail"],
    ["TaskTimedOut", "fail"],
    ["LambdaFunctionFailed", "fail"],
    ["LambdaFunctionScheduleFailed", "fail"],
    ["LambdaFunctionStartFailed", "fail"],
    ["LambdaFunctionTimedOut", "fail"],
    ["ActivityFailed", "fail"],
    ["ActivityScheduleFailed", "fail"],
    ["ActivityTimedOut", "fail"],
    ["EvaluationFailed", "fail"],
  ]),
);

const ENTERED = /^([A-Z][A-Za-z]*)StateEntered$/;
const EXITED = /^([A-Z][A-Za-z]*)StateExited$/;
const FAILURE = /(Failed|TimedOut|Aborted)$/;
const SUCCESS = /Succeeded$/;

/**
 * What an event does; "progress" for a type that changes nothing, or that is not known.
 * @param {string} type
 * @returns {Effect}
 */
export function effectOf(type) {
  const known = EFFECTS.get(type);
  if (known !== undefined) return known;
  if (ENTERED.test(type)) return "enter";
  if (EXITED.test(type)) return "exit";
  return "progress";
}

/**
 * The type of the state that an event enters, exits, starts or ends, such as "Task"; null where its type does not say.
 * @param {string} type
 * @returns {string | null}
 */
export function stateTypeOf(type) {
  const match = ENTERED.exec(type) ?? EXITED.exec(type);
  if (match?.[1] !== undefined) return match[1];
  if (type.startsWith("Parallel")) return "Parallel";
  return type.startsWith("Map") ? "Map" : null;
}

/**
 * How an event is to be coloured.
 * @param {string} type
 * @returns {"failure" | "success" | "plain"}
 */
export function toneOf(type) {
  if (FAILURE.test(type) || type === "FailStateEntered") return "failure";
  return SUCCESS.test(type) ? "success" : "plain";
}

/**
 * The members of an event that are particular to its type: the one object whose name ends in EventDetails.
 * @param {HistoryEvent} event
 * @returns {Record<string, unknown>}
 */
export function detailsOf(event) {
  for (const [name, value] of Object.entries(event)) {
    if (name.endsWith("EventDetails") && isRecord(value)) return value;
  }
  return {};
}

/**
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
export function isRecord(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * A member as text; null where it is not there, empty, or no text.
 * @param {Record<string, unknown>} details
 * @param {string} member
 * @returns {string | null}
 */
export function textOf(details, member) {
  const value = Object.hasOwn(details, member) ? details[member] : undefined;
  return typeof value === "string" && value !== "" ? value : null;
}

/**
 * Whether the API says that it has cut an input or output off.
 * @param {Record<string, unknown>} details
 * @param {"input" | "output"} member
 */
export function isTruncated(details, member) {
  const about = details[`${member}Details`];
  return isRecord(about) && about["truncated"] === true;
}

/**
 * A time in milliseconds of Unix time; null where it cannot be read. Numbers are seconds, as version 1 of the AWS
 * command line prints them.
 * @param {unknown} value
 * @returns {number | null}
 */
export function timeOf(value) {
  if (typeof value === "number") return Number.isFinite(value) ? value * 1000 : null;
  if (typeof value !== "string") return null;
  const time = Date.parse(value.replace(/^(\d{4}-\d\d-\d\d) (\d)/, "$1T$2"));
  return Number.isNaN(time) ? null : time;
}

/**
 * The events of a list that can be read: those with a type; an id that is missing is the place in the list.
 * @param {unknown} list
 * @returns {HistoryEvent[]}
 */
export function readableEvents(list) {
  if (!Array.isArray(list)) return [];
  return list.filter((event) => isRecord(event) && typeof event["type"] === "string").map((event, place) => {
    const id = Number(event["id"]);
    return { ...event, id: Number.isSafeInteger(id) && id > 0 ? id : place + 1 };
  });
}
