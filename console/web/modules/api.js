/** Requests to the console's own server; every failure is a Refused with the server's name for it. */
import { messageReader } from "./stream.js";
import { token } from "./storage.js";

/** What the server, or the way to it, refused: a name to look up, one sentence, and where in the request. */
export class Refused extends Error {
  /**
   * @param {{ name: string, message: string, pointer?: string }} error
   * @param {number} status The HTTP status; 0 where no answer came.
   */
  constructor(error, status) {
    super(error.message);
    this.name = error.name;
    this.status = status;
    this.pointer = error.pointer;
  }
}

/**
 * @param {string} path
 * @param {RequestInit} [options]
 * @returns {Promise<Response>}
 */
async function answered(path, options = {}) {
  const headers = { ...options.headers, Authorization: `Bearer ${token()}` };
  /** @type {Response} */
  let answer;
  try {
    answer = await fetch(path, { ...options, headers });
  } catch (problem) {
    if (options.signal?.aborted) throw problem;
    throw new Refused({ name: "Unreachable", message: "The console's server does not answer." }, 0);
  }
  if (answer.ok) return answer;
  const body = await answer.json().catch(() => null);
  throw new Refused(body?.error ?? { name: `Status${answer.status}`, message: answer.statusText }, answer.status);
}

/**
 * @param {string} path
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
export async function get(path, signal) {
  return (await answered(path, { signal })).json();
}

/**
 * @param {string} path
 * @param {unknown} [body]
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
export async function post(path, body = {}, signal) {
  const headers = { "Content-Type": "application/json" };
  return (await answered(path, { method: "POST", headers, body: JSON.stringify(body), signal })).json();
}

/**
 * Read a stream of events until it ends or is aborted.
 * @param {string} path
 * @param {(event: string, data: any) => void} told
 * @param {AbortSignal} signal
 * @returns {Promise<void>}
 */
export async function watch(path, told, signal) {
  const answer = await answered(path, { signal, headers: { Accept: "text/event-stream" } });
  const read = messageReader();
  const pieces = /** @type {ReadableStream<Uint8Array>} */ (answer.body).getReader();
  const decoder = new TextDecoder();
  for (;;) {
    const { done, value } = await pieces.read();
    if (done) return;
    for (const one of read(decoder.decode(value, { stream: true }))) told(one.event, JSON.parse(one.data));
  }
}

/**
 * A path of the API with each part encoded.
 * @param {...string} parts
 */
export function apiPath(...parts) {
  return `/api/${parts.map(encodeURIComponent).join("/")}`;
}
