/** Whole ticks as JSON Lines, whatever a preview cut: read in pieces, so that the page and the engine stay awake. */
import type { InspectionSource } from "tickwork/client";
import type { SearchQuery } from "./tick-search.ts";

export interface ExportProgress {
  /** Ticks looked at, of all. */
  readonly looked: number;
  readonly of: number;
  readonly written: number;
}

const RANGE = 2_000;

/**
 * Every tick up to `last` that matches, one line each, as parts of a text. Rejects with the signal's reason when it
 * aborts, and as the source does.
 */
export async function exportTicks(
  source: Pick<InspectionSource, "searchTicks" | "readTickLines">,
  runId: string,
  query: SearchQuery,
  last: number,
  onProgress: (progress: ExportProgress) => void,
  signal: AbortSignal,
): Promise<string[]> {
  const parts: string[] = [];
  let written = 0;
  for (let from = 1; from <= last;) {
    signal.throwIfAborted();
    const found = await source.searchTicks(runId, { ...query, from, limit: Math.min(RANGE, last - from + 1) });
    for (let done = 0; done < found.sequences.length;) {
      signal.throwIfAborted();
      const lines = await source.readTickLines(runId, found.sequences.slice(done));
      if (lines.length === 0) break;
      parts.push(`${lines.join("\n")}\n`);
      done += lines.length;
      written += lines.length;
      onProgress({ looked: from - 1 + done, of: last, written });
    }
    from = Math.max(from + 1, found.next);
    onProgress({ looked: Math.min(last, from - 1), of: last, written });
  }
  signal.throwIfAborted();
  return parts;
}
