import type { BrokerState } from "../core/broker-state.ts";
import { ContextStateError } from "../core/errors.ts";

/** The state as it is to be saved at this time. Throws `ContextStateError` for a run that has not begun. */
export function stateToSave(state: BrokerState, now: number): BrokerState {
  if (state.status === "new") {
    throw new ContextStateError("This run has not begun, so there is nothing to save yet.", {
      code: "RUN_NOT_STARTED",
    });
  }
  if (state.status !== "running") return state;
  const { limit } = state;
  // The time it was loaded counts up to now, not only up to its last tick.
  const used = limit.used + Math.max(0, now - limit.loadedAt);
  return { ...state, limit: { ...limit, used, loadedAt: state.at } };
}
