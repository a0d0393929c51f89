/** Looks for the newest tick at a time. */
import type { InspectionSource } from "tickwork/client";

/** Ticks looked at together once few are left to choose from. */
const PAGE = 64;

/**
 * The sequence of the newest tick not later than `at`; the first tick's, if all are later; null for a run without any.
 * `known` narrows the search: moments whose ticks are known. The rest is halved, tick by tick.
 */
export async function findTickAt(
  source: InspectionSource,
  runId: string,
  at: number,
  known: readonly { readonly sequence: number; readonly at: number }[],
  lastSequence: number,
): Promise<number | null> {
  if (lastSequence < 1) return null;
  /** Not later than `at`, as far as is known; and one that is later. */
  let low = 1;
  let high = lastSequence + 1;
  for (const point of known) {
    if (point.at <= at) low = Math.max(low, point.sequence);
    else high = Math.min(high, point.sequence);
  }
  while (high - low > PAGE) {
    const middle = Math.floor((low + high) / 2);
    const { ticks } = await source.readTicks(runId, { from: middle, limit: 1 });
    const tick = ticks[0];
    // Older than what is kept.
    if (tick === undefined || tick.at <= at) low = middle;
    else high = middle;
  }
  const { ticks } = await source.readTicks(runId, { from: low, limit: high - low });
  return (ticks.findLast((tick) => tick.at <= at) ?? ticks[0])?.sequence ?? Math.min(high, lastSequence);
}
