/** What stands in a form, as a request, and back; pure. What is as it would be anyway is left out of a request. */

/** @typedef {import("./fields.js").Field} Field */
/** @typedef {Record<string, any>} Values What was typed or ticked, by the field's name. */

/**
 * @param {Field[]} fields
 * @returns {Values} An untouched form.
 */
export function initialValues(fields) {
  return Object.fromEntries(fields.map((field) => [field.name, initialOf(field)]));
}

/** @param {Field} field */
function initialOf({ kind, initial, fields }) {
  if (kind === "switch") return initial ?? false;
  if (kind === "several") return initial ?? [];
  if (kind === "group") return { given: false, ...initialValues(fields) };
  return initial === undefined ? "" : String(initial);
}

/**
 * @param {Field[]} fields
 * @param {Values} values
 * @returns {Record<string, any>}
 */
export function requestOf(fields, values) {
  const given = fields.map((field) => [field.name, valueOf(field, values[field.name])]);
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}

/**
 * @param {Field} field
 * @param {any} typed
 * @returns {any} Undefined where nothing was said, or what would be anyway.
 */
function valueOf(field, typed) {
  const value = read(field, typed);
  return value !== undefined && JSON.stringify(value) === JSON.stringify(field.initial) ? undefined : value;
}

/**
 * @param {Field} field
 * @param {any} typed
 */
function read({ kind, fields, initial }, typed) {
  if (kind === "switch") return typed || initial ? Boolean(typed) : undefined;
  if (kind === "several") return typed.length || initial ? [...typed] : undefined;
  if (kind === "group") return typed.given ? requestOf(fields, typed) : undefined;
  if (typed.trim() === "") return undefined;
  if (kind === "number") return asNumber(typed);
  if (kind === "list") return words(typed);
  if (kind === "pairs") return pairs(typed);
  return typed.trim();
}

/**
 * What is no number stays as it was typed: the server says what is wrong with it.
 * @param {string} typed
 */
function asNumber(typed) {
  const number = Number(typed);
  return Number.isNaN(number) ? typed : number;
}

/**
 * @param {string} typed
 * @returns {string[]} Its words, whether lines, commas or spaces part them.
 */
export function words(typed) {
  return [...new Set(typed.split(/[\s,]+/).filter(Boolean))];
}

/**
 * @param {string} typed Lines of `KEY=VALUE`; several of one key are its values.
 * @returns {Record<string, string[]>}
 */
function pairs(typed) {
  /** @type {Record<string, string[]>} */
  const found = {};
  for (const line of typed.split("\n").map((one) => one.trim()).filter(Boolean)) {
    const [key, ...value] = line.split("=");
    const values = Object.hasOwn(found, key.trim()) ? found[key.trim()] : [];
    Object.defineProperty(found, key.trim(), { value: [...values, value.join("=").trim()], enumerable: true, configurable: true });
  }
  return found;
}

/**
 * @param {Field[]} fields
 * @param {Record<string, any>} request One that was made before, by whomever.
 * @returns {Values} The form that says it.
 */
export function valuesOf(fields, request) {
  const values = initialValues(fields);
  for (const field of fields) {
    const given = request[field.name];
    if (given !== undefined && given !== null) values[field.name] = typedOf(field, given, values[field.name]);
  }
  return values;
}

/**
 * @param {Field} field
 * @param {any} given
 * @param {any} initial
 */
function typedOf({ kind, fields }, given, initial) {
  if (kind === "switch") return Boolean(given);
  if (kind === "several") return Array.isArray(given) ? given : initial;
  if (kind === "group") return { given: true, ...valuesOf(fields, given) };
  if (kind === "list") return [given].flat().join("\n");
  if (kind === "pairs") return Object.entries(given).flatMap(([key, all]) => [all].flat().map((one) => `${key}=${one}`)).join("\n");
  return String(given);
}
