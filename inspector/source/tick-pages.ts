/** Reads the pages of ticks that are on screen, one at a time, the newest wish first. */
import type { InspectionSource } from "tickwork/client";
import type { ErrorText } from "./error-text.ts";
import { toErrorText } from "./error-text.ts";
import type { TickCache } from "./tick-cache.ts";
import { firstOf, PAGE_SIZE } from "./tick-cache.ts";

export interface TickPages {
  /**
   * Asks for pages that are incomplete; replaces what was asked for before and has not begun. One that could not be read
   * is tried again when the run has gone on since.
   */
  want(pages: readonly number[]): void;
  /** Why this page could not be read when that was tried last; null: it was not tried, or works. */
  problemOf(page: number): ErrorText | null;
  /** There is one that could not be read. */
  readonly hasProblem: boolean;
  /** Tries again what could not be read of the pages asked for last. */
  retry(): void;
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
  /** What was asked for last. */
  let asked: readonly number[] = [];
  const problems = new Map<number, { readonly error: ErrorText; readonly lastSequence: number }>();
  let isBusy = false;
  let isClosed = false;

  async function read(page: number): Promise<void> {
    const answer = await source.readTicks(runId, { from: firstOf(page), limit: PAGE_SIZE });
    if (isClosed) return;
    cache.extendTo(answer.lastSequence);
    cache.beginAt(answer.historyFrom ?? 1);
    cache.add(answer.ticks);
    problems.delete(page);
    onChange();
  }

  async function work(): Promise<void> {
    isBusy = true;
    for (let page = wanted.shift(); page !== undefined && !isClosed; page = wanted.shift()) {
      if (cache.isComplete(page)) continue;
      try {
        await read(page);
      } catch (error) {
        // Where one cannot be read, others may be.
        if (isClosed) break;
        problems.set(page, { error: toErrorText(error), lastSequence: cache.lastSequence });
        onProblem(error);
      }
    }
    isBusy = false;
  }

  function want(pages: readonly number[]): void {
    asked = pages;
    wanted = pages.filter(
      (page) => page >= 0 && !cache.isComplete(page) && (problems.get(page)?.lastSequence ?? -1) < cache.lastSequence,
    );
    for (const page of pages) cache.touch(page);
    if (!isBusy && wanted.length > 0 && !isClosed) void work();
  }

  return {
    want,
    problemOf: (page) => problems.get(page)?.error ?? null,
    get hasProblem() {
      return problems.size > 0;
    },
    retry() {
      problems.clear();
      want(asked);
    },
    read,
    close() {
      isClosed = true;
      wanted = [];
    },
  };
}
