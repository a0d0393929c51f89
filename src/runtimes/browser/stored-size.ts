/** What rows take on the disk, near enough, from the length of what they hold: nothing is serialised for it. */
import type { StoredBatch, StoredSnapshotRow } from "./database.ts";

/** A row's keys and numbers. */
const ROW = 64;
/** A published event that is only referred to. */
const REFERENCE = 32;

export function sizeOfBatch({ ticks, published }: StoredBatch): number {
  let size = ROW + ticks.length;
  for (const { event } of published) {
    // Few: the run's last, and those that a step had kept.
    size += REFERENCE + (event === undefined ? 0 : JSON.stringify(event).length);
  }
  return size;
}

export function sizeOfSnapshot({ state }: StoredSnapshotRow): number {
  return ROW + state.length;
}
