/**
 * All spans of a run so far, in bounded memory: when there are too many, those too short to be told apart at a width
 * that doubles each time become counted blocks.
 */
import type { BrokerState } from "../core/broker-state.ts";
import { deadlineOf } from "../core/broker-state.ts";
import type { Command } from "../core/command.ts";
import type { Program } from "../core/program.ts";
import type { Tick } from "../core/tick.ts";
import { byBegin, mergeSpans } from "./merge-spans.ts";
import { stoppedAt, TimelineFold } from "./timeline-fold.ts";
import type { Timeline, TimelineDue, TimelineLane, TimelinePhase, TimelineSpan, TrailSpan } from "./timeline.ts";

/** Spans kept: about 15 MB at most. */
const LIMIT = 100_000;
/** Worker slots of one step that have a lane of their own; the last lane holds the rest. */
const MOST_SLOTS = 32;
/** Shorter stretches in which nothing ran are no idle time. */
const SHORTEST_IDLE = 1_000;
const MOST_IDLE = 256;
const MOST_DUE = 100;

/** Lanes of a step, from top to bottom. */
const PHASES: readonly TimelinePhase[] = ["queued", "running", "backoff", "waiting"];

/** What of the index is asked for; times as of the spans. */
export interface IndexQuery {
  readonly from: number;
  readonly to: number;
  readonly buckets: number;
  readonly workItem: number | undefined;
}

interface LaneSpans {
  readonly phase: TimelinePhase;
  readonly step: string;
  readonly slot: number | null;
  /** Running spans in order; the others in the order of their ends. */
  spans: TimelineSpan[];
}

interface Stretch {
  readonly from: number;
  readonly to: number | null;
}

export class TimelineIndex {
  readonly #limit: number;
  readonly #fold: TimelineFold;
  readonly #lanes = new Map<string, LaneSpans>();
  #count = 0;
  #resolution = 0;
  #begin: number | null;
  #end: number;
  #idle: Stretch[] = [];
  #idleSince: number | null;

  constructor(state: BrokerState, limit = LIMIT) {
    this.#limit = limit;
    this.#begin = state.sequence === 0 ? null : state.at;
    this.#end = state.at;
    this.#fold = new TimelineFold(state, (span) => this.#keep(span));
    this.#idleSince = this.#begin !== null && this.#fold.busy === 0 ? state.at : null;
  }

  get begin(): number {
    return this.#begin ?? this.#end;
  }

  get end(): number {
    return this.#end;
  }

  get resolution(): number {
    return this.#resolution;
  }

  add(tick: Tick, commands: readonly Command[], before: BrokerState, after: BrokerState): void {
    this.#begin ??= tick.at;
    this.#end = tick.at;
    const wasBusy = this.#fold.busy > 0;
    this.#fold.add(tick, commands, before, after);
    // An engine that was gone ran nothing, even if all of it goes on at once.
    if (tick.kind === "ResumeRun" && wasBusy) this.#idleSince ??= stoppedAt(tick, before);
    if (this.#fold.busy === 0) this.#idleSince ??= tick.at;
    else if (this.#idleSince !== null) {
      this.#keepIdle({ from: this.#idleSince, to: tick.at });
      this.#idleSince = null;
    }
  }

  /** Lanes, idle time and trail; `state` is the one after the last tick. */
  read(state: BrokerState, query: IndexQuery): Pick<Timeline, "lanes" | "idle" | "due" | "trail"> {
    const open = this.#openSpans(state);
    const { from, to, buckets } = query;
    const width = Math.max(this.#resolution, (to - from) / buckets);
    const isIn = (span: TimelineSpan): boolean => span.from <= to && (span.to ?? this.#end) >= from;
    const lanes: TimelineLane[] = [];
    for (const key of new Set([...this.#lanes.keys(), ...open.keys()])) {
      const known = this.#lanes.get(key);
      const now = open.get(key);
      const lane = known ?? now;
      if (!lane) continue;
      const spans = [...(known?.spans ?? []), ...(now?.spans ?? [])].filter(isIn).toSorted(byBegin);
      const { step, phase, slot } = lane;
      const holdsRest = slot === MOST_SLOTS - 1 && slotsOf(state.program, step) > MOST_SLOTS;
      lanes.push({ step, phase, slot, holdsRest, spans: mergeSpans(spans, width, this.#end) });
    }
    const since = this.#idleSince;
    const isIdleNow = since !== null && (state.status === "running" || state.status === "queued");
    return {
      lanes: inOrder(lanes, state.program),
      idle: [...this.#idle, ...(isIdleNow ? [{ from: since, to: null }] : [])],
      due: dueOf(state),
      trail: query.workItem === undefined ? [] : this.#trail(query.workItem, open),
    };
  }

  #openSpans(state: BrokerState): Map<string, LaneSpans> {
    const lanes = new Map<string, LaneSpans>();
    for (const span of this.#fold.open(state)) laneOf(lanes, span).spans.push(bare(span));
    return lanes;
  }

  #trail(workItem: number, open: ReadonlyMap<string, LaneSpans>): TrailSpan[] {
    const trail: TrailSpan[] = [];
    for (const { phase, step, slot, spans } of [...this.#lanes.values(), ...open.values()]) {
      for (const span of spans) {
        if (span.workItem === workItem && span.count === 1) trail.push({ ...span, phase, step, slot });
      }
    }
    return trail.toSorted((a, b) => byBegin(a, b) || (a.to ?? Infinity) - (b.to ?? Infinity));
  }

  #keep(span: TrailSpan): void {
    laneOf(this.#lanes, span).spans.push(bare(span));
    this.#count += 1;
    if (this.#count > this.#limit) this.#coarsen(Math.max(this.#end, span.to ?? 0));
  }

  #coarsen(end: number): void {
    while (this.#count > this.#limit / 2) {
      this.#resolution = this.#resolution === 0 ? Math.max(1, (end - this.begin) / 8_192) : this.#resolution * 2;
      this.#count = 0;
      for (const lane of this.#lanes.values()) {
        lane.spans = mergeSpans(lane.spans.toSorted(byBegin), this.#resolution, end);
        this.#count += lane.spans.length;
      }
      if (this.#count <= this.#lanes.size * 2) return;
    }
  }

  #keepIdle(stretch: { readonly from: number; readonly to: number }): void {
    if (stretch.to - stretch.from < SHORTEST_IDLE) return;
    this.#idle.push(stretch);
    if (this.#idle.length <= MOST_IDLE) return;
    const shortest = this.#idle.reduce((least, each) => (lengthOf(each) < lengthOf(least) ? each : least));
    this.#idle = this.#idle.filter((each) => each !== shortest);
  }
}

function lengthOf({ from, to }: Stretch): number {
  return (to ?? Infinity) - from;
}

function laneOf(lanes: Map<string, LaneSpans>, { phase, step, slot: worker }: TrailSpan): LaneSpans {
  const slot = worker === null ? null : Math.min(worker, MOST_SLOTS - 1);
  const key = `${phase} ${slot ?? ""} ${step}`;
  const known = lanes.get(key);
  if (known) return known;
  const lane: LaneSpans = { phase, step, slot, spans: [] };
  lanes.set(key, lane);
  return lane;
}

/** The lane says the rest. */
function bare({ phase: _phase, step: _step, slot: _slot, ...span }: TrailSpan): TimelineSpan {
  return span;
}

/** Steps that are gone from the definition come last. */
function inOrder(lanes: readonly TimelineLane[], program: Program): TimelineLane[] {
  const place = ({ step }: TimelineLane): number => program.indexes[step] ?? program.steps.length;
  return lanes.toSorted(
    (a, b) =>
      place(a) - place(b) ||
      (a.step < b.step ? -1 : a.step > b.step ? 1 : 0) ||
      PHASES.indexOf(a.phase) - PHASES.indexOf(b.phase) ||
      (a.slot ?? 0) - (b.slot ?? 0),
  );
}

function slotsOf(program: Program, step: string): number {
  const index = program.indexes[step];
  return (index === undefined ? undefined : program.steps[index]?.numWorkers) ?? 0;
}

function dueOf(state: BrokerState): TimelineDue[] {
  if (state.status !== "running") return [];
  const due: TimelineDue[] = [];
  const limit = deadlineOf(state.limit);
  if (limit !== null) due.push({ kind: "limit", at: limit });
  for (const [{ due: at }, timer] of state.timers.entries()) {
    if (due.length >= MOST_DUE) break;
    const waiter = timer.kind === "waiter" ? state.waiters.byInstance.get(timer.waiter) : undefined;
    const index = timer.kind === "retry" ? timer.step : waiter?.step;
    const workItem = timer.kind === "retry" ? timer.workItem.id : waiter?.workItem;
    const step = index === undefined ? undefined : state.program.steps[index]?.name;
    due.push({
      kind: timer.kind === "retry" ? "retry" : "wait",
      at,
      ...(step !== undefined && { step }),
      ...(workItem !== undefined && { workItem }),
    });
  }
  return due;
}
