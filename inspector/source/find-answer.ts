/** Looks in a run's history for what ended a wait. */
import type { InspectionSource, Json, OpenWaiter } from "tickwork/client";

export interface WaitEnd {
  readonly kind: "answered" | "expired";
  readonly sequence: number;
  /** Of an answer: its data. */
  readonly data?: Json;
}

const PAGE = 500;
/** Looked through at most: a wait ends soon after it was last seen, or somebody looks long after. */
const PAGES = 20;
const TICKS_READ = 50;

/** Looks after the tick at which it was still open. null: its end was not found near it. */
export async function findWaitEnd(
  source: Pick<InspectionSource, "readTicks" | "readTick">,
  { runId, waiter, sequence: after }: OpenWaiter,
): Promise<WaitEnd | null> {
  let read = 0;
  for (let page = 0, from = after + 1; page < PAGES; page += 1, from += PAGE) {
    const { ticks, lastSequence } = await source.readTicks(runId, { from, limit: PAGE });
    for (const { kind, sequence } of ticks) {
      if (kind !== "AddEvent" && kind !== "WaiterTimeout") continue;
      if (read === TICKS_READ) return null;
      read += 1;
      const { tick } = await source.readTick(runId, sequence);
      const isMeant = tick["waiter"] === waiter.waiter;
      if (kind === "WaiterTimeout" && isMeant) return { kind: "expired", sequence };
      if (kind === "WaiterTimeout" || (tick["waiter"] !== undefined && !isMeant)) continue;
      const { type, data } = tick["event"] as { readonly type: string; readonly data: Json };
      if (isMeant || (type === waiter.type && hasRequired(waiter.requirements, data)))
        return { kind: "answered", sequence, data };
    }
    if (from + PAGE > lastSequence) return null;
  }
  return null;
}

/** An event for whoever waits answers those that ask for its values. */
function hasRequired(required: OpenWaiter["waiter"]["requirements"], data: Json): boolean {
  const given = (typeof data === "object" && data !== null ? data : {}) as { readonly [name: string]: Json };
  return Object.entries(required ?? {}).every(([name, value]) => JSON.stringify(given[name]) === JSON.stringify(value));
}
