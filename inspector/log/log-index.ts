/**
 * Which rows the log has. A run may have a million ticks of which few pages are known: rows of an unknown page
 * count as shown until it is read, unless a search is on, where only what is known to match is shown.
 * Rows are found by sequence and by place in O(log pages).
 */
import type { TickSummary } from "tickwork/client";
import type { LogFilter } from "../store/place.ts";
import { INTERNAL_KINDS, TICK_WORDS } from "../store/status-words.ts";
import type { TickCache } from "../source/tick-cache.ts";
import { firstOf, PAGE_SIZE } from "../source/tick-cache.ts";

export interface LogRows {
  readonly count: number;
  /** Sequence of the tick in a row. */
  at(row: number): number;
  /** Row of a tick, or of the next shown one after it. */
  rowOf(sequence: number): number;
  /** Ticks that were looked at, of all. */
  readonly searched: number;
}

export interface LogIndexer {
  index(lastSequence: number): LogRows;
  /** Whether every tick of the page was looked at. */
  isSearched(page: number): boolean;
  /** Looks at what is known of a page now, before the cache forgets it. */
  look(page: number): void;
}

interface PageIndex {
  version: number;
  /** Offsets of the shown ticks. */
  offsets: Uint8Array;
  /** Ticks looked at. */
  known: number;
}

/** A search shows only what matches; the default view merely hides bookkeeping. */
export function isSearch(filter: LogFilter): boolean {
  return filter.text !== "" || filter.step !== null || filter.kind !== null;
}

function matchesLogFilter(filter: LogFilter): (tick: TickSummary) => boolean {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  return (tick) => {
    if (filter.kind !== null) {
      if (tick.kind !== filter.kind) return false;
    } else if (!filter.showInternal && INTERNAL_KINDS.has(tick.kind)) return false;
    if (
      filter.step !== null &&
      tick.step !== filter.step &&
      !tick.events.some((event) => event.to.includes(filter.step ?? ""))
    )
      return false;
    if (words.length === 0) return true;
    const text = searchText(tick);
    return words.every((word) => text.includes(word));
  };
}

function searchText(tick: TickSummary): string {
  const events = tick.events.map((event) => `${event.type} ${event.preview}`).join(" ");
  return `#${tick.sequence} ${TICK_WORDS[tick.kind]} ${tick.kind} ${tick.step ?? ""} ${tick.outcome ?? ""} ${tick.workItem ?? ""} ${events} ${tick.note ?? ""}`.toLowerCase();
}

export function createLogIndexer(cache: TickCache, filter: LogFilter): LogIndexer {
  const pages = new Map<number, PageIndex>();
  const isMatch = matchesLogFilter(filter);
  const showsUnknown = !isSearch(filter);

  function pageSize(page: number, lastSequence: number): number {
    return Math.max(0, Math.min(PAGE_SIZE, lastSequence - page * PAGE_SIZE));
  }

  function look(page: number, size: number): PageIndex | null {
    // Before the history begins.
    if (firstOf(page + 1) <= cache.firstSequence) return { version: 0, offsets: new Uint8Array(), known: 0 };
    const version = cache.versionOf(page);
    const known = pages.get(page);
    if (version === 0) return known ?? null;
    if (known !== undefined && known.version === version && known.known >= Math.min(size, known.offsets.length))
      return known;
    const offsets: number[] = [];
    let seen = 0;
    for (let offset = 0; offset < size; offset += 1) {
      const tick = cache.get(firstOf(page) + offset);
      if (tick !== undefined) seen += 1;
      const mayCome = showsUnknown && firstOf(page) + offset >= cache.firstSequence;
      if (tick === undefined ? mayCome : isMatch(tick)) offsets.push(offset);
    }
    // A page read again after it was forgotten may know less than was known before.
    if (known !== undefined && known.known > seen) return known;
    const index = { version, offsets: Uint8Array.from(offsets), known: seen };
    pages.set(page, index);
    return index;
  }

  return {
    look(page) {
      look(page, pageSize(page, cache.lastSequence));
    },
    isSearched(page) {
      return (pages.get(page)?.known ?? 0) >= cache.sizeOf(page);
    },
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
        starts[page + 1] = (starts[page] ?? 0) + (index === null ? (showsUnknown ? size : 0) : index.offsets.length);
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
          if (index === null || index === undefined)
            return (starts[page] ?? 0) + (showsUnknown ? Math.max(0, wanted) : 0);
          const offset = index.offsets.findIndex((candidate) => candidate >= wanted);
          return (starts[page] ?? 0) + (offset < 0 ? index.offsets.length : offset);
        },
      };
    },
  };
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
