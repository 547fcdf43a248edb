/** Small line drawings of the types of states; the type is always there in words too. */

import { html } from "../base.js";

/** @type {ReadonlyMap<string, string>} */
const PATHS = new Map([
  ["Task", "M3.5 3.5h9v9h-9zM6 8h4M8 6v4"],
  ["Choice", "M8 2.2 13.8 8 8 13.8 2.2 8z"],
  ["Wait", "M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11M8 5v3.2l2.1 1.4"],
  ["Pass", "M2.5 8h10M9.5 4.8 12.8 8l-3.3 3.2"],
  ["Succeed", "M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11M5.5 8.2l1.8 1.8 3.2-3.6"],
  ["Fail", "M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11M6 6l4 4M10 6l-4 4"],
  ["Map", "M2.5 5.5h8v8h-8zM5.5 5.5v-3h8v8h-3"],
  ["Parallel", "M4 2.5v11M8 2.5v11M12 2.5v11"],
]);

/** @param {{type: string}} props */
export function StateIcon({ type }) {
  return html`<svg class="ex-type" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
    <path d=${PATHS.get(type) ?? "M4 8h8"} />
  </svg>`;
}
