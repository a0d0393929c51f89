/**
 * Follows a run tick by tick and says which stretch of which work item's way just ended. Costs as much as a tick
 * started and ended, whatever is queued: when a work item starts, it says itself since when it was queued.
 *
 * F1 Every step result that counts ends exactly one running span.
 * F2 Running spans of one slot never overlap.
 */
import type { BrokerState, WorkItem } from "../core/broker-state.ts";
import { hasEnded } from "../core/broker-state.ts";
import type { Command, RunWorkerCommand } from "../core/command.ts";
import { busySlots } from "../core/slots.ts";
import type { ResumeRunTick, StepResultTick, Tick } from "../core/tick.ts";
import type { TrailSpan } from "./timeline.ts";

/** Takes a span that ended. */
export type SpanSink = (span: TrailSpan) => void;

type OpenSpan = Pick<TrailSpan, "phase" | "step" | "slot" | "from" | "begin" | "workItem" | "attempt" | "eventType">;
interface Running extends OpenSpan {
  readonly invocation: number;
}
/** A moment, and the tick it came with. */
interface Moment {
  readonly at: number;
  readonly sequence: number;
}

export class TimelineFold {
  readonly #sink: SpanSink;
  /** By step and slot. */
  readonly #running = new Map<string, Running>();
  /** Work items that back off or wait, or did so before they were queued again. */
  readonly #away = new Map<number, OpenSpan>();
  /** Work items that were at work when their run ended or its engine did, until they start again. */
  readonly #interrupted = new Map<number, Moment>();

  /** Goes on from this state: what is under way in it began before. */
  constructor(state: BrokerState, sink: SpanSink) {
    this.#sink = sink;
    for (const [index, { slots }] of state.steps.entries()) {
      const step = nameOf(state, index);
      for (const [slot, { workItem, startedAt, startedBy }] of busySlots(slots)) {
        this.#run(step, slot, workItem, { at: startedAt, sequence: startedBy });
      }
    }
    for (const timer of state.timers.values()) {
      if (timer.kind !== "retry") continue;
      const { step, workItem } = timer;
      this.#leave("backoff", nameOf(state, step), workItem, workItem.since, workItem.causedBy);
    }
    for (const { step, workItem, since } of state.parked.values()) {
      this.#leave("waiting", nameOf(state, step), workItem, since, null);
    }
  }

  /** Work items at work now. */
  get busy(): number {
    return this.#running.size;
  }

  add(tick: Tick, commands: readonly Command[], before: BrokerState, after: BrokerState): void {
    if (tick.kind === "StepResult") this.#result(tick, after);
    if (tick.kind === "ResumeRun") this.#interruptAll({ at: stoppedAt(tick, before), sequence: tick.sequence });
    for (const command of commands) if (command.kind === "RunWorker") this.#start(tick, command, after);
    if (!hasEnded(after) || hasEnded(before)) return;
    this.#interruptAll(momentOf(tick));
    if (after.status === "completed") this.#dropAll(tick, commands, before);
  }

  /** What goes on in this state, the one after the last tick, and what ended without being told yet. */
  *open(state: BrokerState): IterableIterator<TrailSpan> {
    for (const running of this.#running.values()) yield opened(running);
    const queuedAgain = new Set<number>();
    for (const [index, { queue }] of state.steps.entries()) {
      const step = nameOf(state, index);
      for (const item of queue) {
        const away = this.#away.get(item.id);
        if (away) {
          queuedAgain.add(item.id);
          yield closed(away, { at: item.since, sequence: item.causedBy });
        }
        yield opened(this.#queued(step, item));
      }
    }
    for (const [id, away] of this.#away) if (!queuedAgain.has(id)) yield opened(away);
  }

  /** F1: a result that came too late finds another invocation in the slot, or none. */
  #result(tick: StepResultTick, after: BrokerState): void {
    const key = slotKey(tick.step, tick.workerId);
    const running = this.#running.get(key);
    if (running?.workItem !== tick.workItem || running.invocation !== tick.invocation) return;
    this.#running.delete(key);
    this.#sink(closed(running, momentOf(tick), tick.outcome.kind));
    const isBackoff = tick.outcome.kind === "failed" && tick.outcome.verdict.retry && tick.outcome.verdict.delay > 0;
    const isParked = tick.outcome.kind === "waiting" && after.parked.get(tick.workItem) !== undefined;
    if (!isBackoff && !isParked) return;
    const attempt = running.attempt + (isBackoff ? 1 : 0);
    const phase = isBackoff ? "backoff" : "waiting";
    this.#away.set(tick.workItem, { ...running, phase, slot: null, from: tick.at, begin: tick.sequence, attempt });
  }

  #start(tick: Tick, { step: index, workerId, workItem }: RunWorkerCommand, after: BrokerState): void {
    const step = nameOf(after, index);
    const away = this.#away.get(workItem.id);
    if (away) this.#sink(closed(away, { at: workItem.since, sequence: workItem.causedBy }));
    const queued = this.#queued(step, workItem);
    if (queued.from < tick.at) this.#sink(closed(queued, momentOf(tick)));
    this.#away.delete(workItem.id);
    this.#interrupted.delete(workItem.id);
    this.#run(step, workerId, workItem, momentOf(tick));
  }

  #run(step: string, slot: number, item: WorkItem, { at, sequence }: Moment): void {
    const span = { ...facts(item), phase: "running", step, slot, from: at, begin: sequence } as const;
    this.#running.set(slotKey(step, slot), { ...span, invocation: item.invocation });
  }

  #leave(phase: "backoff" | "waiting", step: string, item: WorkItem, from: number, begin: number | null): void {
    this.#away.set(item.id, { ...facts(item), phase, step, slot: null, from, begin });
  }

  #queued(step: string, item: WorkItem): OpenSpan {
    const interrupted = this.#interrupted.get(item.id);
    const since = interrupted && interrupted.at > item.since ? interrupted : null;
    const { at: from, sequence: begin } = since ?? { at: item.since, sequence: item.causedBy };
    return { ...facts(item), phase: "queued", step, slot: null, from, begin };
  }

  #interruptAll(moment: Moment): void {
    for (const running of this.#running.values()) {
      const at = Math.max(moment.at, running.from);
      this.#sink(closed(running, { ...moment, at }, "interrupted"));
      this.#interrupted.set(running.workItem, { ...moment, at });
    }
    this.#running.clear();
  }

  /** The run has its result: nothing that was left to do will ever be done. */
  #dropAll(tick: Tick, commands: readonly Command[], before: BrokerState): void {
    for (const away of this.#away.values()) this.#sink(closed(away, momentOf(tick)));
    this.#away.clear();
    this.#interrupted.clear();
    const started = new Set(commands.map((command) => (command.kind === "RunWorker" ? command.workItem.id : 0)));
    for (const [index, { queue }] of before.steps.entries()) {
      for (const item of queue) {
        if (!started.has(item.id)) this.#sink(closed(this.#queued(nameOf(before, index), item), momentOf(tick)));
      }
    }
  }
}

/** The engine was gone from then on: a step that was at work did nothing after it. */
export function stoppedAt(tick: ResumeRunTick, before: BrokerState): number {
  return Math.min(tick.at, Math.max(before.at, tick.loadedUntil ?? 0));
}

function momentOf({ at, sequence }: Tick): Moment {
  return { at, sequence };
}

function facts({ id, retry, event }: WorkItem): Pick<OpenSpan, "workItem" | "attempt" | "eventType"> {
  return { workItem: id, attempt: (retry?.failures ?? 0) + 1, eventType: event.type };
}

function opened({ phase, step, slot, from, begin, workItem, attempt, eventType }: OpenSpan): TrailSpan {
  const begun = { phase, step, slot, from, begin, workItem, attempt, eventType };
  return { ...begun, to: null, end: null, outcome: null, count: 1, failed: 0 };
}

function closed(open: OpenSpan, { at, sequence }: Moment, outcome: TrailSpan["outcome"] = null): TrailSpan {
  const to = Math.max(at, open.from);
  return { ...opened(open), to, end: sequence, outcome, failed: outcome === "failed" ? 1 : 0 };
}

function nameOf({ program }: BrokerState, index: number): string {
  return program.steps[index]?.name ?? "";
}

function slotKey(step: string, slot: number): string {
  return `${slot} ${step}`;
}
