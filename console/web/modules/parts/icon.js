/** Small line drawings, 16 by 16; never the only sign of anything. */
import { html } from "../base.js";

/** @type {Record<string, string>} */
const PATHS = {
  runs: "M2.5 4h11M2.5 8h11M2.5 12h7",
  start: "M5 3.2v9.6l7.5-4.8z",
  executions: "M6 2.5h4v3H6zM2.5 10.5h4v3h-4zM9.5 10.5h4v3h-4zM8 5.5V8M4.5 10.5V8h7v2.5",
  coverage: "M8 2 3 4v3.6c0 3 2.1 5.2 5 6.4 2.9-1.2 5-3.4 5-6.4V4zM5.8 8l1.6 1.6 2.9-3.1",
  waivers: "M4 2.5h8v11H4zM6.3 6h3.4M6.3 9h3.4",
  replay: "M3 8a5 5 0 1 0 1.6-3.7M3 2.5v2.6h2.6M8 5.4V8l1.8 1.2",
  close: "M4 4l8 8M12 4l-8 8",
  open: "M6 3.5H3.5v9h9V10M9 3.5h3.5V7M12.5 3.5 7.5 8.5",
  down: "M8 2.5v8M4.8 7.6 8 10.8l3.2-3.2M3 13.5h10",
  copy: "M5.5 5.5h7v7h-7zM3.5 10.5v-7h7",
  search: "M7 3a4 4 0 1 0 0 8 4 4 0 0 0 0-8M10 10l3.5 3.5",
};

/** @param {{ name: string }} props */
export function Icon({ name }) {
  return html`<svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
    <path d=${PATHS[name]} />
  </svg>`;
}
