/** Replay: a run is the fold of its ticks. */
import type { BrokerState } from "./broker-state.ts";
import { reduce } from "./reduce.ts";
import type { Tick } from "./tick.ts";

/** The state after these ticks, which must follow the given state without a gap. */
export function replay(from: BrokerState, ticks: Iterable<Tick>): BrokerState {
  let state = from;
  for (const tick of ticks) {
    if (tick.sequence !== state.sequence + 1) {
      throw new RangeError(`Tick ${tick.sequence} does not follow tick ${state.sequence}: the history has a gap.`);
    }
    state = reduce(state, tick).state;
  }
  return state;
}
