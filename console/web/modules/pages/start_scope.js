/** What is scanned: the whole organization, units or accounts out of its tree, or single instances. */
import { html, useId, useState } from "../base.js";
import { accountsWithin, activeAccounts, pruned } from "../form/organization.js";
import { KINDS } from "../form/scope.js";
import { words } from "../form/values.js";
import { Faults } from "../parts/field.js";
import { Inert } from "../parts/inert.js";
import { t } from "../texts.js";

/**
 * @typedef {import("../form/organization.js").Node} Node
 * @typedef {import("../form/scope.js").Scope} Scope
 */

/**
 * @param {{ scope: Scope, organization: Node, faults: any[], onChange: (scope: Scope) => void }} props
 */
export function ScopeField({ scope, organization, faults, onChange }) {
  const id = useId();
  return html`<fieldset class="field scope" data-pointer="/scope" aria-describedby=${`${id}-faults`}>
    <legend class="field-name">${t("column.scope")}</legend>
    <div class="scope-kinds">
      ${KINDS.map(
        (kind) => html`<label key=${kind} class="scope-kind">
          <input type="radio" name=${id} checked=${scope.kind === kind} onChange=${() => onChange({ ...scope, kind })} />
          <span><b>${t(`start.scope.${kind}`)}</b><span class="soft">${kindNote(kind, organization)}</span></span>
        </label>`,
      )}
    </div>
    <${Details} scope=${scope} organization=${organization} onChange=${onChange} />
    <${Faults} id=${`${id}-faults`} faults=${faults} />
  </fieldset>`;
}

/**
 * @param {string} kind
 * @param {Node} organization
 */
function kindNote(kind, organization) {
  const count = activeAccounts(organization).length;
  return t(`start.scope.${kind}.note`, { count });
}

/** @param {{ scope: Scope, organization: Node, onChange: (scope: Scope) => void }} props */
function Details({ scope, organization, onChange }) {
  if (scope.kind === "instances") {
    return html`<label class="below-scope">
      <span class="field-note">${t("start.scope.instances.hint")}</span>
      <textarea
        class="code"
        rows=${Math.min(10, Math.max(3, scope.instances.split("\n").length + 1))}
        placeholder="111122223333/ap-northeast-2/i-0123456789abcdef0"
        spellcheck=${false}
        value=${scope.instances}
        onInput=${(/** @type {any} */ event) => onChange({ ...scope, instances: event.currentTarget.value })}
      ></textarea>
    </label>`;
  }
  if (scope.kind !== "organizational_units" && scope.kind !== "accounts") return null;
  const part = scope.kind === "accounts" ? "accounts" : "units";
  const change = (/** @type {string[]} */ ids) => onChange({ ...scope, [part]: ids });
  return html`<${Tree} key=${part} organization=${organization} part=${part} chosen=${scope[part]} onChange=${change} />`;
}

/**
 * @param {{ organization: Node, part: "units" | "accounts", chosen: string[], onChange: (ids: string[]) => void }} props
 */
function Tree({ organization, part, chosen, onChange }) {
  const [search, setSearch] = useState("");
  const shown = pruned(organization, search);
  const picked = new Set(chosen);
  /** @param {string} id */
  const toggle = (id) => onChange(picked.has(id) ? chosen.filter((one) => one !== id) : [...chosen, id]);
  const count = accountsWithin(organization, picked).length;
  return html`<div class="below-scope tree">
    <div class="tree-head">
      <input
        type="search"
        aria-label=${t("start.tree.search")}
        placeholder=${t("start.tree.search")}
        value=${search}
        onInput=${(/** @type {any} */ event) => setSearch(event.currentTarget.value)}
      />
      <span class="soft" role="status">${t(part === "units" ? "start.tree.units" : "start.tree.accounts", { chosen: chosen.length, count })}</span>
    </div>
    <div class="tree-box" role="group" aria-label=${t(`start.scope.${part === "units" ? "organizational_units" : "accounts"}`)}>
      ${shown
        ? html`<ul><${Branch} node=${shown} part=${part} picked=${picked} covered=${false} toggle=${toggle} /></ul>`
        : html`<p class="soft">${t("start.tree.nothing")}</p>`}
    </div>
  </div>`;
}

/**
 * A node with what is below it. What a chosen unit holds is marked as chosen with it.
 * @param {{ node: Node, part: "units" | "accounts", picked: Set<string>, covered: boolean, toggle: (id: string) => void }} props
 */
function Branch({ node, part, picked, covered, toggle }) {
  const open = part === "accounts" ? node.kind === "account" : node.kind !== "account";
  const suspended = node.kind === "account" && (node.status ?? "ACTIVE") !== "ACTIVE";
  const below = node.children ?? [];
  const within = covered || (part === "units" && picked.has(node.id));
  const name = html`<span class="node">
    <span class=${node.kind === "account" ? "" : "unit-name"}><${Inert} text=${node.name} /></span>
    <code class="soft">${node.id}</code>${suspended && html`<span class="soft">${t("start.tree.suspended")}</span>`}
  </span>`;
  return html`<li>
    ${open
      ? html`<label class="tick">
          <input type="checkbox" checked=${covered || picked.has(node.id)} disabled=${covered || suspended} onChange=${() => toggle(node.id)} />
          ${name}
        </label>`
      : html`<span class=${within && !suspended ? "leaf within" : "leaf"}>${name}</span>`}
    ${below.length > 0 &&
    html`<ul>
      ${below.map((child) => html`<${Branch} key=${child.id} node=${child} part=${part} picked=${picked} covered=${within} toggle=${toggle} />`)}
    </ul>`}
  </li>`;
}

/**
 * What is going to be scanned, in a sentence with counts.
 * @param {Scope} scope
 * @param {Node} organization
 * @param {string[]} regions
 */
export function scopeSentence(scope, organization, regions) {
  if (scope.kind === "instances") return t("start.sentence.instances", { count: words(scope.instances).length });
  const ids = new Set(scope.kind === "organization" ? [organization.id] : scope.kind === "accounts" ? scope.accounts : scope.units);
  const values = { accounts: accountsWithin(organization, ids).length, regions: regions.length, units: scope.units.length };
  return t(`start.sentence.${scope.kind}`, values);
}
