/** The page's texts in the language that was chosen. Components that call `t` are drawn again when it changes. */
import { signal } from "@preact/signals";
import { filled, spoken } from "./phrases.js";
import { keep, kept } from "./storage.js";

/** @typedef {"en" | "ko"} Language */
/** @typedef {(key: string, values?: Record<string, unknown>) => string} Translate */

const state = signal({ language: /** @type {Language} */ ("en"), texts: /** @type {Record<string, string>} */ ({}) });

/** @returns {Language} */
export function language() {
  return state.value.language;
}

/**
 * The text under a key, with its places filled. An unknown key is shown as it is, so that it is seen.
 * @type {Translate}
 */
export function t(key, values) {
  const { language: spokenNow, texts } = state.value;
  return filled(texts[key] ?? key, values, spokenNow);
}

/**
 * @param {string} key
 * @returns {boolean} Whether there is a text under this key: reasons and causes may be newer than the page.
 */
export function has(key) {
  return key in state.value.texts;
}

/**
 * Speak another language from now on, and remember it.
 * @param {Language} wanted
 */
export async function speak(wanted) {
  const answer = await fetch(new URL(`../texts/${wanted}.json`, import.meta.url));
  state.value = { language: wanted, texts: await answer.json() };
  document.documentElement.lang = wanted;
  keep("language", wanted);
}

/** Speak the language chosen before, else the browser's. */
export async function speakFirst() {
  const before = kept("language", "");
  await speak(before === "en" || before === "ko" ? before : spoken(navigator.languages));
}
