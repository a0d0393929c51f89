import type { RunSummary } from "tickwork/client";
import { expect, test } from "vitest";
import { createTrafficCounter } from "../../inspector/store/traffic.ts";

const at = (runId: string, sequence: number) => ({ runId, sequence }) as RunSummary;
const ONE = { batches: 1, lost: 0, skippedTicks: 0 };

test("ticks per second are of all runs, and none when nothing happens any more", () => {
  const traffic = createTrafficCounter();
  traffic.read(0);
  traffic.note([at("a", 110), at("b", 30)], { a: at("a", 10), b: at("b", 30) }, ONE);
  // Of a run that was not known it is not known when its ticks were.
  traffic.note([at("c", 5_000)], {}, ONE);
  expect(traffic.read(1_000).ticksPerSecond).toBe(100);
  traffic.read(2_000);
  traffic.read(3_000);
  expect(traffic.read(4_000).ticksPerSecond).toBe(0);
});

test("what came is counted, and is the same object while nothing comes", () => {
  const traffic = createTrafficCounter();
  traffic.note([], {}, { batches: 3, lost: 1, skippedTicks: 7 });
  traffic.note([], {}, ONE);
  const seen = traffic.read(0);
  expect(seen).toEqual({ ticksPerSecond: 0, batches: 4, merged: 2, skippedTicks: 7, lost: 1 });
  expect(traffic.read(1_000)).toBe(seen);
});
