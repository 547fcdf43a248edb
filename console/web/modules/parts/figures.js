/** Numbers with their names under a title: what came of a run, at a glance. */
import { html } from "../base.js";

/** @typedef {{ label: any, value: any, tone?: string, note?: any }} Figure */

/** @param {{ figures: Figure[] }} props */
export function Figures({ figures }) {
  return html`<dl class="figures">
    ${figures.map(
      ({ label, value, tone, note }, index) => html`<div key=${index} class=${value === 0 ? "zero" : tone}>
        <dt>${label}</dt>
        <dd>${value}</dd>
        ${note && html`<dd class="figure-note">${note}</dd>`}
      </div>`,
    )}
  </dl>`;
}

/**
 * Facts as names and values.
 * @param {{ facts: [any, any][] }} props Those without a value are left out.
 */
export function Facts({ facts }) {
  const told = facts.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return html`<dl class="facts">
    ${told.map(([name, value], index) => html`<div key=${index}><dt>${name}</dt><dd>${value}</dd></div>`)}
  </dl>`;
}
