/** Looks for the next tick in which something failed. */
import type { InspectionSource, TickSummary } from "tickwork/client";
import { PAGE_SIZE } from "./tick-cache.ts";

function isFailure(tick: TickSummary): boolean {
  return (
    tick.outcome === "failed" || tick.kind === "FailRun" || tick.kind === "Timeout" || tick.kind === "WaiterTimeout"
  );
}

/** Sequence of the first failure after `after`, or null when there is none. */
export async function findNextFailure(
  source: InspectionSource,
  runId: string,
  after: number,
  signal: AbortSignal,
): Promise<number | null> {
  for (let from = after + 1; !signal.aborted;) {
    const page = await source.readTicks(runId, { from, limit: PAGE_SIZE });
    const failure = page.ticks.find(isFailure);
    if (failure !== undefined) return failure.sequence;
    if (from + PAGE_SIZE > page.lastSequence) return null;
    // The pages before the first tick that is kept are empty.
    from = Math.max(from + PAGE_SIZE, page.historyFrom ?? 1);
  }
  return null;
}
