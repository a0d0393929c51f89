import fc from "fast-check";
import { expect, test } from "vitest";
import { byBegin, mergeSpans } from "../../src/inspection/merge-spans.ts";
import { span } from "./spans.ts";

const brief = (spans: ReturnType<typeof mergeSpans>) => spans.map(({ from, to, count }) => [from, to, count]);

test("spans that are wide enough stay as they are", () => {
  const spans = [span(0, 10), span(10, 20), span(40, 50)];
  expect(mergeSpans(spans, 5, 50)).toEqual(spans);
});

test("short neighbours become one block; a gap that can be seen parts them", () => {
  expect(brief(mergeSpans([span(0, 1), span(2, 3), span(30, 31)], 5, 50))).toEqual([
    [0, 3, 2],
    [30, 31, 1],
  ]);
});

test("what overlaps becomes one block, however wide it is", () => {
  expect(brief(mergeSpans([span(0, 100), span(50, 60), span(90, 200), span(200, 300)], 1, 300))).toEqual([
    [0, 200, 3],
    [200, 300, 1],
  ]);
});

test("what goes on keeps its block open, and counts until the end", () => {
  expect(brief(mergeSpans([span(0, null), span(50, 60)], 1, 80))).toEqual([[0, null, 2]]);
});

test("a block counts failures, and has its end from the last of them", () => {
  const [block] = mergeSpans([span(0, 1, { end: 4, failed: 1, outcome: "failed" }), span(1, 2, { end: 9 })], 5, 9);
  expect(block).toMatchObject({ count: 2, failed: 1, end: 9, outcome: null });
});

test("whatever there is: each is counted once, blocks do not overlap, and there are few", () => {
  const any = fc.tuple(fc.nat(10_000), fc.nat(400)).map(([from, length]) => span(from, from + length));
  fc.assert(
    fc.property(fc.array(any, { maxLength: 400 }), fc.integer({ min: 1, max: 500 }), (spans, buckets) => {
      const width = 10_400 / buckets;
      const merged = mergeSpans(spans.toSorted(byBegin), width, 10_400);
      expect(merged.reduce((sum, { count }) => sum + count, 0)).toBe(spans.length);
      for (const [index, { from }] of merged.entries()) {
        if (index > 0) expect(from).toBeGreaterThanOrEqual(merged[index - 1]?.to ?? Infinity);
      }
      expect(merged.length).toBeLessThanOrEqual(2 * buckets + 2);
    }),
  );
});
