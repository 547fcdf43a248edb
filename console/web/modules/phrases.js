/** Fills a phrase's places; pure, so that texts can be tried without a browser. */

/**
 * A place is `{name}`; `{name|one|many}` chooses by number: `{count} {count|run|runs}`.
 * @param {string} phrase
 * @param {Record<string, unknown>} [values] Numbers are written with the language's separators.
 * @param {string} [language]
 * @returns {string}
 */
export function filled(phrase, values = {}, language = "en") {
  return phrase.replace(/\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g, (place, name, one, many) => {
    const value = values[name];
    if (value === undefined || value === null) return place;
    if (one !== undefined) return value === 1 ? one : many;
    return typeof value === "number" ? numbers(language).format(value) : String(value);
  });
}

/** @type {Map<string, Intl.NumberFormat>} */
const formats = new Map();

/** Made once: making one takes longer than all else here. @param {string} language */
function numbers(language) {
  const known = formats.get(language) ?? new Intl.NumberFormat(language);
  formats.set(language, known);
  return known;
}

/**
 * @param {readonly string[]} preferred The browser's languages, best first.
 * @returns {"en" | "ko"} The first of them that the page speaks.
 */
export function spoken(preferred) {
  const first = preferred.map((one) => one.slice(0, 2).toLowerCase()).find((one) => one === "en" || one === "ko");
  return first === "ko" ? "ko" : "en";
}
