/** Reads the pages of ticks that are on screen, one at a time, the newest wish first. */
import type { InspectionSource } from "tickwork/client";
import type { TickCache } from "./tick-cache.ts";
import { firstOf, PAGE_SIZE } from "./tick-cache.ts";

export interface TickPages {
  /** Asks for pages that are incomplete; replaces what was asked for before and has not begun. */
  want(pages: readonly number[]): void;
  /** Reads one page now. Rejects when the source does. */
  read(page: number): Promise<void>;
  close(): void;
}

export function createTickPages(
  source: InspectionSource,
  runId: string,
  cache: TickCache,
  onChange: () => void,
  onProblem: (error: unknown) => void,
): TickPages {
  let wanted: number[] = [];
  let isBusy = false;
  let isClosed = false;

  async function read(page: number): Promise<void> {
    const answer = await source.readTicks(runId, { from: firstOf(page), limit: PAGE_SIZE });
    if (isClosed) return;
    cache.extendTo(answer.lastSequence);
    cache.beginAt(answer.historyFrom ?? 1);
    cache.add(answer.ticks);
    onChange();
  }

  async function work(): Promise<void> {
    isBusy = true;
    for (let page = wanted.shift(); page !== undefined && !isClosed; page = wanted.shift()) {
      if (cache.isComplete(page)) continue;
      try {
        await read(page);
      } catch (error) {
        wanted = [];
        if (!isClosed) onProblem(error);
      }
    }
    isBusy = false;
  }

  return {
    want(pages) {
      wanted = pages.filter((page) => page >= 0 && !cache.isComplete(page));
      for (const page of pages) cache.touch(page);
      if (!isBusy && wanted.length > 0 && !isClosed) void work();
    },
    read,
    close() {
      isClosed = true;
      wanted = [];
    },
  };
}
