/** Whether a value has the form that a field asks for: which variant of a union it is. */
import type { Json } from "tickwork/client";
import type { Field } from "./field.ts";
import { itemField } from "./field.ts";
import { checkNumber } from "./number-text.ts";
import { checkText } from "./text-format.ts";

/** Looked at: the first items of a list, and parts nested up to this. */
const ITEMS = 20;
const MOST_DEPTH = 5;

/** `isExact`: an object has no members that the field does not know. */
export function hasFormOf(field: Field, value: Json, isExact: boolean, depth = 0): boolean {
  if (value === null && field.isNullable === true) return true;
  if (depth > MOST_DEPTH) return true;
  const isPart = (part: Field | null, of: Json): boolean => part !== null && hasFormOf(part, of, isExact, depth + 1);
  switch (field.kind) {
    case "text":
      return typeof value === "string" && checkText(field, value) === null;
    case "number":
      return typeof value === "number" && checkNumber(field, value) === null;
    case "boolean":
      return typeof value === "boolean";
    case "choice":
      return field.options.some((option) => JSON.stringify(option.value) === JSON.stringify(value));
    case "list":
      return (
        Array.isArray(value) &&
        value.length >= field.minItems &&
        value.length <= field.maxItems &&
        value.slice(0, ITEMS).every((item, index) => isPart(itemField(field, index), item as Json))
      );
    case "object": {
      if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
      const given = value as { readonly [name: string]: Json };
      const names = new Set(field.members.map(({ name }) => name));
      const { extra } = field;
      return (
        field.members.every(({ name, field: member, isRequired }) =>
          Object.hasOwn(given, name) ? isPart(member(), given[name] ?? null) : !isRequired,
        ) &&
        Object.entries(given)
          .filter(([name]) => !names.has(name))
          .every(([name, each]) =>
            extra === null ? !isExact : isPart(extra.name(), name) && isPart(extra.value(), each),
          )
      );
    }
    case "union":
      return field.variants.some((variant) => isPart(variant.field(), value));
    case "json":
      return true;
  }
}
