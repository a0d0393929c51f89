/**
 * One turn of the reducer: a state being built and the commands asked for. Lives only inside one call of
 * `reduce`; what it hands out is immutable again (B7).
 */
import type { BrokerState, InProgress, RunOutcome, StepState, WorkItem, WorkItemMemo } from "./broker-state.ts";
import type { Command } from "./command.ts";
import type { EventRef, WorkflowEvent } from "./event-ref.ts";
import { busySlots, freeSlot, nextWorkerId, noSlots, occupySlot } from "./slots.ts";
import type { Tick } from "./tick.ts";

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

export class Turn {
  readonly state: Mutable<BrokerState>;
  readonly commands: Command[] = [];
  readonly tick: Tick;
  /** When the tick before came. */
  readonly previousAt: number;
  /** Step states that are this turn's own and may be changed. */
  #steps: (Mutable<StepState> | undefined)[] | undefined;

  constructor(state: BrokerState, tick: Tick) {
    this.state = { ...state, sequence: tick.sequence, at: tick.at };
    this.tick = tick;
    this.previousAt = state.at;
  }

  /** The state of a step, for changing. */
  step(index: number): Mutable<StepState> {
    if (!this.#steps) {
      this.state.steps = this.state.steps.slice();
      this.#steps = [];
    }
    const own = this.#steps[index];
    if (own) return own;
    const copy = { ...(this.state.steps[index] as StepState) };
    (this.state.steps as StepState[])[index] = copy;
    this.#steps[index] = copy;
    return copy;
  }

  reference(event: WorkflowEvent, index: number): EventRef {
    return { tick: this.tick.sequence, index, type: event.type, data: event.data };
  }

  publish(event: EventRef): void {
    this.state.published += 1;
    this.commands.push({ kind: "PublishEvent", position: this.state.published, event });
  }

  /** A new work item for a step: started at once if a slot is free, else queued (B2). */
  addWorkItem(stepIndex: number, event: EventRef): void {
    const id = this.state.nextWorkItem;
    this.state.nextWorkItem = id + 1;
    this.enqueue(stepIndex, { id, event, causedBy: this.tick.sequence, since: this.tick.at, invocation: 0 });
  }

  enqueue(stepIndex: number, item: WorkItem): void {
    this.state.pending += 1;
    const step = this.step(stepIndex);
    if (step.queue.length === 0 && this.#hasFreeSlot(stepIndex, step)) this.#start(stepIndex, step, item);
    else step.queue = step.queue.pushBack(item);
  }

  /** A work item that already had its turn goes before those that had none. */
  enqueueFirst(stepIndex: number, item: WorkItem): void {
    this.state.pending += 1;
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
    const workItem: WorkItem = { ...item, invocation: item.invocation + 1 };
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
    return this.state.memos.get(workItem) ?? { step, answers: [], waiters: [], collected: {} };
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

function byStart(a: InProgress, b: InProgress): number {
  return a.order - b.order;
}
