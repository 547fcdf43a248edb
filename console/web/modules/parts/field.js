/** A field of a form by its kind, with its label, what it is for, and what is wrong with it. */
import { html, useId } from "../base.js";
import { has, t } from "../texts.js";
import { Inert } from "./inert.js";

/**
 * @typedef {import("../form/fields.js").Field} Field
 * @typedef {import("../form/faults.js").Fault} Fault
 * @typedef {{ field: Field, value: any, faults: Fault[], onChange: (value: any) => void }} FieldProps
 */

/** @type {Record<string, (props: any) => any>} */
const CONTROLS = { choice: Choice, several: Several, number: Line, text: Line, list: Lines, pairs: Lines };

/** @param {FieldProps} props */
export function Field(props) {
  const id = useId();
  const { field, faults } = props;
  if (field.kind === "switch") return html`<${Switch} ...${props} id=${id} />`;
  const grouped = field.kind === "choice" || field.kind === "several";
  const described = [field.description && `${id}-text`, faults.length && `${id}-faults`].filter(Boolean).join(" ") || undefined;
  const control = html`<${CONTROLS[field.kind]} ...${props} id=${id} described=${described} invalid=${faults.length > 0} />`;
  const note = html`<${Note} id=${id} field=${field} /><${Faults} id=${`${id}-faults`} faults=${faults} />`;
  return grouped
    ? html`<fieldset class="field" aria-describedby=${described} data-pointer=${field.pointer}>
        <legend class="field-name">${field.title}</legend>${control}${note}
      </fieldset>`
    : html`<div class="field" data-pointer=${field.pointer}>
        <label class="field-name" for=${id}>${field.title}</label>${control}${note}
      </div>`;
}

/** @param {{ id: string, field: Field }} props */
function Note({ id, field }) {
  return field.description && html`<p class="field-note" id=${`${id}-text`}>${field.description}</p>`;
}

/** @param {{ id: string, faults: Fault[] }} props */
export function Faults({ id, faults }) {
  // The element is always there: a live region that appears with its text is often not read.
  return html`<div class="faults" id=${id} aria-live="polite">
    ${faults.map((one) => html`<p key=${one.pointer + one.message}><${Inert} text=${one.message} /></p>`)}
  </div>`;
}

/** @param {FieldProps & { id: string }} props */
function Switch({ id, field, value, faults, onChange }) {
  return html`<div class="field" data-pointer=${field.pointer}>
    <label class="tick">
      <input
        type="checkbox"
        checked=${value}
        aria-describedby=${field.description ? `${id}-text` : undefined}
        onChange=${(/** @type {any} */ event) => onChange(event.currentTarget.checked)}
      />
      <span class="field-name">${field.title}</span>
    </label>
    <div class="beside-tick"><${Note} id=${id} field=${field} /><${Faults} id=${`${id}-faults`} faults=${faults} /></div>
  </div>`;
}

/**
 * @param {string} name
 * @param {string} option
 */
function optionName(name, option) {
  return has(`option.${name}.${option}`) ? t(`option.${name}.${option}`) : option;
}

/** @param {FieldProps & { id: string }} props */
function Choice({ id, field, value, onChange }) {
  return html`<div class="segments">
    ${field.options.map(
      (option) => html`<label key=${option} class="segment">
        <input type="radio" name=${id} checked=${value === option} onChange=${() => onChange(option)} />
        <span>${optionName(field.name, option)}</span>
      </label>`,
    )}
  </div>`;
}

/** @param {FieldProps} props */
function Several({ field, value, onChange }) {
  /** @param {string} option */
  const toggled = (option) => field.options.filter((one) => (one === option) !== value.includes(one));
  return html`<div class="ticks">
    ${field.options.map(
      (option) => html`<label key=${option} class="tick">
        <input type="checkbox" checked=${value.includes(option)} onChange=${() => onChange(toggled(option))} />
        <span>${optionName(field.name, option)}</span>
      </label>`,
    )}
  </div>`;
}

/** @param {FieldProps & { id: string, described?: string, invalid: boolean }} props */
function Line({ id, field, value, described, invalid, onChange }) {
  const number = field.kind === "number";
  return html`<input
    id=${id}
    class=${number ? "short" : ""}
    type=${number ? "number" : "text"}
    min=${field.minimum}
    max=${field.maximum}
    value=${value}
    placeholder=${field.initial === undefined ? field.example : undefined}
    spellcheck=${false}
    autocomplete="off"
    aria-invalid=${invalid ? "true" : undefined}
    aria-describedby=${described}
    onInput=${(/** @type {any} */ event) => onChange(event.currentTarget.value)}
  />`;
}

/** @param {FieldProps & { id: string, described?: string, invalid: boolean }} props */
function Lines({ id, field, value, described, invalid, onChange }) {
  return html`<textarea
    id=${id}
    class="code"
    rows=${Math.min(8, Math.max(2, String(value).split("\n").length))}
    placeholder=${field.kind === "pairs" ? "Environment=production" : field.example}
    spellcheck=${false}
    value=${value}
    aria-invalid=${invalid ? "true" : undefined}
    aria-describedby=${described}
    onInput=${(/** @type {any} */ event) => onChange(event.currentTarget.value)}
  ></textarea>`;
}
