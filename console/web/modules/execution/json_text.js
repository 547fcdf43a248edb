/** Texts that may be JSON: read within limits, and compared; pure. */

const MOST_LETTERS = 2_000_000;
const DEEPEST_COMPARED = 12;
const MOST_COMPARED = 20_000;

/** @typedef {{kind: "none"} | {kind: "json", value: unknown} | {kind: "text", text: string}} Read */

/**
 * A text as a value where it is JSON, else as it is. What is very long is not parsed: it is shown as text.
 * @param {string | null} text
 * @returns {Read}
 */
export function readJson(text) {
  if (text === null) return { kind: "none" };
  if (text.length > MOST_LETTERS) return { kind: "text", text };
  try {
    return { kind: "json", value: JSON.parse(text) };
  } catch (refused) {
    if (refused instanceof SyntaxError || refused instanceof RangeError) return { kind: "text", text };
    throw refused;
  }
}

/** @typedef {"added" | "changed"} Difference */

/**
 * Where an output differs from its input: by the path of member names and places. What was taken away has no place in
 * the output; `removed` names it at the top level.
 * @param {unknown} before
 * @param {unknown} after
 * @returns {{differences: Map<string, Difference>, removed: string[]}}
 */
export function differencesOf(before, after) {
  /** @type {Map<string, Difference>} */
  const differences = new Map();
  let compared = 0;
  /** @type {{one: unknown, other: unknown, path: string, depth: number}[]} */
  const waiting = [{ one: before, other: after, path: "", depth: 0 }];
  for (let pair = waiting.pop(); pair !== undefined && compared < MOST_COMPARED; pair = waiting.pop()) {
    const { one, other, path, depth } = pair;
    if (!isObject(one) || !isObject(other) || Array.isArray(one) !== Array.isArray(other) || depth > DEEPEST_COMPARED) {
      if (path !== "" && !isSame(one, other)) differences.set(path, "changed");
      continue;
    }
    for (const [key, value] of Object.entries(other)) {
      compared += 1;
      const below = pathOf(path, key);
      if (!Object.hasOwn(one, key)) differences.set(below, "added");
      else waiting.push({ one: one[key], other: value, path: below, depth: depth + 1 });
    }
  }
  const isPair = isObject(before) && isObject(after) && !Array.isArray(before) && !Array.isArray(after);
  const removed = isPair ? Object.keys(before).filter((key) => !Object.hasOwn(after, key)) : [];
  return { differences, removed };
}

/**
 * @param {string} path
 * @param {string} key
 */
export function pathOf(path, key) {
  return `${path}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/** @param {unknown} value @returns {value is Record<string, unknown>} */
function isObject(value) {
  return typeof value === "object" && value !== null;
}

/** Beyond the depth that is compared, two objects are taken as the same. @param {unknown} one @param {unknown} other */
function isSame(one, other) {
  return one === other || (isObject(one) && isObject(other) && Array.isArray(one) === Array.isArray(other));
}

/**
 * The cause of an error as text to read: what a Lambda function reports has its message in a member.
 * @param {string | null} cause
 * @returns {{message: string | null, trace: string[]}}
 */
export function causeOf(cause) {
  const read = readJson(cause);
  if (read.kind !== "json" || !isObject(read.value)) return { message: cause, trace: [] };
  const value = read.value;
  const message = value["errorMessage"] ?? value["Message"] ?? value["message"] ?? value["Cause"];
  const trace = value["stackTrace"] ?? value["trace"];
  if (typeof message !== "string") return { message: cause, trace: [] };
  const lines = Array.isArray(trace) ? trace.filter((line) => typeof line === "string").map((line) => line.trimEnd()) : [];
  return { message, trace: lines };
}
