/** The fields of a form, read from a JSON Schema; pure. What the schema gains, the form gains. */

/**
 * @typedef {"choice" | "switch" | "number" | "text" | "several" | "list" | "pairs" | "group"} Kind
 * @typedef {{ name: string, pointer: string, kind: Kind, title: string, description: string, initial: any,
 *   options: string[], example: string, minimum?: number, maximum?: number, fields: Field[] }} Field
 */

/**
 * @param {any} schema A JSON Schema of type object.
 * @param {string} [pointer] Where it stands within the request.
 * @returns {Field[]} In the schema's order.
 */
export function fieldsOf(schema, pointer = "") {
  return Object.entries(schema.properties ?? {}).map(([name, one]) => fieldOf(name, one, `${pointer}/${name}`));
}

/**
 * @param {string} name
 * @param {any} schema
 * @param {string} pointer
 * @returns {Field}
 */
function fieldOf(name, schema, pointer) {
  const kind = kindOf(schema);
  return {
    name,
    pointer,
    kind,
    title: schema.title ?? name,
    description: schema.description ?? "",
    initial: schema.default,
    options: (kind === "several" ? schema.items.enum : schema.enum) ?? [],
    example: String(schema.examples?.[0] ?? schema.items?.examples?.[0] ?? ""),
    minimum: schema.minimum,
    maximum: schema.maximum,
    fields: kind === "group" ? fieldsOf(schema, pointer) : [],
  };
}

/**
 * @param {any} schema
 * @returns {Kind}
 */
function kindOf(schema) {
  if (schema.enum) return "choice";
  if (schema.type === "boolean") return "switch";
  if (schema.type === "integer" || schema.type === "number") return "number";
  if (schema.type === "array") return schema.items?.enum ? "several" : "list";
  if (schema.type === "object") return schema.properties ? "group" : "pairs";
  return "text";
}
