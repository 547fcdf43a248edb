/** Starting a scan: a form made from the request's schema, what is wrong with it, and what it would come to. */
import { apiPath, get, post } from "../api.js";
import { html, useMemo, useState } from "../base.js";
import { faultsAt, faultsElsewhere } from "../form/faults.js";
import { fieldsOf } from "../form/fields.js";
import { NO_SCOPE, isChosen, scopeOf, scopeRequest } from "../form/scope.js";
import { initialValues, requestOf, valuesOf } from "../form/values.js";
import { go, route } from "../navigation.js";
import { Confirm } from "../parts/dialog.js";
import { Faults, Field } from "../parts/field.js";
import { Page } from "../parts/page.js";
import { Empty, Shown } from "../parts/problem.js";
import { useResource } from "../resource.js";
import { mayStart, session } from "../session.js";
import { language, t } from "../texts.js";
import { Estimate, useCheck } from "./start_estimate.js";
import { ScopeField, scopeSentence } from "./start_scope.js";

/** @typedef {import("../form/fields.js").Field} FieldType */

const FIRST = ["regions", "profile", "checks", "delivery", "dry_run"];

/** The page with the form; read-only consoles say why there is none. */
export function StartPage() {
  const { like = "" } = route.value.filters;
  const spoken = language();
  const given = useResource(
    async (signal) => {
      const [schema, organization, before] = await Promise.all([
        get(`/api/schema?language=${spoken}`, signal),
        get(apiPath("organization"), signal),
        like ? get(apiPath("runs", like), signal) : null,
      ]);
      return { schema, organization, before: before?.request ?? null };
    },
    `${spoken} ${like}`,
    like,
  );
  if (!mayStart()) {
    return html`<${Page} title=${t("nav.start")}>
      <${Empty} title=${t("start.read_only")}><p>${t("start.read_only.text")}</p><p><code>fleetdx console --aws --allow-start</code></p><//>
    <//>`;
  }
  return html`<${Page} title=${t("nav.start")} lead=${t("start.lead")} wide>
    <${Shown} of=${given} lines=${12}>${(/** @type {any} */ data) => html`<${StartForm} ...${data} />`}<//>
  <//>`;
}

/**
 * What the schema has fields for, with what only this deployment knows: its regions.
 * @param {any} schema
 * @returns {FieldType[]}
 */
function formFields(schema) {
  const regions = session.value?.regions ?? [];
  return fieldsOf(schema)
    .filter((one) => one.name !== "scope")
    .map((one) => (one.name === "regions" && regions.length ? { ...one, kind: "several", options: regions } : one));
}

/** @param {{ schema: any, organization: any, before: any }} props */
function StartForm({ schema, organization, before }) {
  const fields = useMemo(() => formFields(schema), [schema]);
  const { instance } = route.value.filters;
  const [values, setValues] = useState(() => (before ? valuesOf(fields, before) : initialValues(fields)));
  const [scope, setScope] = useState(() =>
    before ? scopeOf(before.scope) : instance ? scopeOf({ instances: [instance] }) : NO_SCOPE,
  );
  const [asking, setAsking] = useState(false);
  const [tried, setTried] = useState(false);
  const chosen = isChosen(scope);
  /** @type {Record<string, any>} */
  const request = { scope: scopeRequest(scope), ...requestOf(fields, values) };
  const check = useCheck(chosen ? request : null);
  const form = { fields, values, faults: check.faults, set: setValues };
  const scopeFaults = tried && !chosen ? [{ pointer: "/scope", message: t("start.scope.none") }] : faultsAt(check.faults, "/scope");
  /** @param {Event} event */
  function submit(event) {
    event.preventDefault();
    setTried(true);
    if (chosen && check.faults.length === 0) setAsking(true);
    else requestAnimationFrame(() => /** @type {HTMLElement | null} */ (document.querySelector(".faults:not(:empty)"))?.scrollIntoView({ block: "center" }));
  }
  async function start() {
    const { run } = await post(apiPath("runs"), { request });
    go("run", [run]);
  }
  return html`<form class="start" onSubmit=${submit} novalidate>
      <div class="start-fields">
        <${ScopeField} scope=${scope} organization=${organization} faults=${scopeFaults} onChange=${setScope} />
        <${Fields} form=${form} names=${FIRST} />
        <${Advanced} form=${form} />
        <${Faults} id="faults-elsewhere" faults=${faultsElsewhere(check.faults, ["/scope", ...fields.map((one) => one.pointer)])} />
      </div>
      <${Estimate} check=${check} chosen=${chosen} dry=${Boolean(values.dry_run)} />
    </form>
    ${asking &&
    html`<${Confirm}
      title=${t(values.dry_run ? "start.confirm.dry" : "start.confirm")}
      confirm=${t(values.dry_run ? "start.button.dry" : "start.button")}
      onConfirm=${start}
      onClose=${() => setAsking(false)}
    >
      <p><b>${scopeSentence(scope, organization, request.regions ?? session.value?.regions ?? [])}</b></p>
      ${check.estimate?.instances && html`<p>${t("start.confirm.instances", { count: check.estimate.instances })}</p>`}
      <p class="soft">${t(values.dry_run ? "start.confirm.dry.text" : "start.confirm.text")}</p>
    <//>`}`;
}

/** @typedef {{ fields: FieldType[], values: Record<string, any>, faults: any[], set: (change: any) => void }} Form */

/**
 * @param {{ form: Form, names: string[] }} props
 */
function Fields({ form: { fields, values, faults, set }, names }) {
  const shown = names.map((name) => fields.find((one) => one.name === name)).filter((one) => one !== undefined);
  return shown.map((field) => {
    const change = (/** @type {any} */ value) => set((/** @type {any} */ before) => ({ ...before, [field.name]: value }));
    const at = faultsAt(faults, field.pointer);
    return field.kind === "group"
      ? html`<${Group} key=${field.name} field=${field} values=${values[field.name]} faults=${at} onChange=${change} />`
      : html`<${Field} key=${field.name} field=${field} value=${values[field.name]} faults=${at} onChange=${change} />`;
  });
}

/**
 * Fields that stand together, or not at all.
 * @param {{ field: FieldType, values: any, faults: any[], onChange: (value: any) => void }} props
 */
function Group({ field, values, faults, onChange }) {
  const within = field.fields.map((one) => one.pointer);
  const form = {
    fields: field.fields,
    values,
    faults,
    set: (/** @type {(before: any) => any} */ change) => onChange(change(values)),
  };
  return html`<div class="group">
    <${Field}
      field=${{ ...field, kind: "switch" }}
      value=${values.given}
      faults=${faultsElsewhere(faults, within)}
      onChange=${(/** @type {boolean} */ given) => onChange({ ...values, given })}
    />
    ${values.given && html`<div class="group-fields"><${Fields} form=${form} names=${field.fields.map((one) => one.name)} /></div>`}
  </div>`;
}

/** @param {{ form: Form }} props */
function Advanced({ form }) {
  const names = form.fields.map((one) => one.name).filter((name) => !FIRST.includes(name));
  const faulty = form.fields.some((one) => names.includes(one.name) && faultsAt(form.faults, one.pointer).length > 0);
  const changed = Object.keys(requestOf(form.fields, form.values)).filter((name) => names.includes(name)).length;
  return html`<details class="advanced" open=${faulty || undefined}>
    <summary>${t("start.advanced")}${changed > 0 && html` <span class="soft">${t("start.advanced.changed", { count: changed })}</span>`}</summary>
    <div class="advanced-fields"><${Fields} form=${form} names=${names} /></div>
  </details>`;
}
