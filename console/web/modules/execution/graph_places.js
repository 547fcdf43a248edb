/** Where each state lies on the whole sheet, and which one is next to another; pure. */

/** @typedef {import("./layout.js").Level} Level */
/** @typedef {{x: number, y: number, width: number, height: number, head: number}} Place `head`: the height of what can be pressed */

import { HEADER_HEIGHT } from "./layout.js";

/**
 * @param {Level} level
 * @returns {Map<string, Place>} by the state's name
 */
export function placesOf(level) {
  /** @type {Map<string, Place>} */
  const places = new Map();
  const waiting = [{ level, x: 0, y: 0 }];
  for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
    for (const placed of one.level.nodes) {
      const x = one.x + placed.x;
      const y = one.y + placed.y;
      const head = Math.min(placed.height, HEADER_HEIGHT);
      places.set(placed.node.name, { x, y, width: placed.width, height: placed.height, head });
      for (const inner of placed.inner) waiting.push({ level: inner, x: x + inner.x, y: y + inner.y });
    }
  }
  return places;
}

/** @type {ReadonlyMap<string, [number, number]>} */
const DIRECTIONS = new Map([["ArrowUp", [0, -1]], ["ArrowDown", [0, 1]], ["ArrowLeft", [-1, 0]], ["ArrowRight", [1, 0]]]);

/**
 * The nearest state in the direction of an arrow key; up and down the next row counts, left and right the same row.
 * @param {Map<string, Place>} places
 * @param {string} name
 * @param {string} key
 * @returns {string | null}
 */
export function neighbour(places, name, key) {
  const direction = DIRECTIONS.get(key);
  const from = places.get(name);
  if (direction === undefined || from === undefined) return null;
  const [right, down] = direction;
  let nearest = null;
  let least = Number.POSITIVE_INFINITY;
  for (const [other, place] of places) {
    const x = place.x + place.width / 2 - (from.x + from.width / 2);
    const y = place.y + place.head / 2 - (from.y + from.head / 2);
    const ahead = x * right + y * down;
    const aside = Math.abs(x * down) + Math.abs(y * right);
    const distance = down === 0 ? ahead + 3 * aside : 2 * ahead + aside;
    if (other !== name && ahead > 4 && distance < least) {
      least = distance;
      nearest = other;
    }
  }
  return nearest;
}
