/** What rows take on the disk, near enough, from the length of what they hold: nothing is serialised for it. */
import type { StoredBatch, StoredSnapshotRow } from "./database.ts";
import { isEncoded, type StoredData } from "./storage-codec.ts";

/** A row's keys and numbers. */
const ROW = 64;
/** A published event that is only referred to. */
const REFERENCE = 32;

export function sizeOfBatch({ ticks, published }: StoredBatch): number {
  let size = ROW + sizeOfData(ticks);
  if (isEncoded(published)) return size + sizeOfData(published);
  for (const { event } of published) {
    // Few: the run's last, and those that a step had kept.
    size += REFERENCE + (event === undefined ? 0 : JSON.stringify(event).length);
  }
  return size;
}

export function sizeOfSnapshot({ state }: StoredSnapshotRow): number {
  return ROW + sizeOfData(state);
}

/** Of what is encoded: as it came from the codec. */
export function sizeOfData(data: StoredData): number {
  return isEncoded(data) ? data.encoded.length : data.length;
}
