import { expect, test } from "vitest";
import { differenceOf } from "../../inspector/store/value-difference.ts";

test("says which parts are other or gone, with what holds them, and which are new", () => {
  const before = { a: 1, b: { c: [1, 2], d: "x" }, e: true };
  const after = { a: 1, b: { c: [1, 3, 4], d: "x" }, f: null };
  expect(differenceOf(before, after)).toEqual({
    changed: [[], ["b"], ["b", "c"], ["b", "c", 1], ["e"]],
    added: [["b", "c", 2], ["f"]],
  });
});

test("equal values do not differ, a value of another kind does as a whole", () => {
  expect(differenceOf({ a: [] }, { a: [] })).toEqual({ changed: [], added: [] });
  expect(differenceOf({ a: 1 }, [1])).toEqual({ changed: [[]], added: [] });
});
