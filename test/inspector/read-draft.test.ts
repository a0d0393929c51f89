import type { Json, JsonObject } from "tickwork/client";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { draftWith, emptyDraft, switchVariant, toDraft } from "../../inspector/forms/draft.ts";
import type { UnionField } from "../../inspector/forms/field.ts";
import { readDraft, withoutSecrets } from "../../inspector/forms/read-draft.ts";
import { toField } from "../../inspector/forms/schema-field.ts";
import { fieldOf, object, throughForm } from "./fixtures/form.ts";

const text = fc.string({ unit: "grapheme", maxLength: 12 });
const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value));
const name = fc.string({ minLength: 1, maxLength: 5 }).filter((each) => each !== "__proto__");
const date = fc.date({ min: new Date("1970-01-01"), max: new Date("2999-12-31"), noInvalidDate: true });
const maybe = <T extends Json>(of: fc.Arbitrary<T>) => fc.option(of, { nil: null });
const part = (of: Record<string, fc.Arbitrary<Json>>) =>
  fc.record(of, { requiredKeys: [] }) as fc.Arbitrary<JsonObject>;

/** What authors write, and values of it. */
const catalogue: readonly (readonly [string, z.ZodType, fc.Arbitrary<unknown>])[] = [
  ["text", z.string(), text],
  ["text of a length", z.string().min(2).max(5), fc.string({ minLength: 2, maxLength: 5 })],
  ["text of a pattern with flags", z.string().regex(/^[a-z]+$/i), fc.stringMatching(/^[a-zA-Z]+$/)],
  ["number", z.number(), number],
  ["whole number", z.int(), fc.maxSafeInteger()],
  ["steps", z.number().min(0).max(10).multipleOf(0.1), fc.integer({ min: 0, max: 100 }).map((n) => Number((n * 0.1).toFixed(1)))], // prettier-ignore
  ["boolean", z.boolean(), fc.boolean()],
  ["enum", z.enum(["a", "b"]), fc.constantFrom("a", "b")],
  ["literals", z.literal(["x", 1, null, true]), fc.constantFrom("x", 1, null, true)],
  ["null", z.null(), fc.constant(null)],
  ["date", z.iso.date(), date.map((each) => each.toISOString().slice(0, 10))],
  ["time", z.iso.time(), date.map((each) => each.toISOString().slice(11, 19))],
  ["moment", z.iso.datetime(), date.map((each) => each.toISOString())],
  [
    "moment of any zone",
    z.iso.datetime({ offset: true }),
    date.map((each) => each.toISOString().replace("Z", "+02:00")),
  ],
  ["moment of no zone", z.iso.datetime({ local: true }), date.map((each) => each.toISOString().slice(0, 16))],
  ["e-mail", z.email(), fc.constantFrom("a@example.com", "o'neil+tag@mail.example.org")],
  ["address", z.url(), fc.webUrl()],
  ["uuid", z.uuid(), fc.uuid()],
  ["ipv4", z.ipv4(), fc.ipV4()],
  ["nullable", z.string().nullable(), maybe(text)],
  ["list", z.array(z.number()).max(5), fc.array(number, { maxLength: 5 })],
  ["list of lists", z.array(z.array(z.string())), fc.array(fc.array(text))],
  ["tuple", z.tuple([z.string(), z.number()]), fc.tuple(text, number)],
  ["tuple with a rest", z.tuple([z.string()]).rest(z.boolean()), fc.tuple(text, fc.array(fc.boolean())).map(([first, rest]) => [first, ...rest])], // prettier-ignore
  ["tuple with an end that may be left out", z.tuple([z.string(), z.number().optional()]), fc.oneof(fc.tuple(text), fc.tuple(text, number))], // prettier-ignore
  ["record", z.record(z.string(), z.number()), fc.dictionary(name, number, { noNullPrototype: true })],
  ["record of known names", z.record(z.enum(["p", "q"]), z.number()), fc.record({ p: number, q: number })],
  ["record of some names", z.partialRecord(z.enum(["p", "q"]), z.number()), part({ p: number, q: number })],
  ["object", z.object({ a: z.string(), b: z.object({ c: z.boolean() }) }), fc.record({ a: text, b: fc.record({ c: fc.boolean() }) })], // prettier-ignore
  ["optional and nullish", z.object({ a: z.string().optional(), b: z.number().nullish(), c: z.array(z.string()).optional(), d: z.boolean().optional(), e: z.object({ f: z.string().optional() }).nullish() }), part({ a: text, b: maybe(number), c: fc.array(text), d: fc.boolean(), e: maybe(part({ f: text })) })], // prettier-ignore
  ["open object", z.looseObject({ a: z.string() }), fc.tuple(text, fc.dictionary(name, fc.jsonValue() as fc.Arbitrary<Json>, { noNullPrototype: true })).map(([a, rest]) => JSON.parse(JSON.stringify({ ...rest, a })) as Json)], // prettier-ignore
  ["object with others of a kind", z.object({ a: z.string() }).catchall(z.number()), fc.tuple(text, fc.dictionary(name.filter((each) => each !== "a"), number, { noNullPrototype: true })).map(([a, rest]) => ({ ...rest, a }))], // prettier-ignore
  ["both of two", z.intersection(z.object({ a: z.string() }), z.object({ b: z.number() })), fc.record({ a: text, b: number })], // prettier-ignore
  ["one of two objects", z.discriminatedUnion("k", [z.object({ k: z.literal("c"), r: z.number() }), z.object({ k: z.literal("s"), w: z.string().optional() })]), fc.oneof(fc.record({ k: fc.constant("c"), r: number }), fc.record({ k: fc.constant("s"), w: text }, { requiredKeys: ["k"] }))], // prettier-ignore
  ["text or number or list", z.union([z.string(), z.number(), z.array(z.boolean())]), fc.oneof(text, number, fc.array(fc.boolean()))], // prettier-ignore
  ["one of two, or null", z.union([z.string(), z.object({ a: z.number() })]).nullable(), maybe(fc.oneof(text, fc.record({ a: number })) as fc.Arbitrary<Json>)], // prettier-ignore
  ["anything", z.any(), fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as Json)],
  ["with a default", z.object({ n: z.number().default(3) }), part({ n: number })],
];

test.each(catalogue)("%s: a valid value comes out of a form as it went in", (_name, schema, values) => {
  const field = fieldOf(schema);
  fc.assert(
    fc.property(values, (value) => {
      fc.pre(schema.safeParse(value).success);
      expect(throughForm(field, value as Json)).toEqual({ value, problems: [] });
    }),
    { numRuns: 60 },
  );
});

test.each(catalogue)("%s: nothing typed is at worst a problem that says where", (_name, schema) => {
  const field = fieldOf(schema);
  const { value, problems } = readDraft(field, emptyDraft(field, true), true);
  if (problems.length === 0) expect(schema.safeParse(value).error).toBeUndefined();
  for (const { message } of problems) expect(message).toMatch(/^[A-Z].*\.$/);
});

test("a Date is asked for as a moment, and sent as a Date", () => {
  const field = fieldOf(z.object({ at: z.date() }));
  const at = new Date("2026-01-31T10:00:00Z");
  expect(throughForm(field, { at: at.toISOString() }).value).toEqual({ at });
  expect(throughForm(field, { at: { $tickwork: "Date", value: at.getTime() } }).value).toEqual({ at });
  expect(readDraft(field, emptyDraft(field, true), true).problems).toHaveLength(1);
});

test("what is left empty and optional is left out, and is another thing than an empty text", () => {
  const field = fieldOf(
    z.object({ a: z.string().optional(), b: z.string().nullish(), c: z.array(z.string()).optional() }),
  );
  expect(readDraft(field, emptyDraft(field, true), true)).toEqual({ value: {}, problems: [] });
  const typed = { members: { a: "", b: null, c: [] }, extras: [] };
  expect(readDraft(field, typed, true).value).toEqual({ a: "", b: null, c: [] });
});

test("problems say where, as the engine does", () => {
  const field = toField(
    object({
      n: { type: "integer", minimum: 1 },
      list: { type: "array", items: object({ name: { type: "string", minLength: 1 } }), minItems: 2 },
      raw: {},
    }),
  );
  const draft = { members: { n: "1.5", list: [{ members: { name: "" }, extras: [] }], raw: "{oops" }, extras: [] };
  const { problems } = readDraft(field, draft, true);
  expect(problems.map(({ path }) => path)).toEqual(["n", "list", "list.0.name", "raw"]);
  expect(problems[0]?.message).toBe("A whole number is needed.");
});

describe("members with names of their own", () => {
  const field = fieldOf(z.looseObject({ a: z.string() }));
  const typed = (extras: { name: string; value: string }[]) =>
    readDraft(field, { members: { a: "" }, extras }, true).problems.map(({ message }) => message);

  test("need a name, and each its own", () => {
    expect(typed([{ name: "b", value: "1" }, { name: "b", value: "2" }])).toEqual(["This name is there twice."]); // prettier-ignore
    expect(typed([{ name: "a", value: "1" }])).toEqual(["This name is there twice."]);
  });
});

describe("switching the variant", () => {
  const field = fieldOf(
    z.union([
      z.object({ kind: z.literal("card"), name: z.string(), number: z.string() }),
      z.object({ kind: z.literal("bank"), name: z.string(), number: z.number(), iban: z.string() }),
    ]),
  ) as UnionField;

  test("keeps what fits, and what tells the variants apart is the new one's", () => {
    const before = toDraft(field, { kind: "card", name: "Ada", number: "12" }) as never;
    const { value } = readDraft(field, switchVariant(field, before, 1), true);
    expect(value).toEqual({ kind: "bank", name: "Ada", number: 12, iban: "" });
  });

  test("there and back loses nothing that both have", () => {
    const before = toDraft(field, { kind: "card", name: "Ada", number: "12" }) as never;
    const there = switchVariant(field, before, 1);
    expect(readDraft(field, switchVariant(field, there, 0), true).value).toEqual({ kind: "card", name: "Ada", number: "12" }); // prettier-ignore
  });
});

test("secrets are left out of what is kept, wherever they are", () => {
  const secret = z.string().meta({ format: "password" });
  const field = fieldOf(
    z.object({
      user: z.string(),
      word: secret,
      deep: z.array(z.object({ word: secret })),
      one: z.union([z.number(), secret]),
    }),
  );
  const draft = toDraft(field, { user: "ada", word: "hunter2", deep: [{ word: "hunter2" }], one: "hunter2" });
  expect(JSON.stringify(draft)).toContain("hunter2");
  expect(JSON.stringify(withoutSecrets(field, draft))).not.toContain("hunter2");
  expect(JSON.stringify(withoutSecrets(field, draft))).toContain("ada");
});

test("what a wait requires is there already, and what is hidden of it is not sent", () => {
  const field = fieldOf(z.object({ id: z.string().min(1), key: z.string().min(1), ok: z.boolean() }));
  const draft = draftWith(field, { id: "A1", key: "[redacted]" });
  const { value, problems } = readDraft(field, draft, true);
  expect(value).toEqual({ id: "A1", ok: false });
  expect(problems.map(({ path }) => path)).toEqual(["key"]);
});

test("a pattern the browser cannot read is left to the engine", () => {
  expect(throughForm(toField({ type: "string", pattern: "(?<x" }), "abc").problems).toEqual([]);
});

test("the same item twice is refused where each must be its own", () => {
  const field = toField({ type: "array", items: { type: "number" }, uniqueItems: true });
  expect(throughForm(field, [1, 1]).problems).toEqual([{ path: "", message: "The same is there twice." }]);
});
