/** A JSON Schema as the fields of a form. What a form cannot express becomes a raw JSON field of its own, not of the whole. */
import type { Json, JsonObject } from "tickwork/client";
import type { Field, Lazy, Member, Option, Variant } from "./field.ts";
import { formatOfPattern } from "./text-format.ts";

export function toField(schema: JsonObject | null): Field {
  return schema === null ? { kind: "json" } : new Reader(schema).field(schema);
}

type Base = Pick<Field, "title" | "description" | "default" | "isNullable" | "isSecret">;

class Reader {
  readonly #root: JsonObject;
  /** One field per part of the schema, so that a part that contains itself ends. */
  readonly #known = new WeakMap<JsonObject, Field>();

  constructor(root: JsonObject) {
    this.#root = root;
  }

  field(part: Json | undefined): Field {
    const schema = this.#resolve(part);
    if (schema === null) return { kind: "json" };
    const key = asObject(part) ?? schema;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const made = this.#make(schema);
    this.#known.set(key, made);
    return made;
  }

  #lazy(part: Json | undefined): Lazy<Field> {
    return () => this.field(part);
  }

  #make(schema: JsonObject): Field {
    const base = baseOf(schema);
    const options = optionsOf(schema);
    if (options !== null) return { ...base, kind: "choice", options };
    const variants = asList(schema["oneOf"]) ?? asList(schema["anyOf"]);
    if (variants !== null) return this.#oneOf(schema, base, variants);
    const types = asList(schema["type"]);
    if (types !== null)
      return this.#oneOf(
        {},
        base,
        types.map((type) => ({ ...withoutBase(schema), type })),
      );
    switch (schema["type"]) {
      case "string":
        return textField(schema, base);
      case "number":
      case "integer":
        return numberField(schema, base);
      case "boolean":
        return { ...base, kind: "boolean" };
      case "null":
        return { ...base, kind: "choice", options: [{ value: null }] };
      case "array":
        return this.#list(schema, base);
      case "object":
        return this.#object(schema, base);
      default:
        return { ...base, kind: "json" };
    }
  }

  #oneOf(schema: JsonObject, base: Base, parts: readonly Json[]): Field {
    const { oneOf: _one, anyOf: _any, ...shared } = withoutBase(schema);
    const resolved = parts.map((part) => this.#resolve(part));
    if (resolved.includes(null)) return { ...base, kind: "json" };
    const all = resolved as readonly JsonObject[];
    const real = all.filter((part) => part["type"] !== "null" && part["const"] !== null);
    const nullable = real.length < all.length ? { isNullable: true } : {};
    const whole = real.map((part) => (Object.keys(shared).length === 0 ? part : merge([shared, part])));
    const [only] = whole;
    if (only === undefined) return { ...base, kind: "choice", options: [{ value: null }] };
    if (whole.length === 1) return { ...this.field(only), ...base, ...nullable };
    const choices = whole.map(optionsOf);
    if (choices.every((each) => each !== null))
      return { ...base, ...nullable, kind: "choice", options: choices.flat() };
    const variants = whole.map((part): Variant => ({ title: titleOf(part), field: this.#lazy(part) }));
    return { ...base, ...nullable, kind: "union", variants };
  }

  #list(schema: JsonObject, base: Base): Field {
    const first = (asList(schema["prefixItems"]) ?? []).map((part) => this.#lazy(part));
    const items = schema["items"];
    const rest = items === false || (items === undefined && first.length > 0) ? null : this.#lazy(items ?? {});
    const most = rest === null ? first.length : Infinity;
    return {
      ...base,
      kind: "list",
      first,
      rest,
      minItems: typeof schema["minItems"] === "number" ? schema["minItems"] : 0,
      maxItems: Math.min(most, typeof schema["maxItems"] === "number" ? schema["maxItems"] : most),
      ...(schema["uniqueItems"] === true && { areUnique: true }),
    };
  }

  #object(schema: JsonObject, base: Base): Field {
    const properties = asObject(schema["properties"]) ?? {};
    const required = new Set(asList(schema["required"]) ?? []);
    const others = schema["additionalProperties"];
    const names = asObject(schema["propertyNames"] ?? null);
    // Names that are all required are members like others.
    const listed = asList(names?.["enum"] ?? null) ?? [];
    const parts: [string, Json][] = [
      ...Object.entries(properties),
      ...listed.flatMap((name): [string, Json][] =>
        typeof name === "string" && !Object.hasOwn(properties, name) ? [[name, others ?? {}]] : [],
      ),
    ];
    const members = parts
      .filter(([, part]) => !isNever(part))
      .map(([name, part]): Member => {
        const hasDefault = this.#resolve(part)?.["default"] !== undefined;
        return { name, field: this.#lazy(part), isRequired: required.has(name) && !hasDefault };
      });
    const isOpen = listed.length === 0 && (asObject(others) !== null || others === true);
    // An object of which nothing is said may have any members.
    const isBare = members.length === 0 && others === undefined && schema["properties"] === undefined;
    const extra =
      isOpen || isBare
        ? { name: this.#lazy(names ?? { type: "string" }), value: this.#lazy(asObject(others) ?? {}) }
        : null;
    return { ...base, kind: "object", members, extra };
  }

  /** What a reference points at, and all that is said of one thing put together. null: no schema that can be drawn. */
  #resolve(part: Json | undefined): JsonObject | null {
    let schema = asObject(part);
    for (let hops = 0; schema !== null && typeof schema["$ref"] === "string"; hops += 1) {
      if (hops > 16) return null;
      const { $ref, ...beside } = schema;
      const keys = $ref.replace(/^#\/?/, "").split("/").filter(Boolean);
      let target: Json | undefined = this.#root;
      for (const key of keys) target = asObject(target)?.[key.replaceAll("~1", "/").replaceAll("~0", "~")];
      const found = asObject(target);
      schema = found === null || Object.keys(beside).length === 0 ? found : { ...found, ...beside };
    }
    const all = asList(schema?.["allOf"]);
    if (schema === null || all === null) return schema;
    const { allOf: _all, ...own } = schema;
    const resolved = all.map((each) => this.#resolve(each));
    return resolved.includes(null) ? null : merge([...(resolved as readonly JsonObject[]), own]);
  }
}

/** Of objects: all members of all. Of anything else the later word counts. */
function merge(parts: readonly JsonObject[]): JsonObject {
  const properties = Object.assign({}, ...parts.map((part) => asObject(part["properties"]) ?? {})) as JsonObject;
  const required = parts.flatMap((part) => asList(part["required"]) ?? []);
  return {
    ...(Object.assign({}, ...parts) as JsonObject),
    ...(Object.keys(properties).length > 0 && { properties }),
    ...(required.length > 0 && { required: [...new Set(required)] }),
  };
}

function baseOf(schema: JsonObject): Base {
  const isSecret = schema["format"] === "password" || schema["writeOnly"] === true || schema["redacted"] === true;
  return {
    ...pick(schema, "title", "string"),
    ...pick(schema, "description", "string"),
    ...(schema["default"] === undefined ? {} : { default: schema["default"] }),
    ...(isSecret && { isSecret }),
  };
}

function withoutBase(schema: JsonObject): JsonObject {
  const {
    title: _title,
    description: _description,
    default: _default,
    $schema: _schema,
    $defs: _defs,
    ...rest
  } = schema;
  return rest;
}

function textField(schema: JsonObject, base: Base): Field {
  const pattern = pick(schema, "pattern", "string");
  const format = typeof schema["format"] === "string" ? schema["format"] : formatOfPattern(pattern.pattern);
  return {
    ...base,
    kind: "text",
    ...(format !== null && { format }),
    ...pick(schema, "minLength", "number"),
    ...pick(schema, "maxLength", "number"),
    ...pattern,
    ...(schema["x-tickwork"] === "Date" && { isDate: true }),
  };
}

function numberField(schema: JsonObject, base: Base): Field {
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
}

/** What a variant is called: as its author says, by the value that tells it from the others, or by its type. */
function titleOf(schema: JsonObject): string {
  if (typeof schema["title"] === "string") return schema["title"];
  for (const part of Object.values(asObject(schema["properties"]) ?? {})) {
    const options = optionsOf(asObject(part) ?? {});
    if (options?.length === 1 && typeof options[0]?.value === "string") return options[0].value;
  }
  if (typeof schema["format"] === "string") return schema["format"];
  const words: { readonly [type: string]: string } = { string: "text", integer: "whole number", array: "list" };
  const type = schema["type"];
  return typeof type === "string"
    ? (words[type] ?? type)
    : optionsOf(schema) === null
      ? "anything"
      : "one of some values";
}

function optionsOf(schema: JsonObject): readonly Option[] | null {
  const title = pick(schema, "title", "string");
  if (schema["const"] !== undefined) return [{ value: schema["const"], ...title }];
  return asList(schema["enum"])?.map((value) => ({ value })) ?? null;
}

function isNever(part: Json): boolean {
  const not = asObject(asObject(part)?.["not"] ?? null);
  return part === false || (not !== null && Object.keys(not).length === 0);
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
