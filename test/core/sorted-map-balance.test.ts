import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SortedMap } from "../../src/core/sorted-map.ts";

/** A map that counts how often it compares keys. */
function counted() {
  let comparisons = 0;
  const empty = SortedMap.empty<number, number>((a, b) => {
    comparisons += 1;
    return a - b;
  });
  return {
    empty,
    during: (action: () => void): number => {
      const before = comparisons;
      action();
      return comparisons - before;
    },
  };
}

/** The deepest an AVL tree of so many nodes can be: one level more needs a tree of either depth below it, and a root. */
function deepest(size: number): number {
  let depth = 0;
  for (let [least, next] = [1, 2]; least <= size; [least, next] = [next, least + next + 1]) depth += 1;
  return depth;
}

function checkDepth(keys: readonly number[], deleted: readonly number[] = []): void {
  const { empty, during } = counted();
  let map = empty;
  for (const key of keys) map = map.set(key, key);
  for (const key of deleted) map = map.delete(key);
  const found = [...map.values()].map((key) => during(() => map.get(key)));
  expect(Math.max(0, ...found), `comparisons to find a key of ${map.size}`).toBeLessThanOrEqual(deepest(map.size));
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
const orders: readonly [string, (keys: number[]) => number[]][] = [
  ["rising", (keys) => keys],
  ["falling", (keys) => keys.toReversed()],
  ["from both ends inwards", (keys) => keys.map((key, index) => (index % 2 === 0 ? key : keys.length * 2 - key))],
  [
    "from both ends inwards, the upper first",
    (keys) => keys.map((key, index) => (index % 2 === 1 ? key : keys.length * 2 - key)),
  ],
  ["from the middle outwards", (keys) => keys.map((key, index) => (index % 2 === 0 ? key : -key))],
  ["scattered", (keys) => keys.map((key) => (key * 367) % 1009)],
];

describe("no key is further from the root than in an AVL tree", () => {
  test.each(orders)("when keys come %s", (_name, order) => {
    for (const size of [3, 4, 7, 20, 100, 700]) checkDepth(order(upTo(size)));
  });

  test.each(orders)("when keys go %s", (_name, order) => {
    const keys = order(upTo(300));
    for (const left of [1, 2, 5, 30, 150]) checkDepth(upTo(1009), keys.slice(left));
    checkDepth(keys, keys.slice(0, 290));
    checkDepth(keys, keys.slice(10));
  });

  // Found by search: each is the shortest that a tree which turns too early, or twice where once is right, fails.
  test.each([
    [
      [2, 1, 3, 7, 5, 6, 0, 4],
      [6, 3],
    ],
    [
      [2, 0, 3, 1, 7, 4, 9, 8, 10, 5, 11, 6],
      [11, 1, 3, 7, 2, 0],
    ],
    [
      [4, 0, 7, 8, 6, 2, 11, 10, 3, 9, 1, 5],
      [1, 10, 3, 0, 8, 4],
    ],
    [
      [6, 7, 9, 0, 10, 2, 1, 5, 8, 3, 4, 11],
      [11, 0, 7, 9, 3, 6],
    ],
  ])("when of %j go %j", (keys, gone) => {
    checkDepth(keys, gone);
  });

  test("whatever comes and goes", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat({ max: 500 }), { maxLength: 60 }), fc.nat({ max: 60 }), (keys, gone) => {
        checkDepth(keys, keys.toSorted((a, b) => a - b).slice(0, gone));
        checkDepth(keys, keys.slice(0, gone));
      }),
    );
  });
});

test("a change compares along one path only", () => {
  const { empty, during } = counted();
  let map = empty;
  for (const key of upTo(1000)) map = map.set(key, key);
  // Once to look whether it is there, once to put it there.
  expect(during(() => void map.set(1000, 0))).toBeLessThanOrEqual(2 * deepest(1000));
  expect(during(() => void map.delete(500))).toBeLessThanOrEqual(3 * deepest(1000));
});

test("any key of a map can go, and the others stay in order", () => {
  let map = counted().empty;
  for (const key of upTo(31)) map = map.set((key * 12) % 31, key);
  for (const gone of upTo(31)) {
    const left = [...map.delete(gone).entries()].map(([key]) => key);
    expect(left).toEqual(upTo(31).filter((key) => key !== gone));
  }
});

test("another value for a key keeps the size", () => {
  const map = counted().empty.set(1, 10).set(1, 11);
  expect([map.size, map.get(1)]).toEqual([1, 11]);
});
