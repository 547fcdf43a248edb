/** Tabs as the ARIA Authoring Practices describe them: arrow keys choose, the Tab key leads into what is shown. */

import { html } from "../base.js";

/**
 * @param {object} props
 * @param {string} props.id
 * @param {string} props.label
 * @param {readonly {id: string, label: string}[]} props.tabs
 * @param {string} props.chosen
 * @param {(id: string) => void} props.onChoose
 * @param {any} [props.children] what the chosen tab shows
 */
export function Tabs({ id, label, tabs, chosen, onChoose, children }) {
  const press = (/** @type {KeyboardEvent} */ event) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const place = tabs.findIndex((tab) => tab.id === chosen);
    const next = tabs[(place + step + tabs.length) % tabs.length];
    if (next === undefined) return;
    onChoose(next.id);
    document.getElementById(`${id}-${next.id}`)?.focus();
  };
  return html`<div class="ex-tabbed">
    <div class="ex-tabs" role="tablist" aria-label=${label} onKeyDown=${press}>
      ${tabs.map((tab) => html`<button key=${tab.id} id=${`${id}-${tab.id}`} role="tab" aria-selected=${tab.id === chosen} aria-controls=${`${id}-shown`}
        tabindex=${tab.id === chosen ? 0 : -1} onClick=${() => onChoose(tab.id)}>${tab.label}</button>`)}
    </div>
    <div class="ex-shown" id=${`${id}-shown`} role="tabpanel" aria-labelledby=${`${id}-${chosen}`}>${children}</div>
  </div>`;
}
