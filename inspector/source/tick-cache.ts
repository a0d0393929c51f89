/**
 * Summaries of a run's ticks by sequence: pages read from the source, and the live tail from batches.
 * Bounded: the pages least recently used are forgotten and read again when they are shown.
 */
import type { TickSummary } from "tickwork/client";

export const PAGE_SIZE = 256;

export interface TickCache {
  /** Newest sequence known. */
  readonly lastSequence: number;
  /** The first tick there is: 1, unless the run's history begins later. */
  readonly firstSequence: number;
  get(sequence: number): TickSummary | undefined;
  add(ticks: readonly TickSummary[]): void;
  /** The run may be longer than the ticks that are known. */
  extendTo(sequence: number): void;
  /** The history begins with this tick; there are none before it. */
  beginAt(sequence: number): void;
  /** How many ticks of the page exist so far. */
  sizeOf(page: number): number;
  /** True when every tick of the page that exists so far is known. */
  isComplete(page: number): boolean;
  /** Grows whenever a tick of the page becomes known; 0 for a page that is unknown. */
  versionOf(page: number): number;
  /** Marks pages as in use now. */
  touch(page: number): void;
}

interface Page {
  readonly ticks: (TickSummary | undefined)[];
  known: number;
  version: number;
  usedAt: number;
}

/** Page that holds a sequence; pages start at 0, sequences at 1. */
export function pageOf(sequence: number): number {
  return Math.floor((sequence - 1) / PAGE_SIZE);
}

/** First sequence of a page. */
export function firstOf(page: number): number {
  return page * PAGE_SIZE + 1;
}

export function createTickCache(maxPages = 64): TickCache {
  const pages = new Map<number, Page>();
  let lastSequence = 0;
  let firstSequence = 1;
  let clock = 0;
  let version = 0;

  function forgetOldest(): void {
    while (pages.size > maxPages) {
      let oldest: number | null = null;
      let usedAt = Infinity;
      for (const [number, page] of pages) {
        if (page.usedAt < usedAt) {
          oldest = number;
          usedAt = page.usedAt;
        }
      }
      if (oldest === null) return;
      pages.delete(oldest);
    }
  }

  function sizeOf(number: number): number {
    const [from, to] = [Math.max(firstSequence, firstOf(number)), Math.min(lastSequence, firstOf(number + 1) - 1)];
    return Math.max(0, to - from + 1);
  }

  return {
    get lastSequence() {
      return lastSequence;
    },
    get firstSequence() {
      return firstSequence;
    },
    sizeOf,
    beginAt(sequence) {
      firstSequence = sequence;
    },
    get(sequence) {
      return pages.get(pageOf(sequence))?.ticks[(sequence - 1) % PAGE_SIZE];
    },
    add(ticks) {
      clock += 1;
      for (const tick of ticks) {
        const number = pageOf(tick.sequence);
        let page = pages.get(number);
        if (page === undefined) {
          page = { ticks: Array.from({ length: PAGE_SIZE }), known: 0, version: 0, usedAt: clock };
          pages.set(number, page);
        }
        page.usedAt = clock;
        const offset = (tick.sequence - 1) % PAGE_SIZE;
        if (page.ticks[offset] === undefined) {
          page.ticks[offset] = tick;
          page.known += 1;
          version += 1;
          page.version = version;
        }
        if (tick.sequence > lastSequence) lastSequence = tick.sequence;
      }
      forgetOldest();
    },
    extendTo(sequence) {
      if (sequence > lastSequence) lastSequence = sequence;
    },
    isComplete(number) {
      if (number < pageOf(firstSequence)) return true;
      return (pages.get(number)?.known ?? -1) >= sizeOf(number);
    },
    versionOf(number) {
      return pages.get(number)?.version ?? 0;
    },
    touch(number) {
      const page = pages.get(number);
      clock += 1;
      if (page !== undefined) page.usedAt = clock;
    },
  };
}
