/** A page's frame: its title, what it is for, its actions; and the focus, for readers who do not see it change. */
import { html, useEffect, useRef } from "../base.js";

let opened = 0;

/**
 * @param {{ title: string, lead?: any, above?: any, actions?: any, wide?: boolean, children?: any }} props
 * `above` stands over the title, for the way back.
 */
export function Page({ title, lead, above, actions, wide, children }) {
  const heading = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    document.title = `${title} · fleetdx`;
  }, [title]);
  useEffect(() => {
    // The first page opens as any page does; later ones tell a screen reader where it is now.
    if (opened++ > 0) heading.current?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, []);
  return html`<div class=${wide ? "page wide" : "page"}>
    <div class="masthead">
      <div class="titles">
        ${above && html`<p class="above">${above}</p>`}
        <h1 tabindex="-1" ref=${heading}>${title}</h1>
        ${lead && html`<p class="lead">${lead}</p>`}
      </div>
      ${actions && html`<div class="actions">${actions}</div>`}
    </div>
    ${children}
  </div>`;
}
