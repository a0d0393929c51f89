/**
 * The timeline of one inspected run, read from its journal. It goes on where it last stopped: an answer costs the ticks
 * that are new and the spans that are kept, never the whole history again.
 */
import type { BrokerState } from "../core/broker-state.ts";
import type { Timeline, TimelineRange } from "../inspection/timeline.ts";
import { TimelineIndex } from "../inspection/timeline-index.ts";
import type { Journal } from "../ports/journal.ts";
import { macrotask } from "../ports/macrotask.ts";
import { DepthSeries } from "./depth-series.ts";
import { foldTicks, gapAfter } from "./load-run.ts";

/** Ticks read for one answer: a fraction of a second. Who asks sees how far it got and asks again. */
const TICKS_PER_ANSWER = 20_000;
/** Ticks read in one go; then others have their turn. */
const TICKS_PER_SLICE = 1_000;

const MOST_BUCKETS = 4_096;
const USUAL_BUCKETS = 600;

export class RunTimeline {
  readonly #journal: Journal;
  readonly #runId: string;
  readonly #index: TimelineIndex;
  readonly #depth = new DepthSeries();
  #state: BrokerState;
  #turn: Promise<void> = Promise.resolve();

  /** Begins with this state: the one before the first tick that is kept. */
  constructor(journal: Journal, runId: string, state: BrokerState) {
    this.#journal = journal;
    this.#runId = runId;
    this.#state = state;
    this.#index = new TimelineIndex(state);
    if (state.sequence > 0) this.#depth.add(state);
  }

  /** The tick up to which it was read. */
  get sequence(): number {
    return this.#state.sequence;
  }

  /** Rejects as reading a history does: HISTORY_DAMAGED where ticks are missing. Then it is of no use any more. */
  async read(range: TimelineRange, lastSequence: number): Promise<Timeline> {
    // One at a time: two folds from the same state would each add the same ticks.
    const turn = this.#turn.then(() => this.#extend(lastSequence));
    this.#turn = turn.catch(() => undefined);
    await turn;
    return this.#answer(range, lastSequence);
  }

  async #extend(lastSequence: number): Promise<void> {
    const until = Math.min(lastSequence, this.#state.sequence + TICKS_PER_ANSWER);
    while (this.#state.sequence < until) {
      const to = Math.min(until, this.#state.sequence + TICKS_PER_SLICE);
      const before = this.#state.sequence;
      await foldTicks(this.#journal, this.#runId, this.#state, to, (tick, commands, from, after) => {
        this.#index.add(tick, commands, from, after);
        this.#depth.add(after);
        this.#state = after;
      });
      if (this.#state.sequence === before) throw gapAfter(this.#runId, before);
      await new Promise<void>((resolve) => macrotask(resolve));
    }
  }

  #answer(range: TimelineRange, lastSequence: number): Timeline {
    const state = this.#state;
    const { begin, end, resolution } = this.#index;
    const buckets = Math.round(Math.min(MOST_BUCKETS, Math.max(1, range.buckets ?? USUAL_BUCKETS)));
    const from = range.from ?? begin;
    const to = Math.max(from, range.to ?? end);
    return {
      runId: this.#runId,
      sequence: state.sequence,
      lastSequence: Math.max(lastSequence, state.sequence),
      begin,
      end,
      isLive: state.status === "running" || state.status === "queued" || state.status === "new",
      resolution,
      ...this.#index.read(state, { from, to, buckets, workItem: range.workItem }),
      depth: this.#depth.between(from, to, buckets),
    };
  }
}
