/** The names of accounts, out of the organization's tree; read once, where it may be read. */
import { signal } from "@preact/signals";
import { apiPath, get } from "./api.js";

/** @typedef {import("./form/organization.js").Node} Node */

const names = signal(/** @type {ReadonlyMap<string, string>} */ (new Map()));
let asked = false;

/**
 * @param {string} account
 * @returns {string | null} Null until it is read, or where nobody may tell.
 */
export function accountName(account) {
  if (!asked) read();
  return names.value.get(account) ?? null;
}

function read() {
  asked = true;
  get(apiPath("organization")).then(
    (tree) => {
      names.value = new Map(named(tree));
    },
    () => {
      // Without the right to read the organization pages show the accounts' numbers alone.
    },
  );
}

/**
 * @param {Node} node
 * @returns {[string, string][]}
 */
function named(node) {
  /** @type {[string, string][]} */
  const own = node.kind === "account" ? [[node.id, node.name]] : [];
  return [...own, ...(node.children ?? []).flatMap(named)];
}
