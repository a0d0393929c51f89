import fc from "fast-check";
import { expect, test } from "vitest";
import { axisTicks } from "../../inspector/timeline/axis-ticks.ts";
import { createTimeScale, FOLD_WIDTH, panBy, within, zoomAt } from "../../inspector/timeline/time-scale.ts";

const HOUR = 3_600_000;
const whole = { from: 0, to: 10_000 };

test("without folds it is a straight line", () => {
  const scale = createTimeScale({ from: 1_000, to: 3_000 }, 500);
  expect([1_000, 2_000, 3_000, 5_000].map((at) => scale.x(at))).toEqual([0, 250, 500, 1_000]);
  expect([0, 250, 500].map((x) => scale.at(x))).toEqual([1_000, 2_000, 3_000]);
});

test("a long idle stretch takes a few pixels, and the rest gets the room", () => {
  const scale = createTimeScale({ from: 0, to: 3 * HOUR + 20_000 }, 1_064, [{ from: 10_000, to: 3 * HOUR + 10_000 }]);
  expect(scale.folds).toMatchObject([{ from: 10_000, to: 3 * HOUR + 10_000, x: 500, width: FOLD_WIDTH }]);
  expect(scale.x(3 * HOUR + 15_000)).toBe(814);
});

test("idle time that is short beside the work keeps its length", () => {
  expect(createTimeScale({ from: 0, to: 100_000 }, 1_000, [{ from: 5_000, to: 10_000 }]).folds).toEqual([]);
  expect(createTimeScale({ from: 0, to: 100 }, 1_000, [{ from: 20, to: 95 }]).folds).toEqual([]);
});

test("idle time that goes on reaches to the end", () => {
  const { folds } = createTimeScale({ from: 0, to: 50_000 }, 1_000, [{ from: 1_000, to: null }]);
  expect(folds).toMatchObject([{ from: 1_000, to: 50_000, x: 1_000 - FOLD_WIDTH }]);
});

test("many folds leave half of the width to the work", () => {
  const idle = Array.from({ length: 100 }, (_, index) => ({ from: index * 20_000, to: index * 20_000 + 19_000 }));
  const few = createTimeScale({ from: 0, to: 40_000 }, 800, idle);
  const many = createTimeScale({ from: 0, to: 2_000_000 }, 800, [...idle, { from: 0, to: 0 }]);
  expect(few.folds).toHaveLength(2);
  expect(many.folds.reduce((sum, { width }) => sum + width, 0)).toBeLessThanOrEqual(400.001);
});

test("zooming leaves what is at the pointer where it is", () => {
  const scale = createTimeScale(whole, 1_000);
  const window = zoomAt(scale, 300, 0.5, whole);
  expect(window).toEqual({ from: 1_500, to: 6_500 });
  expect(createTimeScale(window ?? whole, 1_000).x(3_000)).toBeCloseTo(300, 0);
});

test("zooming out far enough is the whole run, which follows", () => {
  const scale = createTimeScale({ from: 2_000, to: 3_000 }, 1_000);
  expect(zoomAt(scale, 500, 100, whole)).toBeNull();
});

test("moving stops at both ends and keeps the length", () => {
  const scale = createTimeScale({ from: 2_000, to: 3_000 }, 1_000);
  expect(panBy(scale, 100, whole)).toEqual({ from: 2_100, to: 3_100 });
  expect(panBy(scale, -99_999, whole)).toEqual({ from: 0, to: 1_000 });
  expect(panBy(scale, 99_999, whole)).toEqual({ from: 9_000, to: 10_000 });
});

test("there is no window too short to be seen", () => {
  expect(within({ from: 9_999.9, to: 10_000 }, whole)).toEqual({ from: 9_996, to: 10_000 });
  expect(within({ from: 0, to: 0.1 }, whole)).toEqual({ from: 0, to: 4 });
});

const anyScale = fc
  .tuple(
    fc.integer({ min: 2, max: 1e7 }),
    fc.integer({ min: 50, max: 3_000 }),
    fc.array(fc.tuple(fc.nat(1e7), fc.integer({ min: 1_000, max: 1e6 })), { maxLength: 30 }),
  )
  .map(([length, width, gaps]) => {
    let free = 0;
    const idle = gaps
      .toSorted(([a], [b]) => a - b)
      .map(([at, idleLength]) => {
        const from = Math.max(free, at);
        free = from + idleLength;
        return { from, to: free };
      });
    return createTimeScale({ from: 0, to: length }, width, idle);
  });

test("later is never further left, all of it fits, and there and back is the same place", () => {
  fc.assert(
    fc.property(anyScale, fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2 }), (scale, parts) => {
      const times = parts.map((part) => part * scale.to).toSorted((a, b) => a - b);
      const places = times.map((at) => scale.x(at));
      for (const [index, x] of places.entries()) {
        expect(x).toBeGreaterThanOrEqual(-0.001);
        expect(x).toBeLessThanOrEqual(scale.width + 0.001);
        if (index > 0) expect(x).toBeGreaterThanOrEqual((places[index - 1] ?? 0) - 0.001);
        expect(scale.x(scale.at(x))).toBeCloseTo(x, 3);
      }
    }),
  );
});

test("marks of an axis are round, apart from each other, and in no fold", () => {
  fc.assert(
    fc.property(anyScale, (scale) => {
      const { step, ticks } = axisTicks(scale, 90, () => 0);
      for (const [index, { at, x }] of ticks.entries()) {
        expect(at % step).toBe(0);
        if (index > 0) expect(x - (ticks[index - 1]?.x ?? 0)).toBeGreaterThanOrEqual(89.99);
        expect(scale.folds.some((fold) => at > fold.from && at < fold.to)).toBe(false);
      }
    }),
  );
});

test("hours are the reader's", () => {
  const { step, ticks } = axisTicks(createTimeScale({ from: 0, to: 12 * HOUR }, 500), 90, () => HOUR / 2);
  expect(step).toBe(3 * HOUR);
  expect(ticks.map(({ at }) => at / HOUR)).toEqual([2.5, 5.5, 8.5, 11.5]);
});
