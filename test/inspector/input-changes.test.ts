import { expect, test } from "vitest";
import { inputChanges } from "../../inspector/store/input-changes.ts";

test("says which parts are other or gone, with what holds them, and which are new", () => {
  const before = { a: 1, b: { c: [1, 2], d: "x" }, e: true };
  const after = { a: 1, b: { c: [1, 3, 4], d: "x" }, f: null };
  expect(inputChanges(before, after)).toEqual({
    changed: [[], ["b"], ["b", "c"], ["b", "c", 1], ["e"]],
    added: [["b", "c", 2], ["f"]],
    count: 4,
  });
});

test("equal values do not differ, a value of another kind does as a whole", () => {
  expect(inputChanges({ a: [] }, { a: [] })).toEqual({ changed: [], added: [], count: 0 });
  expect(inputChanges({ a: 1 }, [1])).toEqual({ changed: [[]], added: [], count: 1 });
});

test("what holds a new part is marked, and is no difference of its own", () => {
  expect(inputChanges({ a: { b: 1 } }, { a: { b: 1, c: 2 } })).toEqual({
    changed: [[], ["a"]],
    added: [["a", "c"]],
    count: 1,
  });
});
