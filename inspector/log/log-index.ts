/**
 * The rows of the whole log. A run may have a million ticks of which few pages are known: rows of an unknown page count as
 * shown until it is read. Rows are found by sequence and by place in O(log pages).
 */
import { INTERNAL_KINDS } from "../store/status-words.ts";
import type { TickCache } from "../source/tick-cache.ts";
import { firstOf, PAGE_SIZE } from "../source/tick-cache.ts";
import type { LogRows } from "../source/log-rows.ts";

export interface LogIndexer {
  index(lastSequence: number): LogRows;
}

interface PageIndex {
  readonly version: number;
  /** So many ticks it is of: the run may have had no more. */
  readonly size: number;
  /** Offsets of the shown ticks. */
  readonly offsets: Uint8Array;
  /** Ticks looked at. */
  readonly known: number;
}

export function createLogIndexer(cache: TickCache, showInternal: boolean): LogIndexer {
  const pages = new Map<number, PageIndex>();

  function pageSize(page: number, lastSequence: number): number {
    return Math.max(0, Math.min(PAGE_SIZE, lastSequence - page * PAGE_SIZE));
  }

  function look(page: number, size: number): PageIndex | null {
    // Before the history begins.
    if (firstOf(page + 1) <= cache.firstSequence) return { version: 0, size, offsets: new Uint8Array(), known: 0 };
    const version = cache.versionOf(page);
    const known = pages.get(page);
    if (known !== undefined && known.version === version && known.size === size) return known;
    if (version === 0) return known === undefined ? null : grown(known, size);
    const offsets: number[] = [];
    let seen = 0;
    for (let offset = 0; offset < size; offset += 1) {
      const tick = cache.get(firstOf(page) + offset);
      if (tick !== undefined) seen += 1;
      const isShown =
        tick === undefined
          ? firstOf(page) + offset >= cache.firstSequence
          : showInternal || !INTERNAL_KINDS.has(tick.kind);
      if (isShown) offsets.push(offset);
    }
    // A page read again after it was forgotten may know less than was known before.
    if (known !== undefined && known.known > seen) return grown(known, size);
    const index = { version, size, offsets: Uint8Array.from(offsets), known: seen };
    pages.set(page, index);
    return index;
  }

  return {
    index(lastSequence) {
      const pageCount = Math.ceil(lastSequence / PAGE_SIZE);
      const starts = new Float64Array(pageCount + 1);
      const found: (PageIndex | null)[] = [];
      let searched = 0;
      for (let page = 0; page < pageCount; page += 1) {
        const size = pageSize(page, lastSequence);
        const index = look(page, size);
        found.push(index);
        searched += index?.known ?? 0;
        starts[page + 1] = (starts[page] ?? 0) + (index === null ? size : index.offsets.length);
      }
      return {
        count: starts[pageCount] ?? 0,
        searched,
        at(row) {
          const page = lastAtMost(starts, row, pageCount);
          const offset = row - (starts[page] ?? 0);
          return firstOf(page) + (found[page]?.offsets[offset] ?? offset);
        },
        rowOf(sequence) {
          const page = Math.min(pageCount - 1, Math.max(0, Math.floor((sequence - 1) / PAGE_SIZE)));
          const wanted = sequence - firstOf(page);
          const index = found[page];
          if (index === null || index === undefined) return (starts[page] ?? 0) + Math.max(0, wanted);
          const offset = index.offsets.findIndex((candidate) => candidate >= wanted);
          return (starts[page] ?? 0) + (offset < 0 ? index.offsets.length : offset);
        },
      };
    },
  };
}

/** With ticks after those that were looked at, of which nothing is known. */
function grown(index: PageIndex, size: number): PageIndex {
  if (size <= index.size) return index;
  const more = Array.from({ length: size - index.size }, (_, n) => index.size + n);
  return { ...index, size, offsets: Uint8Array.from([...index.offsets, ...more]) };
}

/** Greatest index with `starts[index] <= value`, among those below `count`. */
function lastAtMost(starts: Float64Array, value: number, count: number): number {
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}
