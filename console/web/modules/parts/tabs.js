/** Tabs as ARIA describes them: one is in the tab order, arrows move among them. */
import { html, useId } from "../base.js";

/**
 * @param {{ label: string, tabs: { id: string, label: any, view: () => any }[], chosen: string,
 *   onChoose: (id: string) => void }} props
 */
export function Tabs({ label, tabs, chosen, onChoose }) {
  const id = useId();
  const current = tabs.find((one) => one.id === chosen) ?? tabs[0];
  /** @param {any} event */
  function move(event) {
    const at = tabs.indexOf(current);
    /** @type {Record<string, number>} */
    const places = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 };
    if (!(event.key in places)) return;
    event.preventDefault();
    const next = tabs[(places[event.key] + tabs.length) % tabs.length];
    onChoose(next.id);
    document.getElementById(`${id}-${next.id}`)?.focus();
  }
  return html`<div class="tabs" role="tablist" aria-label=${label} onKeyDown=${move}>
      ${tabs.map(
        (one) => html`<button
          key=${one.id}
          id=${`${id}-${one.id}`}
          role="tab"
          aria-selected=${one === current}
          aria-controls=${`${id}-panel`}
          tabindex=${one === current ? 0 : -1}
          onClick=${() => onChoose(one.id)}
        >${one.label}</button>`,
      )}
    </div>
    <div class="tab-panel" role="tabpanel" id=${`${id}-panel`} aria-labelledby=${`${id}-${current.id}`}>
      ${current.view()}
    </div>`;
}
