import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { byNumber, byText, SortedMap } from "../../src/core/sorted-map.ts";

const change = fc.record({ key: fc.integer({ min: 0, max: 40 }), value: fc.option(fc.integer(), { nil: undefined }) });

describe("SortedMap", () => {
  test("behaves like a sorted list of entries; undefined stands for a deletion", () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 200 }), (changes) => {
        const model = new Map<number, number>();
        let map = SortedMap.empty<number, number>(byNumber);
        for (const { key, value } of changes) {
          if (value === undefined) model.delete(key);
          else model.set(key, value);
          map = value === undefined ? map.delete(key) : map.set(key, value);
          const sorted = [...model].toSorted(([a], [b]) => a - b);
          expect([...map.entries()]).toEqual(sorted);
          expect(map.size).toBe(sorted.length);
          expect(map.first()).toEqual(sorted[0]);
          expect(map.get(key)).toBe(model.get(key));
        }
      }),
      { numRuns: 200 },
    );
  });

  test("leaves the map it came from as it was", () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60 }), change, (changes, last) => {
        let map = SortedMap.empty<number, number>(byNumber);
        for (const { key, value } of changes) map = value === undefined ? map.delete(key) : map.set(key, value);
        const before = [...map.entries()];
        void map.set(last.key, 1).delete(last.key);
        expect([...map.entries()]).toEqual(before);
      }),
    );
  });

  test("stays shallow when keys come in order", () => {
    let comparisons = 0;
    const counting = (a: number, b: number) => {
      comparisons += 1;
      return a - b;
    };
    let map = SortedMap.empty<number, number>(counting);
    for (let key = 0; key < 4096; key++) map = map.set(key, key);
    comparisons = 0;
    map.get(4095);
    expect(comparisons).toBeLessThanOrEqual(18);
  });

  test("deleting what is not there changes nothing", () => {
    const map = SortedMap.empty<string, number>(byText).set("b", 1);
    expect(map.delete("a")).toBe(map);
  });

  test("an empty map has no first entry", () => {
    expect(SortedMap.empty(byNumber).first()).toBeUndefined();
  });

  test("values come in the order of their keys", () => {
    const map = SortedMap.empty<string, number>(byText).set("b", 2).set("a", 1).set("B", 0);
    expect([...map.values()]).toEqual([0, 1, 2]);
  });
});
