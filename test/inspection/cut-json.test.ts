import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Json } from "../../src/core/json.ts";
import { cutJson, partOf, valueAt } from "../../src/inspection/cut-json.ts";
import { encodeValue } from "../../src/serialize/serializer.ts";

const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

describe("a large value", () => {
  test("is left whole where there is room", () => {
    const value = { a: [1, 2, { b: "text" }] };
    expect(cutJson(value, 100, null)).toBe(value);
  });

  test("a text keeps its beginning and says how long it is", () => {
    expect(cutJson("x".repeat(5_000_000), 1000, null)).toEqual({
      $tickwork: "cut",
      kind: "string",
      length: 5_000_000,
      size: 5_000_002,
      from: 0,
      part: "x".repeat(1000),
    });
  });

  test("a list keeps its first members, and gives the others from where it is asked", () => {
    const list = numbers(1000);
    expect(cutJson(list, 900, null)).toMatchObject({ kind: "array", length: 1000, part: numbers(100) });
    expect(partOf(list, 950, 900, null)).toMatchObject({ from: 950, part: numbers(1000).slice(950) });
  });

  test("an object shares the room among its members: one that is large leaves the small ones whole", () => {
    const value = { a: 1, large: numbers(10_000), z: { name: "small" } };
    expect(cutJson(value, 3000, null)).toMatchObject({
      kind: "object",
      length: 3,
      part: { a: 1, large: { kind: "array", length: 10_000 }, z: { name: "small" } },
    });
  });

  test("what is no JSON is cut as its JSON, and paths go into that", () => {
    const value = { map: new Map([["key", "x".repeat(9000)]]), mine: { $tickwork: "cut", text: "y".repeat(9000) } };
    expect(cutJson(value, 2000, encodeValue)).toMatchObject({
      part: { map: { part: { $tickwork: "Map" } }, mine: { part: { $tickwork: "object", value: { length: 2 } } } },
    });
    expect(valueAt(value, ["map", "value", "0", "0"], encodeValue)).toEqual({ value: "key" });
    expect(valueAt(value, ["mine", "value", "$tickwork"], encodeValue)).toEqual({ value: "cut" });
    expect(valueAt(value, ["mine", "nope"], encodeValue)).toBeNull();
    expect(valueAt(value, ["constructor"], encodeValue)).toBeNull();
  });
});

test("any value is never larger than there is room for, and all of it can be had part by part", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), fc.integer({ min: 200, max: 4000 }), (value, room) => {
      const shown = cutJson(value, room, null);
      expect(JSON.stringify(shown).length).toBeLessThan(room * 8 + 2000);
      expect(whole(value as Json, [], room)).toEqual(value);
    }),
  );
});

/** Puts a value together from its parts, as somebody does who opens all of it. */
function whole(root: Json, path: readonly string[], room: number): unknown {
  const { value } = valueAt(root, path, encodeValue) ?? { value: undefined };
  const shown = cutJson(value, room, null) as { [key: string]: Json };
  if (shown === value || typeof shown !== "object" || shown["$tickwork"] !== "cut") return shown;
  const isList = shown["kind"] === "array";
  let text = "";
  const members: [string, unknown][] = [];
  for (let at = 0; at < Number(shown["length"]);) {
    const next = partOf(value, at, room, null) as { part: string | { [key: string]: Json } };
    if (typeof next.part === "string") {
      text += next.part;
      at += next.part.length;
      continue;
    }
    const keys = Object.keys(next.part);
    expect(keys.length).toBeGreaterThan(0);
    for (const key of keys) {
      const name = isList ? String(at + Number(key)) : key;
      members.push([name, whole(root, [...path, name], room)]);
    }
    at += keys.length;
  }
  if (shown["kind"] === "string") return text;
  return isList ? members.map(([, member]) => member) : Object.fromEntries(members);
}
