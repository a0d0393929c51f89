/** A history folded twice, as it was recorded and with the definition of now, and where the two part. */
import { initialState, type BrokerState } from "../core/broker-state.ts";
import type { Command } from "../core/command.ts";
import type { EventRef } from "../core/event-ref.ts";
import { brokenInvariants } from "../core/invariants.ts";
import { isEqualJson } from "../core/json.ts";
import type { Program } from "../core/program.ts";
import { reduce, type Reduction } from "../core/reduce.ts";
import { eventsOfTick } from "../core/tick-events.ts";
import type { Tick } from "../core/tick.ts";
import { toRunRecord } from "../engine/run-record.ts";
import type { RunRecord } from "../ports/journal.ts";
import type { CompiledWorkflow } from "../workflow/compile.ts";
import { describeIssues } from "../workflow/standard-schema.ts";
import { show } from "./assertions.ts";

export interface ReplayDifference {
  readonly kind: ReplayDifferenceKind;
  /** Sequence of the tick at which it shows; null: after the last. */
  readonly tick: number | null;
  readonly step?: string;
  /** Type of the event it is about. */
  readonly event?: string;
  readonly message: string;
}

/**
 * - stepMissing: the run used a step that is gone. Work for it is lost, results of it are ignored.
 * - payloadInvalid: recorded data does not fit the schema its kind has now.
 * - outputUndeclared: a step sent or returned what it no longer declares; run today it would fail the run.
 * - eventUnhandled: an event that was delivered finds nobody now.
 * - dispatchDiffers: other work starts: routes, joins, or `numWorkers` changed.
 * - resultIgnored: a recorded tick of a step counts for nothing, because that work is not in progress now.
 * - publishedDiffers, endDiffers: readers see other events; the run ends elsewhere, or otherwise.
 * - invariantBroken, reducerFailed: the fold breaks. A fault of tickwork.
 * - stateInvalid: the run's store does not fit the state schema of now.
 * - finalStateDiffers: after the last tick the run is another.
 * - recordDiffers: this version of tickwork folds even the recorded definition to something else than was recorded.
 */
export type ReplayDifferenceKind =
  | "stepMissing"
  | "payloadInvalid"
  | "outputUndeclared"
  | "eventUnhandled"
  | "dispatchDiffers"
  | "resultIgnored"
  | "publishedDiffers"
  | "endDiffers"
  | "invariantBroken"
  | "reducerFailed"
  | "stateInvalid"
  | "finalStateDiffers"
  | "recordDiffers";

const LISTED = 200;
/** Invariants are counted over the whole state: in a long history not after every tick. */
const INVARIANT_CHECKS = 1000;

export class Replay {
  readonly differences: ReplayDifference[] = [];
  omitted = 0;
  readonly #compiled: CompiledWorkflow;
  readonly #recorded: Program;
  readonly #record: RunRecord;
  readonly #ticks: readonly Tick[];
  readonly #missing = new Set<string>();
  readonly #brokenBefore = new Set<string>();

  constructor(compiled: CompiledWorkflow, recorded: Program, record: RunRecord, ticks: readonly Tick[]) {
    this.#compiled = compiled;
    this.#recorded = recorded;
    this.#record = record;
    this.#ticks = ticks;
  }

  fold(): void {
    let was = initialState(this.#recorded);
    let now = initialState(this.#compiled.program);
    const stride = Math.ceil(this.#ticks.length / INVARIANT_CHECKS);
    for (const [index, tick] of this.#ticks.entries()) {
      this.#checkPayloads(tick);
      const recorded = this.#reduce(was, tick, "recordDiffers");
      const changed = recorded && this.#reduce(now, withoutProgram(tick), "reducerFailed");
      if (!recorded || !changed) return;
      this.#compareTurn(tick, { was, now }, recorded, changed);
      was = recorded.state;
      now = changed.state;
      if (index % stride === 0 || index === this.#ticks.length - 1) this.#checkInvariants(tick, now);
    }
    this.#compareEnds(was, now);
  }

  #differ(
    kind: ReplayDifferenceKind,
    tick: number | null,
    message: string,
    about: { step?: string; event?: string } = {},
  ) {
    if (this.differences.length === LISTED) this.omitted += 1;
    else this.differences.push({ kind, tick, ...about, message });
  }

  #reduce(state: BrokerState, tick: Tick, kind: "recordDiffers" | "reducerFailed"): Reduction | null {
    try {
      return reduce(state, tick);
    } catch (error) {
      const where = kind === "recordDiffers" ? "as it was recorded" : "with the definition of now";
      this.#differ(
        kind,
        tick.sequence,
        `Tick ${tick.sequence} (${tick.kind}) cannot be folded ${where}: ${String(error)}`,
      );
      return null;
    }
  }

  #checkPayloads(tick: Tick): void {
    for (const [, { type, data }] of eventsOfTick(tick)) {
      const result = this.#compiled.kinds.get(type)?.schema?.["~standard"].validate(data);
      if (!result || result instanceof Promise || result.issues === undefined) continue;
      this.#differ(
        "payloadInvalid",
        tick.sequence,
        `Tick ${tick.sequence} holds a ${type} that its schema refuses now: ${describeIssues(result.issues)}`,
        { event: type },
      );
    }
    if (tick.kind !== "StepResult") return;
    const { steps, indexes } = this.#compiled.program;
    const plan = steps[indexes[tick.step] ?? -1];
    if (!plan) return;
    for (const { event, mode } of tick.outputs) {
      if (mode === "stream" || plan.emits.includes(event.type)) continue;
      this.#differ(
        "outputUndeclared",
        tick.sequence,
        `At tick ${tick.sequence} step ${tick.step} emitted ${event.type}, which it does not declare now.`,
        { step: tick.step, event: event.type },
      );
    }
  }

  #compareTurn(
    tick: Tick,
    before: { readonly was: BrokerState; readonly now: BrokerState },
    recorded: Reduction,
    changed: Reduction,
  ): void {
    const { sequence } = tick;
    const isIgnored =
      changed.state.dropped > before.now.dropped && recorded.state.dropped === before.was.dropped && "step" in tick;
    if (isIgnored && tick.step !== undefined && !this.#noteMissing(tick.step, sequence)) {
      this.#differ(
        "resultIgnored",
        sequence,
        `Tick ${sequence}, ${tick.kind} of step ${tick.step} for work item ${tick.workItem}, counts for nothing now: that work is not in progress.`,
        { step: tick.step },
      );
    }
    this.#compareUnhandled(sequence, recorded.commands, changed.commands);
    this.#compareStarts(sequence, recorded.commands, changed.commands, recorded.state.program);
    const [shownThen, shownNow] = [publishedBy(recorded.commands), publishedBy(changed.commands)];
    if (!isEqualJson(shownThen, shownNow)) {
      this.#differ(
        "publishedDiffers",
        sequence,
        `Tick ${sequence} publishes ${listed(shownNow)} now; recorded: ${listed(shownThen)}.`,
      );
    }
    const [endThen, endNow] = [endOf(recorded.commands), endOf(changed.commands)];
    if (endThen !== endNow) {
      this.#differ(
        "endDiffers",
        sequence,
        `Tick ${sequence} ${endNow ?? "does not end the run"} now; recorded: it ${endThen ?? "did not end the run"}.`,
      );
    }
  }

  #compareUnhandled(sequence: number, recorded: readonly Command[], changed: readonly Command[]): void {
    const before = new Set(unhandledBy(recorded).map(idOf));
    for (const event of unhandledBy(changed)) {
      if (before.has(idOf(event))) continue;
      this.#differ("eventUnhandled", sequence, `The ${event.type} of tick ${sequence} finds no step and no wait now.`, {
        event: event.type,
      });
    }
  }

  #compareStarts(sequence: number, recorded: readonly Command[], changed: readonly Command[], program: Program): void {
    const [was, now] = [startsOf(recorded, program), startsOf(changed, this.#compiled.program)];
    for (const [key, { step, event }] of was) {
      if (now.has(key) || this.#noteMissing(step, sequence)) continue;
      this.#differ(
        "dispatchDiffers",
        sequence,
        `At tick ${sequence} step ${step} would not start on ${event}; recorded: it did.`,
        { step, event },
      );
    }
    for (const [key, { step, event }] of now) {
      if (was.has(key)) continue;
      this.#differ(
        "dispatchDiffers",
        sequence,
        `At tick ${sequence} step ${step} would start on ${event}; recorded: it did not.`,
        { step, event },
      );
    }
  }

  /** True for a step that is gone; says so once. */
  #noteMissing(step: string, sequence: number): boolean {
    if (Object.hasOwn(this.#compiled.program.indexes, step)) return false;
    if (!this.#missing.has(step)) {
      this.#missing.add(step);
      this.#differ(
        "stepMissing",
        sequence,
        `Step ${step} is gone, and tick ${sequence} is about it: its work is lost.`,
        { step },
      );
    }
    return true;
  }

  #checkInvariants({ sequence }: Tick, state: BrokerState): void {
    for (const broken of brokenInvariants(state)) {
      if (this.#brokenBefore.has(broken)) continue;
      this.#brokenBefore.add(broken);
      this.#differ("invariantBroken", sequence, `After tick ${sequence}: ${broken}.`);
    }
  }

  #compareEnds(was: BrokerState, now: BrokerState): void {
    const [before, after] = [summaryOf(was), summaryOf(now)];
    for (const key of Object.keys(before)) {
      if (isEqualJson(before[key], after[key])) continue;
      this.#differ(
        "finalStateDiffers",
        null,
        `At the end ${key} is ${show(after[key])} now; recorded: ${show(before[key])}.`,
      );
    }
    const validated = this.#compiled.definition.state?.["~standard"].validate(now.store);
    if (validated && !(validated instanceof Promise) && validated.issues !== undefined) {
      this.#differ(
        "stateInvalid",
        null,
        `The run's store does not fit the state schema of now: ${describeIssues(validated.issues)}`,
      );
    }
    // A record read a moment before the last ticks says nothing.
    if (this.#record.sequence !== was.sequence) return;
    const folded = toRunRecord(was);
    for (const key of ["status", "published", "busy", "queued", "waiting"] as const) {
      if (this.#record[key] === folded[key]) continue;
      this.#differ(
        "recordDiffers",
        null,
        `The record says ${key} ${show(this.#record[key])}, its own ticks give ${show(folded[key])}.`,
      );
    }
  }
}

/** Without the definition it brings: the ticks are to be folded with another. */
function withoutProgram(tick: Tick): Tick {
  if (tick.kind !== "StartRun" && tick.kind !== "ResumeRun") return tick;
  const { program: _recorded, ...rest } = tick;
  return rest;
}

const idOf = ({ tick, index }: EventRef): string => `${tick}.${index}`;

function unhandledBy(commands: readonly Command[]): EventRef[] {
  return commands.flatMap((command) => (command.kind === "UnhandledEvent" ? command.event : []));
}

/** Work items are told apart by their event: their numbers shift when one is added. */
function startsOf(commands: readonly Command[], { steps }: Program): Map<string, { step: string; event: string }> {
  const starts = new Map<string, { step: string; event: string }>();
  for (const command of commands) {
    if (command.kind !== "RunWorker") continue;
    const step = steps[command.step]?.name ?? "";
    const { event, invocation } = command.workItem;
    starts.set(`${step} ${idOf(event)} ${invocation}`, { step, event: event.type });
  }
  return starts;
}

function publishedBy(commands: readonly Command[]): string[] {
  return commands.flatMap((command) => (command.kind === "PublishEvent" ? command.event.type : []));
}

const listed = (types: readonly string[]): string => types.join(", ") || "nothing";

function endOf(commands: readonly Command[]): string | null {
  for (const command of commands) {
    if (command.kind === "CompleteRun") return `completes the run with ${command.event.type}`;
    if (command.kind === "FailRun") return `fails the run with ${command.error.name}`;
    if (command.kind === "HaltRun") return `ends the run as ${command.status}`;
  }
  return null;
}

/** What matters of a run when it is taken up, by names rather than numbers. */
function summaryOf(state: BrokerState): { [key: string]: unknown } {
  const work: { [step: string]: unknown } = {};
  for (const { name, index } of state.program.steps) {
    const step = state.steps[index];
    if (!step) continue;
    const { slots, queue, delayed, waiting } = step;
    const open = { busy: slots.busy, queued: queue.length, delayed, waiting };
    if (Object.values(open).some((count) => count > 0)) work[name] = open;
  }
  const { outcome } = state;
  return {
    status: state.status,
    result: outcome?.kind === "completed" ? outcome.event.data : null,
    store: state.store,
    published: state.published,
    "open work": work,
    "early events": state.mailbox.map(({ type }) => type),
  };
}
