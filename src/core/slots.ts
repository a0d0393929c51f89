/**
 * The worker slots of one step: at most `numWorkers` values by worker id. Persistent; taking or freeing a slot
 * copies one chunk of 64 and the list of chunks, so a step with 10,000 workers stays cheap.
 *
 * The lowest worker ids never used come first, after that the one freed last: deterministic, and O(1).
 */
export interface Slots<T> {
  readonly busy: number;
  readonly chunks: readonly (readonly (T | undefined)[])[];
  readonly freed: FreedSlot | null;
  /** Worker ids from here on were never used. */
  readonly unused: number;
}

interface FreedSlot {
  readonly workerId: number;
  readonly next: FreedSlot | null;
}

const CHUNK = 64;

export const noSlots: Slots<never> = { busy: 0, chunks: [], freed: null, unused: 0 };

/** The worker id that `occupySlot` will use next. */
export function nextWorkerId(slots: Slots<unknown>): number {
  return slots.freed ? slots.freed.workerId : slots.unused;
}

export function slotAt<T>(slots: Slots<T>, workerId: number): T | undefined {
  return slots.chunks[Math.floor(workerId / CHUNK)]?.[workerId % CHUNK];
}

export function occupySlot<T>(slots: Slots<T>, value: T): Slots<T> {
  const chunks = withValue(slots.chunks, nextWorkerId(slots), value);
  return slots.freed
    ? { busy: slots.busy + 1, chunks, freed: slots.freed.next, unused: slots.unused }
    : { busy: slots.busy + 1, chunks, freed: null, unused: slots.unused + 1 };
}

export function freeSlot<T>(slots: Slots<T>, workerId: number): Slots<T> {
  return {
    busy: slots.busy - 1,
    chunks: withValue(slots.chunks, workerId, undefined),
    freed: { workerId, next: slots.freed },
    unused: slots.unused,
  };
}

/** Another value for a busy slot. */
export function replaceSlot<T>(slots: Slots<T>, workerId: number, value: T): Slots<T> {
  return { ...slots, chunks: withValue(slots.chunks, workerId, value) };
}

/** Busy slots, lowest worker id first. */
export function* busySlots<T>(slots: Slots<T>): IterableIterator<readonly [workerId: number, value: T]> {
  for (const [chunkIndex, chunk] of slots.chunks.entries()) {
    for (const [index, value] of chunk.entries()) {
      if (value !== undefined) yield [chunkIndex * CHUNK + index, value];
    }
  }
}

function withValue<T>(
  chunks: readonly (readonly (T | undefined)[])[],
  workerId: number,
  value: T | undefined,
): readonly (readonly (T | undefined)[])[] {
  const chunkIndex = Math.floor(workerId / CHUNK);
  const chunk = chunks[chunkIndex]?.slice() ?? [];
  chunk[workerId % CHUNK] = value;
  if (chunkIndex === 0 && chunks.length <= 1) return [chunk];
  const copy = chunks.slice();
  copy[chunkIndex] = chunk;
  return copy;
}
