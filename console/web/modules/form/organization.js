/** The organization's tree: what is in it, what a search leaves of it; pure. */

/**
 * @typedef {{ id: string, name: string, kind: "root" | "organizational_unit" | "account", status?: string,
 *   children?: Node[] }} Node
 */

/**
 * @param {Node} node
 * @returns {Node[]} Every account at or below it that can be scanned.
 */
export function activeAccounts(node) {
  if (node.kind === "account") return (node.status ?? "ACTIVE") === "ACTIVE" ? [node] : [];
  return (node.children ?? []).flatMap(activeAccounts);
}

/**
 * @param {Node} node
 * @param {ReadonlySet<string>} ids Of units or accounts.
 * @returns {Node[]} The active accounts that they hold, each once, in the tree's order.
 */
export function accountsWithin(node, ids) {
  if (ids.has(node.id)) return activeAccounts(node);
  return (node.children ?? []).flatMap((child) => accountsWithin(child, ids));
}

/**
 * @param {Node} node
 * @param {string} search Of a name or an id, whatever the case.
 * @returns {Node | null} The tree with the nodes that match, those above them, and all that is below them.
 */
export function pruned(node, search) {
  const wanted = search.trim().toLowerCase();
  if (!wanted || `${node.name} ${node.id}`.toLowerCase().includes(wanted)) return node;
  const children = (node.children ?? []).map((child) => pruned(child, wanted)).filter((child) => child !== null);
  return children.length ? { ...node, children } : null;
}
