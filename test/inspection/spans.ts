/** Timelines of folded runs, in words. */
import { initialState, type BrokerState } from "../../src/core/broker-state.ts";
import { reduce } from "../../src/core/reduce.ts";
import { TimelineFold } from "../../src/inspection/timeline-fold.ts";
import { TimelineIndex } from "../../src/inspection/timeline-index.ts";
import type { TimelineSpan, TrailSpan } from "../../src/inspection/timeline.ts";
import type { Fold } from "../core/fold.ts";

/** Folds the ticks of a run again, from its beginning or from one of its states. */
export function follow(run: Fold, from: BrokerState = initialState(run.state.program)) {
  const ended: TrailSpan[] = [];
  const fold = new TimelineFold(from, (span) => ended.push(span));
  const state = replayInto(run, from, (...turn) => fold.add(...turn));
  return { ended, open: [...fold.open(state)], busy: fold.busy };
}

export function indexOf(run: Fold, limit?: number, from: BrokerState = initialState(run.state.program)) {
  const index = new TimelineIndex(from, limit);
  const state = replayInto(run, from, (...turn) => index.add(...turn));
  const read = (query: { from?: number; to?: number; buckets?: number; workItem?: number } = {}) => {
    const { begin, end } = index;
    return index.read(state, { from: begin, to: end, buckets: 600, workItem: undefined, ...query });
  };
  return { index, read };
}

function replayInto(run: Fold, from: BrokerState, add: TimelineFold["add"]): BrokerState {
  let state = from;
  for (const tick of run.ticks) {
    if (tick.sequence <= state.sequence) continue;
    const { state: after, commands } = reduce(state, tick);
    add(tick, commands, state, after);
    state = after;
  }
  return state;
}

/** "1 running b/0 2 10-25 #3-5 failed": work item, phase, step and slot, attempt, time, ticks, how it ended. */
export function inWords(spans: readonly TrailSpan[]): string[] {
  return spans
    .toSorted((a, b) => a.workItem - b.workItem || a.from - b.from)
    .map(({ workItem, phase, step, slot, attempt, from, to, begin, end, outcome }) =>
      [
        `${workItem} ${phase} ${step}${slot === null ? "" : `/${slot}`} ${attempt}`,
        `${from}-${to ?? ""} #${begin ?? "?"}-${end ?? ""}${outcome === null ? "" : ` ${outcome}`}`,
      ].join(" "),
    );
}

export const span = (from: number, to: number | null, more: Partial<TimelineSpan> = {}): TimelineSpan => ({
  from,
  to,
  count: 1,
  failed: 0,
  workItem: from,
  attempt: 1,
  eventType: "X",
  begin: 1,
  end: to === null ? null : 2,
  outcome: null,
  ...more,
});
