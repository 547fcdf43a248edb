/** Where the reader is, as a signal; links are plain `href`s, so that back, forward and new tabs work by themselves. */
import { signal } from "@preact/signals";
import { addressOf, routeOf } from "./routes.js";

export const route = signal(routeOf(location.hash));

addEventListener("hashchange", () => {
  route.value = routeOf(location.hash);
});

/**
 * @param {string} page
 * @param {string[]} [parts]
 */
export function go(page, parts) {
  location.hash = addressOf(page, parts);
}

/**
 * Change the filters of this page, in its address too, without a new entry in the history.
 * @param {Record<string, string | undefined>} changes
 */
export function filter(changes) {
  const { page, parts, filters } = route.value;
  history.replaceState(null, "", addressOf(page, parts, { ...filters, ...changes }));
  route.value = routeOf(location.hash);
}
