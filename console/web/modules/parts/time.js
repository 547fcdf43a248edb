/** Moments and spans that keep up with the clock. */
import { signal } from "@preact/signals";
import { html } from "../base.js";
import { distance, moment, secondsBetween, span } from "../formats.js";
import { language } from "../texts.js";

const now = signal(Date.now());
setInterval(() => {
  if (!document.hidden) now.value = Date.now();
}, 1_000);

/** @returns {number} The moment, in milliseconds; components that ask are drawn again each second. */
export function clock() {
  return now.value;
}

/**
 * A moment in UTC.
 * @param {{ at: string | null | undefined, seconds?: boolean }} props
 */
export function Moment({ at, seconds }) {
  if (!at) return html`<span class="soft">–</span>`;
  const local = new Date(at).toLocaleString(language(), { timeZoneName: "short" });
  return html`<time datetime=${at} title=${local}>${moment(at, seconds)}</time>`;
}

/**
 * How long ago.
 * @param {{ at: string }} props
 */
export function Age({ at }) {
  return html`<time class="soft" datetime=${at} title=${moment(at, true)}>${distance(at, clock(), language())}</time>`;
}

/**
 * How long it took; counts on while there is no end.
 * @param {{ from: string, to: string | null | undefined }} props
 */
export function Took({ from, to }) {
  return html`${span(secondsBetween(from, to, to ? 0 : clock()), language())}`;
}
