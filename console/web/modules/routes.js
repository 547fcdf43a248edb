/** Addresses within the page: `#/runs/RUN?state=scan_failed`; pure. */

/** @typedef {{ page: string, parts: string[], filters: Record<string, string> }} Route */

/** The pages, and how many parts of an address each takes after its name. */
const PAGES = /** @type {const} */ ({
  runs: [0],
  run: [1],
  host: [4],
  start: [0],
  executions: [0, 1],
  execution: [1],
  coverage: [0],
  waivers: [0],
  replay: [0],
});

/**
 * @param {string} hash
 * @returns {Route} Unknown addresses lead to the page `unknown`; an empty one to the runs.
 */
export function routeOf(hash) {
  const [path, query = ""] = hash.replace(/^#?\/?/, "").split("?");
  const filters = Object.fromEntries(new URLSearchParams(query));
  if (path === "") return { page: "runs", parts: [], filters };
  const [page, ...parts] = path.split("/").map(decoded);
  /** @type {readonly number[] | undefined} */
  const known = Object.hasOwn(PAGES, page) ? PAGES[/** @type {keyof typeof PAGES} */ (page)] : undefined;
  if (!known?.includes(parts.length) || parts.includes("")) return { page: "unknown", parts: [], filters: {} };
  return { page, parts, filters };
}

/**
 * @param {string} page
 * @param {string[]} [parts]
 * @param {Record<string, string | undefined>} [filters] Empty ones are left out.
 * @returns {string} The address, for a link.
 */
export function addressOf(page, parts = [], filters = {}) {
  const given = Object.entries(filters).filter(/** @returns {one is [string, string]} */ (one) => Boolean(one[1]));
  const query = new URLSearchParams(given).toString();
  return `#/${[page, ...parts].map(encodeURIComponent).join("/")}${query ? `?${query}` : ""}`;
}

/** @param {string} part */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return "";
  }
}
