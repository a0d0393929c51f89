import type { Json, JsonObject } from "tickwork/client";
import { expect, test } from "vitest";
import { emptyDraft, readDraft, toDraft } from "../../inspector/inbox/draft.ts";
import { toField } from "../../inspector/inbox/schema-field.ts";

const object = (properties: JsonObject, required: string[] = Object.keys(properties)): JsonObject => ({
  type: "object",
  properties,
  required,
});
const read = (schema: JsonObject, value: Json) => {
  const field = toField(schema);
  return readDraft(field, toDraft(field, value), true);
};

test("each kind of schema has its kind of field", () => {
  const kinds: [JsonObject, string][] = [
    [{ type: "string" }, "text"],
    [{ type: "integer" }, "number"],
    [{ type: "boolean" }, "boolean"],
    [{ enum: ["a", 1, null] }, "choice"],
    [{ anyOf: [{ const: "a" }, { const: "b" }] }, "choice"],
    [{ type: "array", items: { type: "string" } }, "list"],
    [object({ a: { type: "string" } }), "object"],
    [{ anyOf: [{ type: "string" }, { type: "object" }] }, "json"],
    [{ type: "object", additionalProperties: { type: "number" } }, "json"],
    [{}, "json"],
  ];
  expect(kinds.map(([schema]) => toField(schema).kind)).toEqual(kinds.map(([, kind]) => kind));
  expect(toField(null).kind).toBe("json");
});

test("nullable and referenced parts are seen through", () => {
  const schema: JsonObject = {
    ...object({ a: { anyOf: [{ type: "number" }, { type: "null" }] }, b: { $ref: "#/$defs/name" } }),
    $defs: { name: { type: "string", minLength: 2 } },
  };
  expect(toField(schema)).toMatchObject({
    members: [{ field: { kind: "number", isNullable: true } }, { field: { kind: "text", minLength: 2 } }],
  });
  expect(read(schema, { a: null, b: "xy" })).toEqual({ value: { a: null, b: "xy" }, problems: [] });
});

test("a schema that contains itself ends", () => {
  const schema: JsonObject = { ...object({ children: { type: "array", items: { $ref: "#" } } }) };
  expect(() => JSON.stringify(toField(schema))).not.toThrow();
});

test("defaults are filled in and make a field optional", () => {
  const schema = object({ size: { type: "integer", default: 3 }, name: { type: "string" } });
  const field = toField(schema);
  expect(field).toMatchObject({ members: [{ isRequired: false }, { isRequired: true }] });
  expect(readDraft(field, emptyDraft(field, true), true).value).toEqual({ size: 3, name: "" });
});

test("what is left empty and optional is left out", () => {
  const schema = object(
    {
      a: { type: "string" },
      b: { type: "number" },
      c: { type: "array", items: {} },
      d: object({ x: { type: "string" } }),
      e: {},
    },
    [],
  );
  const field = toField(schema);
  expect(readDraft(field, emptyDraft(field, true), true)).toEqual({ value: {}, problems: [] });
});

test("problems say where", () => {
  const field = toField(
    object({
      n: { type: "integer", minimum: 1 },
      list: { type: "array", items: object({ name: { type: "string", minLength: 1 } }), minItems: 1 },
      raw: {},
    }),
  );
  const problems = readDraft(field, { n: "1.5", list: [{ name: "" }], raw: "{oops" }, true).problems;
  expect(problems.map(({ path }) => path)).toEqual(["n", "list/0/name", "raw"]);
  expect(problems[0]?.message).toBe("A whole number is needed.");
});

test("a pattern the browser cannot read is left to the engine", () => {
  expect(read({ type: "string", pattern: "(?<x" }, "abc").problems).toEqual([]);
});
