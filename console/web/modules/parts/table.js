/** Tables: a caption for those who do not see, columns, rows, and pages where the server has more. */
import { html, useEffect, useRef, useState } from "../base.js";
import { t } from "../texts.js";

/**
 * @template Row
 * @typedef {{ key: string, label: any, cell: (row: Row) => any, number?: boolean, head?: boolean, narrow?: boolean }} Column
 * `head` marks the cell that names its row; `narrow` keeps a column as wide as its content.
 */

/**
 * @param {{ caption: string, columns: Column<any>[], rows: any[], rowKey: (row: any) => string, busy?: boolean,
 *   rowClass?: (row: any) => string | undefined }} props
 */
export function Table({ caption, columns, rows, rowKey, busy, rowClass }) {
  return html`<${Scroll} label=${caption}>
    <table aria-busy=${busy ? "true" : undefined}>
      <caption class="unseen">${caption}</caption>
      <thead>
        <tr>${columns.map((one) => html`<th key=${one.key} scope="col" class=${classOf(one)}>${one.label}</th>`)}</tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) => html`<tr key=${rowKey(row)} class=${rowClass?.(row)}>
            ${columns.map((one) =>
              one.head
                ? html`<th key=${one.key} scope="row" class=${classOf(one)}>${one.cell(row)}</th>`
                : html`<td key=${one.key} class=${classOf(one)}>${one.cell(row)}</td>`,
            )}
          </tr>`,
        )}
      </tbody>
    </table>
  <//>`;
}

/** @param {Column<any>} column */
function classOf({ key, number, narrow }) {
  return [`at-${key}`, number && "number", narrow && "narrow"].filter(Boolean).join(" ");
}

/**
 * A box that scrolls sideways where it must, and can then be reached by the keyboard.
 * @param {{ label: string, children: any }} props
 */
export function Scroll({ label, children }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const [wide, setWide] = useState(false);
  useEffect(() => {
    const element = /** @type {HTMLElement} */ (box.current);
    const watcher = new ResizeObserver(() => setWide(element.scrollWidth > element.clientWidth));
    watcher.observe(element);
    for (const child of element.children) watcher.observe(child);
    return () => watcher.disconnect();
  }, []);
  const reached = wide ? { tabIndex: 0, role: "region", "aria-label": label } : {};
  return html`<div class="scroll" ref=${box} ...${reached}>${children}</div>`;
}

/**
 * @param {{ total: number, offset: number, limit: number, onMove: (offset: number) => void }} props
 */
export function Pager({ total, offset, limit, onMove }) {
  if (total <= limit) return null;
  const last = Math.min(offset + limit, total);
  return html`<nav class="pager" aria-label=${t("pager")}>
    <button class="button" disabled=${offset === 0} onClick=${() => onMove(Math.max(0, offset - limit))}>
      ${t("pager.before")}
    </button>
    <span>${t("pager.range", { first: offset + 1, last, total })}</span>
    <button class="button" disabled=${last >= total} onClick=${() => onMove(offset + limit)}>${t("pager.next")}</button>
  </nav>`;
}
