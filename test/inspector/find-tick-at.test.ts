import fc from "fast-check";
import { expect, test } from "vitest";
import type { InspectionSource, TickPage } from "tickwork/client";
import { findTickAt } from "../../inspector/source/find-tick-at.ts";
import { tick } from "./fixtures/tick.ts";

/** A run whose tick n was at `times[n - 1]`, kept from tick `first` on; counts what is asked. */
function sourceOf(times: readonly number[], first = 1) {
  let asked = 0;
  const readTicks = async (runId: string, { from, limit }: { from: number; limit: number }): Promise<TickPage> => {
    asked += 1;
    const ticks = times
      .map((at, index) => tick(index + 1, { at }))
      .filter(({ sequence }) => sequence >= Math.max(first, from) && sequence < from + limit);
    return { runId, ticks, lastSequence: times.length };
  };
  return { source: { readTicks } as unknown as InspectionSource, asked: () => asked };
}

test("finds the newest tick that is not later, whatever is known of the run", async () => {
  const anyTimes = fc.array(fc.nat(5), { minLength: 1, maxLength: 500 }).map((steps) => {
    let at = 100;
    return steps.map((step) => (at += step));
  });
  await fc.assert(
    fc.asyncProperty(anyTimes, fc.nat(3_000), fc.array(fc.nat(499)), async (times, at, hints) => {
      const known = hints.flatMap((hint) => {
        const knownAt = times[hint];
        return knownAt === undefined ? [] : [{ sequence: hint + 1, at: knownAt }];
      });
      const expected = times.findLastIndex((time) => time <= at) + 1;
      const found = await findTickAt(sourceOf(times).source, "r", at, known, times.length);
      expect(found).toBe(Math.max(1, expected));
    }),
    { numRuns: 200 },
  );
});

test("asks little: halves what is left, and less where moments are known", async () => {
  const times = Array.from({ length: 100_000 }, (_, index) => index * 10);
  const { source, asked } = sourceOf(times.slice(0, 2_000));
  expect(await findTickAt(source, "r", 15_005, [], 2_000)).toBe(1_501);
  expect(asked()).toBeLessThanOrEqual(6);
  const known = [
    { sequence: 1_490, at: 14_890 },
    { sequence: 1_520, at: 15_190 },
  ];
  const again = sourceOf(times.slice(0, 2_000));
  expect(await findTickAt(again.source, "r", 15_005, known, 2_000)).toBe(1_501);
  expect(again.asked()).toBe(1);
});

test("of a run that keeps its newest ticks, the first there is", async () => {
  const times = Array.from({ length: 500 }, (_, index) => index);
  expect(await findTickAt(sourceOf(times, 400).source, "r", 3, [{ sequence: 400, at: 399 }], 500)).toBe(400);
});

test("of a run without ticks there is none", async () => {
  expect(await findTickAt(sourceOf([]).source, "r", 5, [], 0)).toBeNull();
});
