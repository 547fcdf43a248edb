/** How much of something is done, in numbers and as a bar. */
import { html } from "../base.js";
import { t } from "../texts.js";

/**
 * @param {{ label: string, done: number, total: number | null }} props `total` is null until it is known.
 */
export function Bar({ label, done, total }) {
  const share = total ? Math.min(1, done / total) : 0;
  const told = total === null ? t("bar.unknown", { done }) : t("bar.of", { done, total });
  return html`<div class="bar">
    <span class="bar-label">${label}</span>
    <span class="bar-numbers">${told}</span>
    <div
      class=${total !== null && done >= total ? "bar-track full" : "bar-track"}
      role="progressbar"
      aria-label=${label}
      aria-valuemin="0"
      aria-valuemax=${total ?? undefined}
      aria-valuenow=${total === null ? undefined : done}
      aria-valuetext=${told}
    ><span style=${{ width: `${share * 100}%` }}></span></div>
  </div>`;
}
