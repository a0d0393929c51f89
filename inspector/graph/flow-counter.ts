/** Counts the events that pass, per second, where dots may not move or are too few to show them. */
import type { TickSummary } from "tickwork/client";
import type { StoreApi } from "zustand/vanilla";
import type { EventFlow, InspectorState } from "../store/inspector-state.ts";
import { NO_FLOW } from "../store/inspector-state.ts";

export interface FlowCounter {
  /** Ticks have passed; `skipped` of them are not told. */
  add(ticks: readonly TickSummary[], skipped: number): void;
  /** Not all of this second could be drawn: its count is to be shown. */
  showNext(): void;
  close(): void;
}

/** Writes the count of each second into the store; unless it is always shown, only of seconds that ask for it. */
export function createFlowCounter(
  store: Pick<StoreApi<InspectorState>, "getState" | "setState">,
  isAlwaysShown: boolean,
): FlowCounter {
  let counts: Record<string, number> = {};
  let isAll = true;
  let isShown = isAlwaysShown;
  const timer = setInterval(() => {
    const flow: EventFlow = isShown && Object.keys(counts).length > 0 ? { counts, isAll } : NO_FLOW;
    if (flow !== store.getState().flow) store.setState({ flow });
    counts = {};
    isAll = true;
    isShown = isAlwaysShown;
  }, 1_000);
  return {
    add(ticks, skipped) {
      if (skipped > 0) isAll = false;
      for (const { events, eventCount } of ticks) {
        if (eventCount > events.length) isAll = false;
        for (const { type } of events) counts[type] = (counts[type] ?? 0) + 1;
      }
    },
    showNext() {
      isShown = true;
    },
    close() {
      clearInterval(timer);
      store.setState({ flow: NO_FLOW });
    },
  };
}
