/**
 * One turn of the reducer: a state being built and the commands asked for. Lives only inside one call of
 * `reduce`; what it hands out is immutable again (B7).
 */
import type {
  BrokerState,
  InProgress,
  Lineage,
  RunOutcome,
  StepState,
  WorkItem,
  WorkItemMemo,
} from "./broker-state.ts";
import type { Command } from "./command.ts";
import type { EventRef, WorkflowEvent } from "./event-ref.ts";
import { busySlots, freeSlot, nextWorkerId, noSlots, occupySlot } from "./slots.ts";
import type { Tick } from "./tick.ts";

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

const NONE: readonly never[] = Object.freeze([]);
const NOTHING: WorkItemMemo["collected"] = Object.freeze({});

export class Turn {
  readonly state: Mutable<BrokerState>;
  readonly commands: Command[] = [];
  readonly tick: Tick;
  /** When the tick before came. */
  readonly previousAt: number;
  /** The step states before; one that differs is this turn's own and may be changed. */
  #before: readonly StepState[];

  constructor(state: BrokerState, tick: Tick) {
    this.state = copyState(state, tick);
    this.#before = state.steps;
    this.tick = tick;
    this.previousAt = state.at;
  }

  /** The state of a step, for changing. */
  step(index: number): Mutable<StepState> {
    const current = this.state.steps[index] as StepState;
    if (current !== this.#before[index]) return current;
    if (this.state.steps === this.#before) this.state.steps = this.#before.slice();
    const copy = copyStep(current);
    (this.state.steps as StepState[])[index] = copy;
    return copy;
  }

  /** The steps of another definition. */
  replaceSteps(steps: readonly StepState[]): void {
    this.state.steps = steps;
    this.#before = steps;
  }

  reference(event: WorkflowEvent, index: number): EventRef {
    return { tick: this.tick.sequence, index, type: event.type, data: event.data };
  }

  publish(event: EventRef): void {
    this.state.published += 1;
    this.commands.push({ kind: "PublishEvent", position: this.state.published, event });
  }

  /** A new work item for a step: started at once if a slot is free, else queued (B2). Alive in its stream (B8). */
  addWorkItem(stepIndex: number, event: EventRef, lineage?: Lineage, inputs?: readonly EventRef[]): void {
    const id = this.state.nextWorkItem;
    this.state.nextWorkItem = id + 1;
    const item: Mutable<WorkItem> = {
      id,
      event,
      causedBy: this.tick.sequence,
      since: this.tick.at,
      invocation: 0,
    };
    if (inputs) item.inputs = inputs;
    if (lineage) {
      item.lineage = lineage;
      this.countAlive(lineage, 1);
    }
    this.enqueue(stepIndex, item);
  }

  /** Something begins or ends to be alive in the stream of a lineage (B8). */
  countAlive(lineage: Lineage | undefined, change: 1 | -1): void {
    const id = lineage?.stream ?? null;
    const stream = id === null ? undefined : this.state.streams.get(id);
    if (id === null || !stream) return;
    this.state.streams = this.state.streams.set(id, { ...stream, alive: stream.alive + change });
  }

  /** Counts work that can be done; what was set aside is not pending (B3). */
  countPending(stepIndex: number, change: 1 | -1): void {
    if (this.state.program.steps[stepIndex]?.orphanOf === undefined) this.state.pending += change;
  }

  enqueue(stepIndex: number, item: WorkItem): void {
    this.countPending(stepIndex, 1);
    const step = this.step(stepIndex);
    if (step.queue.length === 0 && this.#hasFreeSlot(stepIndex, step)) this.#start(stepIndex, step, item);
    else step.queue = step.queue.pushBack(item);
  }

  /** A work item that already had its turn goes before those that had none. */
  enqueueFirst(stepIndex: number, item: WorkItem): void {
    this.countPending(stepIndex, 1);
    const step = this.step(stepIndex);
    if (this.#hasFreeSlot(stepIndex, step)) this.#start(stepIndex, step, item);
    else step.queue = step.queue.pushFront(item);
  }

  release(stepIndex: number, workerId: number): void {
    const step = this.step(stepIndex);
    step.slots = freeSlot(step.slots, workerId);
    this.state.pending -= 1;
  }

  /** Fills the free slots of a step from its queue (B2). */
  dispatch(stepIndex: number): void {
    if (this.state.status !== "running") return;
    const current = this.state.steps[stepIndex] as StepState;
    if (current.queue.length === 0) return;
    const step = this.step(stepIndex);
    while (this.#hasFreeSlot(stepIndex, step)) {
      const item = step.queue.head;
      if (item === undefined) return;
      step.queue = step.queue.rest;
      this.#start(stepIndex, step, item);
    }
  }

  dispatchAll(): void {
    for (let index = 0; index < this.state.steps.length; index++) this.dispatch(index);
  }

  #hasFreeSlot(stepIndex: number, step: StepState): boolean {
    const plan = this.state.program.steps[stepIndex];
    return plan !== undefined && this.state.status === "running" && step.slots.busy < plan.numWorkers;
  }

  #start(stepIndex: number, step: Mutable<StepState>, item: WorkItem): void {
    const { id, event, causedBy, since, retry, inputs, lineage } = item;
    const workItem: Mutable<WorkItem> = { id, event, causedBy, since, invocation: item.invocation + 1 };
    if (retry) workItem.retry = retry;
    if (inputs) workItem.inputs = inputs;
    if (lineage) workItem.lineage = lineage;
    const workerId = nextWorkerId(step.slots);
    this.state.starts += 1;
    step.slots = occupySlot(step.slots, {
      workItem,
      startedAt: this.tick.at,
      startedBy: this.tick.sequence,
      order: this.state.starts,
    });
    this.commands.push({ kind: "RunWorker", step: stepIndex, workerId, workItem });
  }

  /** What a work item of this step was told; empty if nothing yet. */
  memo(step: number, workItem: number): WorkItemMemo {
    return this.state.memos.get(workItem) ?? { step, answers: NONE, waiters: NONE, collected: NOTHING };
  }

  setMemo(workItem: number, memo: WorkItemMemo): void {
    this.state.memos = this.state.memos.set(workItem, memo);
  }

  /** Work in progress goes back to the heads of its queues, in the order it was started. */
  interruptWork(): void {
    for (const [index, { slots }] of this.state.steps.entries()) {
      if (slots.busy === 0) continue;
      const interrupted = [...busySlots(slots)].map(([, entry]) => entry).toSorted(byStart);
      const step = this.step(index);
      step.slots = noSlots;
      for (const entry of interrupted.toReversed()) step.queue = step.queue.pushFront(entry.workItem);
    }
  }

  /** Ends the run. What was not done stays, so that it can be resumed (B5). */
  end(outcome: RunOutcome): void {
    this.interruptWork();
    this.state.status = outcome.kind;
    this.state.outcome = outcome;
  }
}

/** Field by field: several times faster than a spread, and this runs once per tick. */
function copyState(state: BrokerState, { sequence, at }: Tick): Mutable<BrokerState> {
  const copy: Mutable<BrokerState> = {
    program: state.program,
    runId: state.runId,
    status: state.status,
    sequence,
    at,
    createdAt: state.createdAt,
    limit: state.limit,
    steps: state.steps,
    pending: state.pending,
    parked: state.parked,
    memos: state.memos,
    waiters: state.waiters,
    timers: state.timers,
    buffers: state.buffers,
    joins: state.joins,
    streams: state.streams,
    mailbox: state.mailbox,
    store: state.store,
    published: state.published,
    dropped: state.dropped,
    nextWorkItem: state.nextWorkItem,
    nextWaiter: state.nextWaiter,
    nextStream: state.nextStream,
    starts: state.starts,
  };
  if (state.parent) copy.parent = state.parent;
  if (state.forkedFrom) copy.forkedFrom = state.forkedFrom;
  if (state.outcome) copy.outcome = state.outcome;
  return copy;
}

function copyStep({ queue, slots, delayed, waiting, completed, failed, lastError }: StepState): Mutable<StepState> {
  const copy: Mutable<StepState> = { queue, slots, delayed, waiting, completed, failed };
  if (lastError !== undefined) copy.lastError = lastError;
  return copy;
}

function byStart(a: InProgress, b: InProgress): number {
  return a.order - b.order;
}
