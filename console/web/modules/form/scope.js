/** The scope of a request: exactly one kind, and what of that kind; pure. */
import { words } from "./values.js";

/** @typedef {"organization" | "organizational_units" | "accounts" | "instances"} ScopeKind */
/** @typedef {{ kind: ScopeKind | "", units: string[], accounts: string[], instances: string }} Scope What was chosen and typed. */

/** @type {readonly ScopeKind[]} */
export const KINDS = ["organization", "organizational_units", "accounts", "instances"];

/** @type {Scope} */
export const NO_SCOPE = { kind: "", units: [], accounts: [], instances: "" };

/**
 * @param {Scope} scope
 * @returns {Record<string, any> | null} Null until a kind is chosen.
 */
export function scopeRequest({ kind, units, accounts, instances }) {
  if (kind === "organization") return { organization: true };
  if (kind === "organizational_units") return { organizational_units: units };
  if (kind === "accounts") return { accounts };
  return kind === "instances" ? { instances: words(instances) } : null;
}

/**
 * @param {any} request A request's scope.
 * @returns {Scope}
 */
export function scopeOf(request) {
  const kind = KINDS.find((one) => request?.[one]) ?? "";
  return {
    kind,
    units: request?.organizational_units ?? [],
    accounts: request?.accounts ?? [],
    instances: (request?.instances ?? []).join("\n"),
  };
}

/**
 * @param {Scope} scope
 * @returns {boolean} Whether there is anything to scan in it yet.
 */
export function isChosen({ kind, units, accounts, instances }) {
  if (kind === "organizational_units") return units.length > 0;
  if (kind === "accounts") return accounts.length > 0;
  return kind === "instances" ? words(instances).length > 0 : kind === "organization";
}
