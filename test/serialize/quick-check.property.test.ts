/** A quick yes is what zod would say; for what an engine writes it is a yes. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as z from "zod/mini";
import type { JsonObject } from "../../src/core/json.ts";
import { quickCheck } from "../../src/serialize/quick-check.ts";
import { decodeTicks } from "../../src/serialize/tick-codec.ts";
import { tickSchema } from "../../src/serialize/tick-schema.ts";
import { anything, changes, mutated, recordings } from "./hostile.ts";

const isTick = quickCheck(tickSchema);
const ticks = recordings.flatMap(({ runFile }) => decodeTicks(runFile["ticks"] as never, runFile["tickFormat"]));

/** Of JSON throughout: `mutated` changes nothing else. */
const plain = recordings.flatMap(({ runFile }) => (runFile["ticks"] as JsonObject[]).filter(({ tagged }) => !tagged));

test("every tick that was ever recorded passes", () => {
  expect(new Set(ticks.map(({ kind }) => kind)).size).toBeGreaterThan(10);
  expect(ticks.filter((tick) => !isTick(tick))).toEqual([]);
});

test("whatever is changed in a tick: what passes here passes there, and the other way round", () => {
  const seen = { yes: 0, no: 0 };
  fc.assert(
    fc.property(fc.constantFrom(...plain), changes, (tick, made) => {
      const changed = mutated(tick, made);
      const isFit = tickSchema.safeParse(changed).success;
      // A no may be wrong where a key is named __proto__: then zod is asked.
      const isNo = !isTick(changed) && !fc.stringify(changed).includes("__proto__");
      if (isTick(changed) || isNo) expect(isTick(changed)).toBe(isFit);
      seen[isFit ? "yes" : "no"] += 1;
    }),
    { numRuns: 3_000 },
  );
  expect(Math.min(seen.yes, seen.no)).toBeGreaterThan(100);
});

describe("each kind of schema, also those that it leaves to zod", () => {
  const nested = z.object({
    name: z.string(),
    get inner() {
      return z.optional(nested);
    },
  });
  const schemas: readonly [string, z.core.$ZodType][] = [
    ["string", z.string()],
    ["custom", z.custom<object>((value) => Array.isArray(value) && value.length > 1)],
    ["a text of a form", z.string().check(z.regex(/^\d+$/))],
    ["number", z.number()],
    ["whole number", z.int().check(z.nonnegative())],
    ["above", z.number().check(z.positive())],
    ["at most", z.number().check(z.lte(5))],
    ["boolean", z.boolean()],
    ["literal", z.literal([1, "a", null])],
    ["enum", z.enum(["a", "b"])],
    ["nullable", z.nullable(z.array(z.string()))],
    ["record", z.record(z.string(), z.number())],
    ["record of names", z.record(z.enum(["a", "b"]), z.number())],
    ["strict", z.strictObject({ a: z.optional(z.unknown()) })],
    ["loose", z.looseObject({ a: z.optional(z.string()) })],
    ["catch-all", z.catchall(z.object({ a: z.optional(z.string()) }), z.number())],
    ["union", z.union([z.string(), z.object({ a: z.number() })])],
    [
      "choice",
      z.discriminatedUnion("a", [z.object({ a: z.literal(1) }), z.object({ a: z.literal("b"), b: z.number() })]),
    ],
    ["nested", nested],
    ["refined", z.unknown().check(z.refine((value) => value !== 5))],
  ];
  const values = fc.oneof(
    anything,
    fc.dictionary(fc.constantFrom("a", "b", "name", "inner"), fc.oneof(anything, fc.constantFrom(1, "b", "a"))),
    fc.constantFrom<unknown>(undefined, Number.NaN, Infinity, 2 ** 53, -1, 5, "12", "a", ["a"], { a: 1 }),
    fc.constant({ name: "a", inner: { name: "b", inner: { name: 1 } } }),
  );
  test.each(schemas)("%s", (_name, schema) => {
    const check = quickCheck(schema);
    fc.assert(
      fc.property(values, (value) => {
        // A yes is to be relied on. A no may be wrong where a key is named __proto__.
        if (check(value)) expect(z.safeParse(schema, value).success).toBe(true);
        else if (!fc.stringify(value).includes("__proto__")) {
          expect(z.safeParse(schema, value).success).toBe(false);
        }
      }),
      { numRuns: 500 },
    );
  });
});
