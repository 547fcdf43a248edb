/** Dark or light: the system's wish, or one of the two. */
import { signal } from "@preact/signals";
import { keep, kept } from "./storage.js";

/** @typedef {"system" | "light" | "dark"} Theme */

/** @type {readonly Theme[]} */
export const THEMES = ["system", "light", "dark"];

const chosen = signal(/** @type {Theme} */ ("system"));

/** @returns {Theme} */
export function theme() {
  return chosen.value;
}

/** @param {Theme} wanted */
export function dress(wanted) {
  chosen.value = wanted;
  keep("theme", wanted);
  if (wanted === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = wanted;
}

/** Wear what was chosen before. */
export function dressFirst() {
  dress(THEMES.find((one) => one === kept("theme", "")) ?? "system");
}
