import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyChanges } from "../../src/core/apply-changes.ts";
import type { JsonObject } from "../../src/core/json.ts";
import { diffState } from "../../src/store/diff.ts";
import { parsePath, readPath } from "../../src/store/path.ts";

describe("readPath", () => {
  const root = { a: { list: [{ n: 1 }], nothing: null }, "": { x: 1 } };

  test.each([
    ["a.list.0.n", 1],
    ["a.nothing", null],
    ["a.list", [{ n: 1 }]],
  ])("finds %s", (path, value) => {
    expect(readPath(root, parsePath(path))).toEqual({ found: true, value });
  });

  test.each(["b", "a.list.1", "a.nothing.x", "a.list.0.n.x", "a.toString", "constructor", "__proto__"])(
    "does not find %s",
    (path) => {
      expect(readPath(root, parsePath(path)).found).toBe(false);
    },
  );
});

describe("parsePath", () => {
  test("refuses what is no path, and one that is too long", () => {
    for (const path of ["", 5, null, "a.".repeat(1001)])
      expect(() => parsePath(path as never)).toThrow(expect.objectContaining({ code: "PATH_INVALID" }));
  });
});

describe("diffState", () => {
  const object = fc.dictionary(
    fc.constantFrom("a", "b", "c", "__proto__"),
    fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.parse(JSON.stringify(value)) as never),
    { noNullPrototype: true },
  );

  test("gives changes that turn the one value into the other", () => {
    fc.assert(
      fc.property(object, object, (before, after) => {
        expect(applyChanges(before as JsonObject, diffState(before, after))).toEqual(after);
      }),
      { numRuns: 500 },
    );
  });

  test("of equal values is empty", () => {
    fc.assert(
      fc.property(object, (value) => {
        expect(diffState(value, structuredClone(value))).toEqual([]);
      }),
    );
  });

  test("names only what changed", () => {
    expect(diffState({ a: { x: 1, y: 2 }, b: [1, 2] }, { a: { x: 1, y: 3 }, b: [1, 9] })).toEqual([
      { op: "set", path: ["a", "y"], value: 3 },
      { op: "set", path: ["b", "1"], value: 9 },
    ]);
  });

  test("sees changes inside Maps, Sets, Dates and bytes", () => {
    const pairs: [unknown, unknown][] = [
      [new Map([["a", 1]]), new Map([["a", 2]])],
      [new Set([1]), new Set([2])],
      [new Date(1), new Date(2)],
      [new Uint8Array([1]), new Uint8Array([2])],
      [{ $x: 1n }, { $x: 2n }],
    ];
    for (const [before, after] of pairs) expect(diffState({ v: before }, { v: after })).not.toEqual([]);
  });
});
