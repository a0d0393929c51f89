/** The newest ticks that match, each in full: of a step or a work item, for a list that is read backwards. */
import type { InspectionSource, TickDetail } from "tickwork/client";
import type { SearchQuery } from "./tick-search.ts";

export interface DetailPage {
  /** Newest first. */
  readonly details: readonly TickDetail[];
  /** Older ones are before this tick; 1: there are none. */
  readonly before: number;
}

const RANGE = 2_000;
/** Ticks looked through for one page. */
const MOST_LOOKED = 20_000;

/** At most `most` that match, before a tick. Looks through 20,000 ticks; then it gives what it has. */
export async function readDetails(
  source: Pick<InspectionSource, "searchTicks" | "readTick">,
  runId: string,
  query: SearchQuery,
  before: number,
  most: number,
): Promise<DetailPage> {
  const details: TickDetail[] = [];
  const oldest = Math.max(1, before - MOST_LOOKED);
  let end = before;
  while (end > oldest) {
    const from = Math.max(1, end - RANGE);
    const found = await searchAll(source, runId, query, from, end);
    for (const sequence of found.toReversed()) {
      details.push(await source.readTick(runId, sequence));
      if (details.length === most) return { details, before: sequence };
    }
    end = from;
  }
  return { details, before: Math.max(1, end) };
}

async function searchAll(
  source: Pick<InspectionSource, "searchTicks">,
  runId: string,
  query: SearchQuery,
  from: number,
  end: number,
): Promise<number[]> {
  const found: number[] = [];
  for (let at = from; at < end;) {
    const { sequences, next } = await source.searchTicks(runId, { ...query, from: at, limit: end - at });
    found.push(...sequences);
    at = Math.max(at + 1, next);
  }
  return found;
}
