import type { JsonObject } from "tickwork/client";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { emptyDraft } from "../../inspector/forms/draft.ts";
import type { ObjectField, UnionField } from "../../inspector/forms/field.ts";
import { readDraft } from "../../inspector/forms/read-draft.ts";
import { toField } from "../../inspector/forms/schema-field.ts";
import { fieldOf, object, throughForm } from "./fixtures/form.ts";

const member = (field: ObjectField, name: string) => field.members.find((each) => each.name === name)?.field();

test("each kind of schema has its kind of field", () => {
  const kinds: [JsonObject, string][] = [
    [{ type: "string" }, "text"],
    [{ type: "integer" }, "number"],
    [{ type: "boolean" }, "boolean"],
    [{ enum: ["a", 1, null] }, "choice"],
    [{ anyOf: [{ const: "a" }, { const: "b" }] }, "choice"],
    [{ type: "null" }, "choice"],
    [{ type: "array", items: { type: "string" } }, "list"],
    [{ type: "array", prefixItems: [{ type: "string" }] }, "list"],
    [object({ a: { type: "string" } }), "object"],
    [{ type: "object", additionalProperties: { type: "number" } }, "object"],
    [{ anyOf: [{ type: "string" }, { type: "object" }] }, "union"],
    [{ type: ["string", "number"] }, "union"],
    [{}, "json"],
    [{ $ref: "#/nowhere" }, "json"],
  ];
  expect(kinds.map(([schema]) => toField(schema).kind)).toEqual(kinds.map(([, kind]) => kind));
  expect(toField(null).kind).toBe("json");
});

test("nullable, referenced and combined parts are seen through", () => {
  const field = toField({
    ...object({
      a: { anyOf: [{ type: "number" }, { type: "null" }], title: "A" },
      b: { $ref: "#/$defs/name", description: "Yours" },
      c: { allOf: [object({ x: { type: "string" } }), object({ y: { type: "number" } })] },
    }),
    $defs: { name: { type: "string", minLength: 2 } },
  }) as ObjectField;
  expect(member(field, "a")).toMatchObject({ kind: "number", isNullable: true, title: "A" });
  expect(member(field, "b")).toMatchObject({ kind: "text", minLength: 2, description: "Yours" });
  expect((member(field, "c") as ObjectField).members.map(({ name }) => name)).toEqual(["x", "y"]);
});

test("one field that cannot be drawn is raw JSON, and the others are fields", () => {
  const field = fieldOf(z.object({ name: z.string(), tags: z.set(z.string()), at: z.date() })) as ObjectField;
  expect(field.members.map(({ name, field: part }) => [name, part().kind])).toEqual([
    ["name", "text"],
    ["tags", "json"],
    ["at", "text"],
  ]);
});

test("a schema that contains itself is drawn as deep as its value is", () => {
  interface Tree {
    readonly name: string;
    readonly children: readonly Tree[];
  }
  const Tree: z.ZodType<Tree> = z.lazy(() => z.object({ name: z.string(), children: z.array(Tree) }));
  const field = fieldOf(Tree);
  let value: { name: string; children: unknown[] } = { name: "leaf", children: [] };
  for (let depth = 0; depth < 30; depth++)
    value = { name: String(depth), children: [value, { name: "", children: [] }] };
  expect(throughForm(field, value as never)).toEqual({ value, problems: [] });
});

test("a schema that demands itself without end still begins", () => {
  const field = toField(object({ again: { $ref: "#" } }));
  expect(readDraft(field, emptyDraft(field, true), true).problems).toHaveLength(1);
});

describe("unions", () => {
  const Shape = z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("circle"), r: z.number() }),
    z.object({ kind: z.literal("box"), w: z.number(), h: z.number() }).meta({ title: "A box" }),
  ]);

  test("are called by their title, by what tells them apart, or by their type", () => {
    const titles = (schema: z.ZodType) => (fieldOf(schema) as UnionField).variants.map(({ title }) => title);
    expect(titles(Shape)).toEqual(["circle", "A box"]);
    expect(titles(z.union([z.string(), z.int(), z.array(z.string())]))).toEqual(["text", "whole number", "list"]);
  });

  test("the variant is the one whose form the value has", () => {
    const loose = z.union([z.object({ a: z.string().optional() }), z.object({ b: z.number() })]);
    expect(throughForm(fieldOf(loose), { b: 1 })).toEqual({ value: { b: 1 }, problems: [] });
    expect(throughForm(fieldOf(Shape), { kind: "box", w: 1, h: 2 }).value).toEqual({ kind: "box", w: 1, h: 2 });
  });
});

test("a default is filled in, and its field may be left out", () => {
  const field = toField(object({ size: { type: "integer", default: 3 }, name: { type: "string" } })) as ObjectField;
  expect(field.members.map(({ isRequired }) => isRequired)).toEqual([false, true]);
  expect(readDraft(field, emptyDraft(field, true), true).value).toEqual({ size: 3, name: "" });
});

test("secrets are told from other texts", () => {
  const secrets = [{ format: "password" }, { writeOnly: true }, { redacted: true }];
  for (const secret of secrets) expect(toField({ type: "string", ...secret }).isSecret).toBe(true);
  expect(toField({ type: "string" }).isSecret).toBeUndefined();
});

test("times and dates of no zone are known by what their pattern takes", () => {
  const format = (schema: z.ZodType) => (fieldOf(schema) as { format?: string }).format;
  expect(format(z.iso.time())).toBe("time");
  expect(format(z.iso.datetime({ local: true }))).toBe("local-date-time");
  expect(format(z.iso.date())).toBe("date");
  expect(format(z.string().regex(/^\d+$/))).toBeUndefined();
  expect(format(z.string().regex(/:/))).toBeUndefined();
});
