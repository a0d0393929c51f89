/** The work of a run sorted into the steps of another definition. The rules stand in `adopt-program.ts`. */
import {
  emptyStep,
  noBuffers,
  noJoins,
  noMemos,
  noneParked,
  noStreams,
  noTimers,
  noWaiters,
  type BrokerState,
  type StepState,
  type StreamMembers,
  type Waiter,
  type WorkItem,
} from "./broker-state.ts";
import { isEqualJson, own } from "./json.ts";
import type { Program, StepPlan } from "./program.ts";
import { busySlots } from "./slots.ts";
import { byNumber } from "./sorted-map.ts";
import { FAILURE_INDEX } from "./tick-events.ts";
import { addWaiter } from "./waiters.ts";

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };
type Counts = { queued: number; delayed: number; waiting: number; gathering: number };

export class ProgramChange {
  /** By step index of the new definition, plans of what is set aside included. */
  readonly steps: Mutable<StepState>[];
  /** What is set aside by this change, by step index of the old definition. */
  readonly missing = new Map<number, Counts>();
  /** Types of the events in it. */
  readonly events = new Map<string, number>();
  readonly #before: BrokerState;
  readonly #program: Program;
  readonly #plans: Mutable<StepPlan>[];
  /** The plan that keeps what has no place, by step index of the old definition. */
  readonly #orphans = new Map<number, number>();
  /** Step index by work item. */
  readonly #places = new Map<number, number>();
  #timers = noTimers;
  #parked = noneParked;
  #buffers = noBuffers;
  #joins = noJoins;
  #streams = noStreams;

  constructor(before: BrokerState, program: Program) {
    this.#before = before;
    this.#program = program;
    this.#plans = [...program.steps];
    this.steps = program.steps.map(() => ({ ...emptyStep }));
    this.#moveQueues();
    this.#moveDelayed();
    this.#moveParked();
    this.#keepUnbegun();
    this.#moveSets();
    this.#moveStreams();
    this.#moveCounts();
  }

  /** All that follows from the steps. */
  rest(): Partial<BrokerState> {
    return {
      program: this.#orphans.size === 0 ? this.#program : this.#withOrphans(),
      pending: this.#countPending(),
      parked: this.#parked,
      timers: this.#timers,
      buffers: this.#buffers,
      joins: this.#joins,
      streams: this.#streams,
      ...this.#memosAndWaiters(),
    };
  }

  #moveQueues(): void {
    for (const [old, { slots, queue }] of this.#before.steps.entries()) {
      const interrupted = [...busySlots(slots)].map(([, entry]) => entry).toSorted((a, b) => a.order - b.order);
      for (const item of [...interrupted.map(({ workItem }) => workItem), ...queue]) {
        const step = this.#stepAt(this.#place(old, item, "queued"));
        step.queue = step.queue.pushBack(item);
      }
    }
  }

  #moveDelayed(): void {
    for (const [key, timer] of this.#before.timers.entries()) {
      if (timer.kind !== "retry") {
        this.#timers = this.#timers.set(key, timer);
        continue;
      }
      const step = this.#place(timer.step, timer.workItem, "delayed");
      this.#stepAt(step).delayed += 1;
      this.#timers = this.#timers.set(key, { ...timer, step });
    }
  }

  #moveParked(): void {
    for (const [id, parked] of this.#before.parked.entries()) {
      const step = this.#place(parked.step, parked.workItem, "waiting");
      this.#stepAt(step).waiting += 1;
      this.#parked = this.#parked.set(id, { ...parked, step });
    }
  }

  /** Events of a run that waits its turn: with a plan for them, they find their way when it begins. */
  #keepUnbegun(): void {
    if (this.#before.status !== "queued") return;
    for (const { type } of this.#before.mailbox) {
      if (own(this.#program.routes, type)) continue;
      for (const old of own(this.#before.program.routes, type) ?? []) {
        this.#orphan(old);
        this.#note(old, "queued", [type]);
      }
    }
  }

  #moveSets(): void {
    for (const buffer of this.#before.buffers.values()) {
      const live = this.#liveOf(buffer.step);
      if (live === undefined) this.#note(buffer.step, "gathering", Object.keys(buffer.byType));
      const step = live ?? this.#orphan(buffer.step);
      this.#buffers = this.#buffers.set(`${step}/${buffer.bufferId}`, { ...buffer, step });
    }
    for (const buffer of this.#before.joins.values()) {
      const live = this.#liveOf(buffer.step);
      const isKept = live !== undefined && isSameJoin(this.#plans[live], this.#before.program.steps[buffer.step]);
      if (!isKept) this.#note(buffer.step, "gathering", Object.keys(buffer.byType));
      const step = isKept ? live : this.#orphan(buffer.step);
      this.#joins = this.#joins.set(`${step}/${buffer.stream ?? ""}`, { ...buffer, step });
    }
  }

  #moveStreams(): void {
    for (const [id, stream] of this.#before.streams.entries()) {
      const feeds = (this.#before.program.steps[stream.producer]?.feeds ?? []).map((join) => this.#listJoin(join));
      const live = this.#liveOf(stream.producer);
      // A list that is open goes to the joins it went to so far: one that is new would get a part of it.
      const isSame =
        live !== undefined && isEqualJson(this.#plans[live]?.feeds?.toSorted(byNumber), feeds.toSorted(byNumber));
      const producer = isSame ? live : this.#orphan(stream.producer);
      if (!isSame) (this.#plans[producer] as Mutable<StepPlan>).feeds = feeds;
      const members: { [join: string]: StreamMembers } = {};
      for (const [join, gathered] of Object.entries(stream.members)) members[this.#listJoin(Number(join))] = gathered;
      this.#streams = this.#streams.set(id, { ...stream, producer, members });
    }
  }

  /** Where the members of a list go. */
  #listJoin(old: number): number {
    const live = this.#liveOf(old);
    if (live !== undefined && this.#plans[live]?.join?.mode === "list") return live;
    if (!this.#orphans.has(old)) this.#note(old, "gathering", this.#before.program.steps[old]?.accepts ?? []);
    return this.#orphan(old);
  }

  #moveCounts(): void {
    for (const [old, { completed, failed, lastError }] of this.#before.steps.entries()) {
      const target = this.#liveOf(old) ?? this.#orphans.get(old);
      if (target === undefined) continue;
      const step = this.#stepAt(target);
      step.completed += completed;
      step.failed += failed;
      if (lastError !== undefined) step.lastError = lastError;
    }
  }

  #memosAndWaiters(): Pick<BrokerState, "memos" | "waiters"> {
    let memos = noMemos;
    let waiters = noWaiters;
    for (const [id, memo] of this.#before.memos.entries()) {
      const step = this.#places.get(id) ?? this.#orphan(memo.step);
      const moved = memo.waiters.map((waiter): Waiter => ({ ...waiter, step }));
      for (const waiter of moved) waiters = addWaiter(waiters, waiter);
      memos = memos.set(id, { ...memo, step, waiters: moved });
    }
    return { memos, waiters };
  }

  /** The step that a work item goes to. */
  #place(old: number, item: WorkItem, place: keyof Counts): number {
    const live = this.#liveOf(old);
    const step = live !== undefined && this.#takes(live, old, item) ? live : this.#orphan(old);
    if (step !== live) {
      this.#note(
        old,
        place,
        (item.inputs ?? [item.event]).map(({ type }) => type),
      );
    }
    this.#places.set(item.id, step);
    return step;
  }

  #takes(live: number, old: number, { event, inputs }: WorkItem): boolean {
    const plan = this.#plans[live];
    if (event.index === FAILURE_INDEX) return plan?.catches !== undefined;
    if (!isSameJoin(plan, this.#before.program.steps[old])) return false;
    return (inputs ?? [event]).every(({ type }) => own(this.#program.routes, type)?.includes(live));
  }

  /** The step of the new definition that a step, or what was kept of it, stands for. */
  #liveOf(old: number): number | undefined {
    const plan = this.#before.program.steps[old];
    return plan && own(this.#program.indexes, plan.orphanOf ?? plan.name);
  }

  #orphan(old: number): number {
    const known = this.#orphans.get(old);
    if (known !== undefined) return known;
    const index = this.#plans.length;
    const { join, accepts, emits, ...plan } = this.#before.program.steps[old] as StepPlan;
    const orphanOf = plan.orphanOf ?? plan.name;
    let name = orphanOf;
    // A step of that name may be there, with another shape.
    while (this.#plans.some((other) => other.name === name)) name += ` (version ${this.#before.program.version})`;
    this.#plans.push({ name, index, accepts, emits, numWorkers: 0, orphanOf, ...(join && { join }) });
    this.steps.push({ ...emptyStep });
    this.#orphans.set(old, index);
    return index;
  }

  /** What an earlier change set aside is no news. */
  #note(old: number, place: keyof Counts, types: readonly string[]): void {
    if (this.#before.program.steps[old]?.orphanOf !== undefined) return;
    const counts = this.missing.get(old) ?? { queued: 0, delayed: 0, waiting: 0, gathering: 0 };
    counts[place] += 1;
    this.missing.set(old, counts);
    for (const type of new Set(types)) this.events.set(type, (this.events.get(type) ?? 0) + 1);
  }

  #stepAt(index: number): Mutable<StepState> {
    return this.steps[index] as Mutable<StepState>;
  }

  #countPending(): number {
    let pending = 0;
    for (const [index, { queue, delayed }] of this.steps.entries()) {
      if (this.#plans[index]?.orphanOf === undefined) pending += queue.length + delayed;
    }
    return pending;
  }

  /** Events that no step takes any more go to what is kept of the step that took them. */
  #withOrphans(): Program {
    const program = this.#program;
    const indexes: Record<string, number> = Object.assign(Object.create(null), program.indexes);
    const routes: Record<string, readonly number[]> = Object.assign(Object.create(null), program.routes);
    for (const [old, index] of this.#orphans) {
      indexes[this.#plans[index]?.name ?? ""] = index;
      for (const [type, takers] of Object.entries(this.#before.program.routes)) {
        if (!takers.includes(old) || own(program.routes, type)) continue;
        routes[type] = [...(routes[type] ?? []), index];
      }
    }
    return { ...program, steps: this.#plans, indexes, routes };
  }
}

/** The step's function is handed work of the same kind by both: an event, a set of these slots, a list. */
function isSameJoin(plan: StepPlan | undefined, other: StepPlan | undefined): boolean {
  const [a, b] = [plan?.join, other?.join];
  if (a?.mode === "all" && b?.mode === "all") return isEqualJson(a.slots, b.slots);
  return a?.mode === b?.mode;
}
