/** Whose AWS this is, and whether actions are allowed; read once, when the page opens. */
import { signal } from "@preact/signals";
import { apiPath, get } from "./api.js";

/**
 * @typedef {{ place: "embedded" | "aws", account: string, region: string, regions: string[], may_start: boolean,
 *   version: string }} Session
 */

export const session = signal(/** @type {Session | null} */ (null));

/** @returns {boolean} Whether starting and stopping is allowed here. */
export function mayStart() {
  return session.value?.may_start ?? false;
}

/**
 * Read the session.
 * @returns {Promise<void>}
 */
export async function openSession() {
  session.value = await get(apiPath("session"));
}
