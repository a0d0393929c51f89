/** Which runs are picked for a command for all of them. */
import type { StoreApi } from "zustand/vanilla";
import type { InspectorState } from "./inspector-state.ts";
import type { RunPicks } from "./run-command.ts";

export interface RunPicker {
  /** Checkboxes are shown from now on. */
  begin(): void;
  /** Nothing is picked any more, and the checkboxes go. */
  end(): void;
  toggle(runId: string): void;
  /** Picks all from the anchor to this run, in the order that is shown. */
  pickTo(runId: string, order: readonly string[]): void;
  pickAll(order: readonly string[]): void;
  pickNone(): void;
}

const NO_PICKS: RunPicks = { ids: new Set(), anchor: null };

export function createRunPicker(store: StoreApi<InspectorState>): RunPicker {
  const set = (ids: ReadonlySet<string>, anchor: string | null): void => store.setState({ picks: { ids, anchor } });
  const picks = (): RunPicks => store.getState().picks ?? NO_PICKS;
  return {
    begin() {
      store.setState({ picks: picks() });
    },
    end() {
      store.setState({ picks: null });
    },
    toggle(runId) {
      const ids = new Set(picks().ids);
      if (!ids.delete(runId)) ids.add(runId);
      set(ids, runId);
    },
    pickTo(runId, order) {
      const { ids, anchor } = picks();
      const to = order.indexOf(runId);
      const from = anchor === null ? to : order.indexOf(anchor);
      if (to < 0) return;
      const start = from < 0 ? to : from;
      const range = order.slice(Math.min(start, to), Math.max(start, to) + 1);
      set(new Set([...ids, ...range]), order[start] ?? runId);
    },
    pickAll(order) {
      set(new Set(order), picks().anchor);
    },
    pickNone() {
      store.setState({ picks: NO_PICKS });
    },
  };
}

/** The picked runs that are still there, in the order of the list. */
export function pickedRuns({ picks, runIds }: Pick<InspectorState, "picks" | "runIds">): readonly string[] {
  return picks === null || picks.ids.size === 0 ? [] : runIds.filter((runId) => picks.ids.has(runId));
}
