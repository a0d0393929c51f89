/** What came from the engine since the inspector was opened: how fast, and whether all of it. */
import type { RunSummary } from "tickwork/client";
import type { Arrival } from "../source/live-feed.ts";
import { createTickRate } from "./tick-rate.ts";

export interface Traffic {
  /** Of all runs, over the last two seconds. */
  readonly ticksPerSecond: number;
  readonly batches: number;
  /** Batches that came within a frame of another one and were shown with it. */
  readonly merged: number;
  /** Ticks that were left out on the way, and are read when they are shown. */
  readonly skippedTicks: number;
  /** Batches that were sent and never came. */
  readonly lost: number;
}

export const NO_TRAFFIC: Traffic = { ticksPerSecond: 0, batches: 0, merged: 0, skippedTicks: 0, lost: 0 };

export interface TrafficCounter {
  /** News came: `known` are the runs as they were before it. */
  note(changed: readonly RunSummary[], known: { readonly [runId: string]: RunSummary }, arrival: Arrival): void;
  /** The same object as before if nothing changed. */
  read(now: number): Traffic;
}

export function createTrafficCounter(): TrafficCounter {
  const rate = createTickRate();
  let ticks = 0;
  let counted: Omit<Traffic, "ticksPerSecond"> = NO_TRAFFIC;
  let last: Traffic = NO_TRAFFIC;
  return {
    note(changed, known, { batches, lost, skippedTicks }) {
      for (const { runId, sequence } of changed) ticks += Math.max(0, sequence - (known[runId]?.sequence ?? sequence));
      counted = {
        batches: counted.batches + batches,
        merged: counted.merged + Math.max(0, batches - 1),
        skippedTicks: counted.skippedTicks + skippedTicks,
        lost: counted.lost + lost,
      };
    },
    read(now) {
      const ticksPerSecond = rate.see(ticks, now);
      if (ticksPerSecond !== last.ticksPerSecond || counted.batches !== last.batches)
        last = { ...counted, ticksPerSecond };
      return last;
    },
  };
}
