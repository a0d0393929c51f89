/**
 * A search through a run's ticks, made by the engine range by range, the newest first, and through what comes meanwhile.
 * Invariants:
 * 1. One range is asked for at a time, and none after `close`.
 * 2. Every tick is asked about once. What was found stays found.
 */
import type { InspectionSource, TickQuery } from "tickwork/client";
import type { LogRows } from "./log-rows.ts";
import { rowsOf } from "./log-rows.ts";

/** What a search may ask, without where. */
export type SearchQuery = Omit<TickQuery, "from" | "limit">;

export interface TickSearchRun {
  /** The ticks found so far. The same object until more is known. */
  readonly rows: LogRows;
  readonly isDone: boolean;
  /** More were found than are listed: it looks no further. */
  readonly isFull: boolean;
  /** The run has ticks up to this one now. */
  extendTo(lastSequence: number): void;
  close(): void;
}

/** Ticks asked about at once: what the engine answers in some ten milliseconds where payloads are small. */
const RANGE = 2_000;
const MOST_FOUND = 100_000;

interface Range {
  readonly from: number;
  /** One after the last. */
  readonly end: number;
}

export function searchRun(
  source: Pick<InspectionSource, "searchTicks">,
  runId: string,
  query: SearchQuery,
  onChange: () => void,
  onProblem: (error: unknown) => void,
): TickSearchRun {
  let found: number[] = [];
  let rows = rowsOf(found, 0);
  let searched = 0;
  let known = 0;
  let open: Range[] = [];
  let isBusy = false;
  let isClosed = false;
  const isFull = (): boolean => found.length >= MOST_FOUND;

  /** The newest ticks first. */
  function take(): Range | undefined {
    const range = open.pop();
    if (range === undefined || range.end - range.from <= RANGE) return range;
    const from = range.end - RANGE;
    open.push({ from: range.from, end: from });
    return { from, end: range.end };
  }

  async function work(): Promise<void> {
    isBusy = true;
    try {
      for (let range = take(); range !== undefined && !isClosed && !isFull(); range = take()) {
        const { from, end } = range;
        const { sequences, next } = await source.searchTicks(runId, { ...query, from, limit: end - from });
        if (isClosed) return;
        const searchedTo = Math.min(end, Math.max(from + 1, next));
        if (searchedTo < end) open.push({ from: searchedTo, end });
        searched += searchedTo - from;
        if (sequences.length > 0) found = [...found, ...sequences].toSorted((a, b) => a - b);
        rows = rowsOf(found, searched);
        onChange();
      }
    } catch (error) {
      open = [];
      if (!isClosed) onProblem(error);
    } finally {
      isBusy = false;
    }
  }

  return {
    get rows() {
      return rows;
    },
    get isDone() {
      return !isBusy && open.length === 0;
    },
    get isFull() {
      return isFull();
    },
    extendTo(lastSequence) {
      if (lastSequence <= known || isClosed || isFull()) return;
      open.push({ from: known + 1, end: lastSequence + 1 });
      known = lastSequence;
      if (!isBusy) void work();
    },
    close() {
      isClosed = true;
      open = [];
    },
  };
}
