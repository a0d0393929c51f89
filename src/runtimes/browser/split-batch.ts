/**
 * Large batches in pieces. Where steps are faster than the disk, tens of thousands of ticks are written in one go; in
 * one record they would have to be read and decoded all together for any one of them.
 */
import type { TickBatch } from "../../ports/journal.ts";

/** So many ticks cost about as much to decode as their record costs to find. */
const TICKS_IN_RECORD = 128;

/** The same ticks and published events, in order, in batches of at most `size` ticks. */
export function splitBatch(batch: TickBatch, size: number = TICKS_IN_RECORD): TickBatch[] {
  if (batch.ticks.length <= size) return [batch];
  const pieces: TickBatch[] = [];
  let published = 0;
  for (let start = 0; start < batch.ticks.length; start += size) {
    const ticks = batch.ticks.slice(start, start + size);
    const from = batch.from + start;
    const first = published;
    while ((batch.published[published]?.tick ?? Number.POSITIVE_INFINITY) < from + ticks.length) published += 1;
    pieces.push({ from, ticks, published: batch.published.slice(first, published) });
  }
  return pieces;
}
