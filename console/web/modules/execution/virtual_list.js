/** A long list of which only what is in sight is drawn: rows of one height, one of them chosen. */

import { Virtualizer, elementScroll, observeElementOffset, observeElementRect } from "@tanstack/virtual-core";
import { html, useEffect, useLayoutEffect, useRef, useState } from "../base.js";

// The package asks a bundler's question, whether it is built for production; here nothing is built.
/** @type {any} */ (globalThis).process ??= { env: { NODE_ENV: "production" } };

/**
 * A list box: it has the focus, and names the chosen row. Arrow keys are for whoever holds the list.
 * @param {object} props
 * @param {string} props.id
 * @param {string} props.label
 * @param {number} props.count
 * @param {number} props.rowHeight in pixels
 * @param {number} props.chosen the row, or -1
 * @param {(row: number) => void} props.onChoose
 * @param {(row: number) => any} props.children what is in a row
 * @param {(row: number) => string} [props.rowClass]
 */
export function VirtualList({ id, label, count, rowHeight, chosen, onChoose, children, rowClass }) {
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  const virtualizer = useVirtualizer(box, count, rowHeight);
  useLayoutEffect(() => {
    if (chosen >= 0 && chosen < count) bringToSight(box.current, virtualizer, chosen * rowHeight, rowHeight);
  }, [chosen, count]);
  const rows = virtualizer.getVirtualItems();
  return html`<div
    ref=${box}
    id=${id}
    class="ex-list"
    role="listbox"
    tabindex="0"
    aria-label=${label}
    aria-activedescendant=${rows.some((row) => row.index === chosen) ? `${id}-${chosen}` : undefined}
  >
    <div class="ex-list-all" role="presentation" style=${{ height: `${virtualizer.getTotalSize()}px` }}>
      ${rows.map(
        (row) => html`<div
          key=${row.index}
          id=${`${id}-${row.index}`}
          class=${`ex-row ${rowClass?.(row.index) ?? ""}`}
          role="option"
          aria-selected=${row.index === chosen}
          aria-setsize=${count}
          aria-posinset=${row.index + 1}
          style=${{ transform: `translateY(${row.start}px)`, height: `${rowHeight}px` }}
          onClick=${() => onChoose(row.index)}
        >${children(row.index)}</div>`,
      )}
    </div>
  </div>`;
}

/**
 * Scroll by as little as needed. What the virtualizer knows of the box is used: asking the box would lay the page out.
 * @param {HTMLElement | null} box
 * @param {Virtualizer<HTMLDivElement, Element>} virtualizer
 * @param {number} top of the row
 * @param {number} height of the row
 */
function bringToSight(box, virtualizer, top, height) {
  const offset = virtualizer.scrollOffset ?? 0;
  const size = virtualizer.scrollRect?.height ?? 0;
  if (box === null || (size > 0 && top >= offset && top + height <= offset + size)) return;
  box.scrollTop = top < offset || size === 0 ? top : top + height - size;
}

/**
 * @param {{current: HTMLDivElement | null}} box
 * @param {number} count
 * @param {number} rowHeight
 * @returns {Virtualizer<HTMLDivElement, Element>}
 */
function useVirtualizer(box, count, rowHeight) {
  const [, draw] = useState(0);
  const options = {
    count,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    overscan: 6,
    observeElementRect,
    observeElementOffset,
    scrollToFn: elementScroll,
    onChange: () => draw((times) => times + 1),
  };
  const [virtualizer] = useState(() => new Virtualizer(options));
  virtualizer.setOptions(options);
  useEffect(() => virtualizer._didMount(), []);
  useLayoutEffect(() => virtualizer._willUpdate());
  return virtualizer;
}
