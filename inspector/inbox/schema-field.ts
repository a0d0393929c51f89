/** A JSON Schema as the fields of a form. What a form cannot express becomes a raw JSON field of its own, not of the whole. */
import type { Json, JsonObject } from "tickwork/client";

interface FieldBase {
  readonly title?: string;
  readonly description?: string;
  /** Present when the schema has a default. */
  readonly default?: Json;
  /** null is allowed: an empty field means null. */
  readonly isNullable?: boolean;
}

export interface TextField extends FieldBase {
  readonly kind: "text";
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
}

export interface NumberField extends FieldBase {
  readonly kind: "number";
  readonly isInteger: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly multipleOf?: number;
}

export interface BooleanField extends FieldBase {
  readonly kind: "boolean";
}

export interface ChoiceField extends FieldBase {
  readonly kind: "choice";
  readonly options: readonly Json[];
}

export interface ListField extends FieldBase {
  readonly kind: "list";
  readonly item: Field;
  readonly minItems?: number;
  readonly maxItems?: number;
}

export interface ObjectField extends FieldBase {
  readonly kind: "object";
  readonly members: readonly Member[];
}

export interface Member {
  readonly name: string;
  readonly field: Field;
  readonly isRequired: boolean;
}

/** Anything: typed as JSON. */
export interface JsonField extends FieldBase {
  readonly kind: "json";
}

export type Field = TextField | NumberField | BooleanField | ChoiceField | ListField | ObjectField | JsonField;

/** Nested deeper than this, a part is typed as JSON; also what ends a schema that contains itself. */
const MOST_DEPTH = 6;

export function toField(schema: JsonObject | null): Field {
  return schema === null ? { kind: "json" } : fieldOf(schema, schema, 0);
}

function fieldOf(part: Json | undefined, root: JsonObject, depth: number): Field {
  const schema = resolve(part, root);
  if (schema === null || depth > MOST_DEPTH) return { kind: "json" };
  const base: FieldBase = {
    ...pick(schema, "title", "string"),
    ...pick(schema, "description", "string"),
    ...(schema["default"] === undefined ? {} : { default: schema["default"] }),
  };
  const options = optionsOf(schema);
  if (options !== null) return { ...base, kind: "choice", options };

  const variants = asList(schema["anyOf"]) ?? asList(schema["oneOf"]);
  if (variants !== null) {
    const parts = variants.map((variant) => resolve(variant, root));
    const real = parts.filter((variant) => variant?.["type"] !== "null");
    const only = real[0];
    if (real.length === 1 && only !== null && only !== undefined) {
      return { ...fieldOf(only, root, depth), ...base, isNullable: real.length < parts.length };
    }
    const constants = real.map((variant) => (variant === null ? null : optionsOf(variant)));
    if (constants.every((each) => each !== null))
      return { ...base, kind: "choice", options: constants.flat(), isNullable: real.length < parts.length };
    return { ...base, kind: "json" };
  }

  const types = asList(schema["type"]);
  if (types !== null) {
    const real = types.filter((type) => type !== "null");
    if (real.length !== 1 || real[0] === undefined) return { ...base, kind: "json" };
    return { ...fieldOf({ ...schema, type: real[0] }, root, depth), isNullable: real.length < types.length };
  }

  switch (schema["type"]) {
    case "string":
      return {
        ...base,
        kind: "text",
        ...pick(schema, "format", "string"),
        ...pick(schema, "minLength", "number"),
        ...pick(schema, "maxLength", "number"),
        ...pick(schema, "pattern", "string"),
      };
    case "number":
    case "integer":
      return {
        ...base,
        kind: "number",
        isInteger: schema["type"] === "integer",
        ...pick(schema, "minimum", "number"),
        ...pick(schema, "maximum", "number"),
        ...pick(schema, "exclusiveMinimum", "number"),
        ...pick(schema, "exclusiveMaximum", "number"),
        ...pick(schema, "multipleOf", "number"),
      };
    case "boolean":
      return { ...base, kind: "boolean" };
    case "array":
      if (schema["items"] === undefined || schema["prefixItems"] !== undefined) return { ...base, kind: "json" };
      return {
        ...base,
        kind: "list",
        item: fieldOf(schema["items"], root, depth + 1),
        ...pick(schema, "minItems", "number"),
        ...pick(schema, "maxItems", "number"),
      };
    case "object":
      return objectField(schema, root, depth, base);
    default:
      return { ...base, kind: "json" };
  }
}

function objectField(schema: JsonObject, root: JsonObject, depth: number, base: FieldBase): Field {
  const properties = asObject(schema["properties"]);
  // A record of any keys has no fields to draw.
  if (
    properties === null ||
    (Object.keys(properties).length === 0 && asObject(schema["additionalProperties"]) !== null)
  ) {
    return properties !== null && Object.keys(properties).length === 0 && schema["additionalProperties"] === false
      ? { ...base, kind: "object", members: [] }
      : { ...base, kind: "json" };
  }
  const required = new Set(asList(schema["required"]) ?? []);
  const members = Object.entries(properties).map(([name, part]): Member => {
    const field = fieldOf(part, root, depth + 1);
    return { name, field, isRequired: required.has(name) && field.default === undefined };
  });
  return { ...base, kind: "object", members };
}

function resolve(part: Json | undefined, root: JsonObject): JsonObject | null {
  let schema = asObject(part);
  for (let hops = 0; schema !== null && typeof schema["$ref"] === "string"; hops += 1) {
    if (hops > 16) return null;
    const keys = schema["$ref"].replace(/^#\/?/, "").split("/").filter(Boolean);
    let target: Json | undefined = root;
    for (const key of keys) target = asObject(target)?.[key.replaceAll("~1", "/").replaceAll("~0", "~")];
    schema = asObject(target);
  }
  const all = asList(schema?.["allOf"]);
  const only = all?.length === 1 ? all[0] : undefined;
  return schema !== null && only !== undefined ? { ...resolve(only, root), ...schema } : schema;
}

function optionsOf(schema: JsonObject): readonly Json[] | null {
  if (schema["const"] !== undefined) return [schema["const"]];
  return asList(schema["enum"]);
}

function asObject(value: Json | undefined): JsonObject | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
}

function asList(value: Json | undefined): readonly Json[] | null {
  return Array.isArray(value) ? value : null;
}

function pick<Key extends string, Kind extends "string" | "number">(
  schema: JsonObject,
  key: Key,
  kind: Kind,
): { readonly [K in Key]?: Kind extends "string" ? string : number } {
  return typeof schema[key] === kind
    ? ({ [key]: schema[key] } as { [K in Key]?: Kind extends "string" ? string : number })
    : {};
}
