/** What a kind's schema says, for those who cannot run it: forms, graphs, other languages. */
import type { JsonObject } from "../core/json.ts";
import type { AnyEventKind } from "./event.ts";

const schemas = new WeakMap<AnyEventKind, { schema: JsonObject | null }>();

/** What zod cannot say of one field is anything, and the other fields keep their words. A Date is a text marked as one. */
const zodOptions = {
  unrepresentable: "any",
  override: ({ zodSchema, jsonSchema }: ZodPart): void => {
    if (zodSchema["_zod"].def.type === "date")
      Object.assign(jsonSchema, { type: "string", format: "date-time", "x-tickwork": "Date" });
  },
};

interface ZodPart {
  readonly zodSchema: { readonly _zod: { readonly def: { readonly type: string } } };
  readonly jsonSchema: object;
}

/** JSON Schema of what a caller passes; null when there is none or the validator cannot express it. */
export function jsonSchemaOf(kind: AnyEventKind): JsonObject | null {
  const known = schemas.get(kind);
  if (known) return known.schema;
  let schema: JsonObject | null = null;
  try {
    const made = kind.schema?.["~standard"].jsonSchema?.input({ target: "draft-2020-12", libraryOptions: zodOptions });
    // Through JSON: what crosses to a page must be plain.
    if (made) schema = JSON.parse(JSON.stringify(made)) as JsonObject;
  } catch {
    // The validator has no JSON Schema for it: the form falls back to raw JSON.
  }
  schemas.set(kind, { schema });
  return schema;
}

/** The schema of each type of event of a workflow; null for types that it does not know. */
export function schemasOf(kinds: ReadonlyMap<string, AnyEventKind> | undefined): (type: string) => JsonObject | null {
  return (type) => {
    const kind = kinds?.get(type);
    return kind ? jsonSchemaOf(kind) : null;
  };
}
