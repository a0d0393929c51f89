/** A saved run back to its broker state: the inverse of `state-codec.ts`. */
import {
  emptyStep,
  hasEnded,
  noBuffers,
  noJoins,
  noMemos,
  noneParked,
  noStreams,
  noTimers,
  noWaiters,
  type BrokerState,
  type JoinInput,
  type RunOutcome,
  type StepState,
  type Waiter,
  type WorkItem,
  type WorkItemMemo,
} from "../core/broker-state.ts";
import { ContextSerdeError } from "../core/errors.ts";
import type { EventRef } from "../core/event-ref.ts";
import { brokenInvariants } from "../core/invariants.ts";
import { own, type JsonObject } from "../core/json.ts";
import type { Program } from "../core/program.ts";
import type { SerializedError } from "../core/serialized-error.ts";
import { busySlots } from "../core/slots.ts";
import { StepQueue } from "../core/step-queue.ts";
import { addWaiter } from "../core/waiters.ts";
import { assumeProgram } from "./assume-program.ts";
import { decodeStore, decodeTagged } from "./decode-tagged.ts";
import { decodeProgram } from "./decode-program.ts";
import type { SerializedContext } from "./serialized-context.ts";

type Saved<Field extends keyof SerializedContext> = SerializedContext[Field];
type SavedItem = Saved<"parked">[number]["item"];

/** Looks up the payload of an event whose data was left to the journal. */
export type PayloadLookup = (tick: number, index: number) => { readonly data: unknown } | undefined;

/**
 * The state, with the definition it was saved with. A run that was saved without one gets the one at hand, with plans
 * for the steps that this does not have. Throws `ContextSerdeError` when parts contradict one another.
 */
export function decodeState(atHand: Program, saved: SerializedContext, lookup?: PayloadLookup): BrokerState {
  const program = saved.program === null ? assumeProgram(atHand, saved) : decodeProgram(saved.program);
  const state = new StateDecoder(program, saved, lookup).decode();
  checkConsistency(state);
  return state;
}

class StateDecoder {
  readonly #program: Program;
  readonly #saved: SerializedContext;
  readonly #lookup: PayloadLookup | undefined;
  readonly #references = new Map<string, EventRef>();
  readonly #steps: StepState[];
  #pending = 0;
  #timers = noTimers;
  #waiters = noWaiters;

  constructor(program: Program, saved: SerializedContext, lookup: PayloadLookup | undefined) {
    this.#program = program;
    this.#saved = saved;
    this.#lookup = lookup;
    this.#steps = program.steps.map(() => emptyStep);
  }

  decode(): BrokerState {
    const { outcome, mailbox, store, ...saved } = this.#saved;
    this.#decodeSteps();
    this.#decodeDelayed();
    return {
      program: this.#program,
      runId: saved.runId,
      ...(saved.parent && { parent: saved.parent }),
      ...(saved.forkedFrom && { forkedFrom: saved.forkedFrom }),
      status: saved.status,
      sequence: saved.sequence,
      at: saved.at,
      createdAt: saved.createdAt,
      limit: saved.limit,
      parked: this.#parked(),
      memos: this.#memos(),
      // What follows was filled by those above.
      steps: this.#steps,
      pending: this.#pending,
      waiters: this.#waiters,
      timers: this.#timers,
      buffers: this.#buffers(),
      joins: this.#joins(),
      streams: this.#streams(),
      mailbox: mailbox.map(this.#ref),
      store: decodeStore(store),
      published: saved.published,
      dropped: saved.dropped,
      starts: saved.starts,
      nextWorkItem: saved.nextWorkItem,
      nextWaiter: saved.nextWaiter,
      nextStream: saved.nextStream,
      ...(outcome && { outcome: decodeOutcome(outcome, this.#ref) }),
    };
  }

  readonly #ref = (id: string): EventRef => {
    const known = this.#references.get(id);
    if (known) return known;
    const entry = own(this.#saved.events, id);
    if (!entry) throw new ContextSerdeError(`The saved run is damaged: event ${id} is missing.`);
    const [tick = 0, index = 0] = id.split(".").map(Number);
    if (tick > this.#saved.sequence) throw new ContextSerdeError(`The saved run is damaged: event ${id} is to come.`);
    const payload =
      "data" in entry ? { data: decodeTagged(entry.data, `the data of event ${id}`) } : this.#lookup?.(tick, index);
    if (!payload) throw new ContextSerdeError(`The saved run is damaged: the data of event ${id} is missing.`);
    const event: EventRef = { tick, index, type: entry.type, data: payload.data };
    this.#references.set(id, event);
    return event;
  };

  readonly #item = ({ event, retry, inputs, lineage, ...rest }: SavedItem): WorkItem => ({
    ...rest,
    event: this.#ref(event),
    ...(retry && { retry: { ...retry, lastError: decodeError(retry.lastError) } }),
    ...(inputs && { inputs: inputs.map(this.#ref) }),
    ...(lineage && { lineage }),
  });

  #index(name: string): number {
    const index = own(this.#program.indexes, name);
    if (index !== undefined) return index;
    throw new ContextSerdeError(`The saved run is damaged: it has work for step ${name}, which it does not know.`);
  }

  #isSetAside(step: number): boolean {
    return this.#program.steps[step]?.orphanOf !== undefined;
  }

  #bump(index: number, field: "delayed" | "waiting"): void {
    const step = this.#steps[index] as StepState;
    this.#steps[index] = { ...step, [field]: step[field] + 1 };
  }

  #decodeSteps(): void {
    for (const [name, step] of Object.entries(this.#saved.steps)) {
      // Of a run that was saved without its definition: gone, and nothing to do.
      if (this.#program.assumed && !Object.hasOwn(this.#program.indexes, name)) continue;
      const index = this.#index(name);
      if (!this.#isSetAside(index)) this.#pending += step.queue.length + step.inProgress.length;
      this.#steps[index] = {
        queue: StepQueue.of(step.queue.map(this.#item)),
        slots: decodeSlots(step, this.#item),
        delayed: 0,
        waiting: 0,
        completed: step.completed,
        failed: step.failed,
        ...(step.lastError !== undefined && { lastError: step.lastError }),
      };
    }
  }

  #decodeDelayed(): void {
    for (const entry of this.#saved.delayed) {
      const step = this.#index(entry.step);
      this.#bump(step, "delayed");
      if (!this.#isSetAside(step)) this.#pending += 1;
      const key = { due: entry.due, id: entry.item.id };
      this.#timers = this.#timers.set(key, { kind: "retry", step, workItem: this.#item(entry.item) });
    }
  }

  #parked(): BrokerState["parked"] {
    let parked = noneParked;
    for (const entry of this.#saved.parked) {
      const step = this.#index(entry.step);
      this.#bump(step, "waiting");
      parked = parked.set(entry.item.id, { step, workItem: this.#item(entry.item), since: entry.since });
    }
    return parked;
  }

  #memos(): BrokerState["memos"] {
    let memos = noMemos;
    for (const memo of this.#saved.memos) {
      const step = this.#index(memo.step);
      const waiters = memo.waiters.map((waiter) => decodeWaiter(waiter, step, memo.workItem));
      for (const waiter of waiters) this.#register(waiter);
      memos = memos.set(memo.workItem, {
        step,
        answers: memo.answers.map(({ waiterId, event }) => ({
          waiterId,
          event: event === null ? null : this.#ref(event),
        })),
        waiters,
        collected: Object.fromEntries(
          Object.entries(memo.collected).map(([callId, set]) => [callId, set && set.map(this.#ref)]),
        ),
        ...(memo.effects && { effects: decodeTagged(memo.effects, "a side effect") as JsonObject }),
        ...(memo.children && {
          children: decodeTagged(memo.children, "a child run") as NonNullable<WorkItemMemo["children"]>,
        }),
      });
    }
    return memos;
  }

  #register(waiter: Waiter): void {
    const { instance, dueAt } = waiter;
    this.#waiters = addWaiter(this.#waiters, waiter);
    if (dueAt !== null) {
      this.#timers = this.#timers.set({ due: dueAt, id: -instance }, { kind: "waiter", waiter: instance });
    }
  }

  #buffers(): BrokerState["buffers"] {
    let buffers = noBuffers;
    for (const { step: name, bufferId, expected, events } of this.#saved.buffers) {
      const step = this.#index(name);
      const byType = queues(events.map(this.#ref), ({ type }) => type);
      buffers = buffers.set(`${step}/${bufferId}`, { step, bufferId, expected, byType });
    }
    return buffers;
  }

  #joins(): BrokerState["joins"] {
    let joins = noJoins;
    for (const { step: name, stream, inputs } of this.#saved.joins) {
      const step = this.#index(name);
      const decoded = inputs.map(({ event, lineage }): JoinInput => ({
        event: this.#ref(event),
        ...(lineage && { lineage }),
      }));
      const byType = queues(decoded, ({ event }) => event.type);
      joins = joins.set(`${step}/${stream ?? ""}`, { step, stream, byType });
    }
    return joins;
  }

  #streams(): BrokerState["streams"] {
    let streams = noStreams;
    for (const { id, producer, lineage, openedBy, alive, members } of this.#saved.streams) {
      streams = streams.set(id, {
        id,
        producer: this.#index(producer),
        ...(lineage && { lineage }),
        openedBy,
        alive,
        members: Object.fromEntries(
          members.map(({ step, events, released }) => [
            this.#index(step),
            { events: StepQueue.of(events.map(this.#ref)), released },
          ]),
        ),
      });
    }
    return streams;
  }
}

/** Refuses what no run could have saved. Free slots beside queued work (B2) are what a raised numWorkers leaves. */
function checkConsistency(state: BrokerState): void {
  if (hasEnded(state) !== (state.outcome !== undefined) || (state.outcome && state.outcome.kind !== state.status)) {
    throw new ContextSerdeError(
      `The saved run is damaged: its status is ${state.status}, its outcome ${state.outcome?.kind ?? "missing"}.`,
    );
  }
  checkNumbers(state);
  const broken = brokenInvariants(state).filter((text) => !text.startsWith("B2"));
  if (broken.length > 0) throw new ContextSerdeError(`The saved run is damaged: ${broken.slice(0, 3).join("; ")}.`);
}

/** What is given a number gets the next one, so that of two things the one made earlier has the smaller. */
function checkNumbers({ memos, parked, steps, streams, timers, waiters, ...state }: BrokerState): void {
  const damaged = (what: string): ContextSerdeError =>
    new ContextSerdeError(`The saved run is damaged: the number of ${what} is not one that it gave.`);
  const workItems = [
    ...Array.from(parked.entries(), ([id]) => id),
    ...Array.from(memos.entries(), ([id]) => id),
    ...steps.flatMap(({ queue, slots }) => [
      ...Array.from(queue, ({ id }) => id),
      ...Array.from(busySlots(slots), ([, { workItem }]) => workItem.id),
    ]),
    ...Array.from(timers.values(), (timer) => (timer.kind === "retry" ? timer.workItem.id : 0)),
  ];
  if (workItems.some((id) => id >= state.nextWorkItem)) throw damaged("a work item");
  for (const { instance } of waiters.byInstance.values()) if (instance >= state.nextWaiter) throw damaged("a wait");
  for (const { id, lineage } of streams.values()) {
    if (id >= state.nextStream || (lineage?.stream ?? 0) >= id) throw damaged("a list");
  }
}

/** Events by type, in their order. */
function queues<T>(items: readonly T[], typeOf: (item: T) => string): { [type: string]: StepQueue<T> } {
  const byType: { [type: string]: StepQueue<T> } = Object.create(null);
  for (const item of items) byType[typeOf(item)] = (byType[typeOf(item)] ?? StepQueue.empty<T>()).pushBack(item);
  return byType;
}

/** More workers than any step has: a guard against files that would allocate for ever. */
const MOST_WORKERS = 1_000_000;

function decodeSlots(step: Saved<"steps">[string], item: (saved: SavedItem) => WorkItem): StepState["slots"] {
  const ids = [...step.freed, ...step.inProgress.map(({ workerId }) => workerId)];
  if (new Set(ids).size < ids.length || step.freed.some((workerId) => workerId >= step.unused)) {
    throw new ContextSerdeError("The saved run is damaged: a worker is free and at work, or free twice.");
  }
  const chunks: (StepState["slots"]["chunks"][number][number] | undefined)[][] = [];
  for (const { workerId, item: saved, ...facts } of step.inProgress) {
    if (workerId >= step.unused || step.unused > MOST_WORKERS) {
      throw new ContextSerdeError(`The saved run is damaged: no step has a worker ${workerId}.`);
    }
    const chunk = (chunks[Math.floor(workerId / 64)] ??= []);
    chunk[workerId % 64] = { workItem: item(saved), ...facts };
  }
  let freed: StepState["slots"]["freed"] = null;
  for (const workerId of step.freed) freed = { workerId, next: freed };
  return {
    busy: step.inProgress.length,
    chunks: Array.from(chunks, (chunk) => chunk ?? []),
    freed,
    unused: step.unused,
  };
}

function decodeWaiter(saved: Saved<"memos">[number]["waiters"][number], step: number, workItem: number): Waiter {
  const { subtypes, requirements, prompt, ...rest } = saved;
  return {
    ...rest,
    step,
    workItem,
    ...(subtypes && { subtypes }),
    ...(requirements && { requirements: decodeTagged(requirements, "requirements") as JsonObject }),
    ...(prompt && { prompt: { type: prompt.type, data: decodeTagged(prompt.data, "prompt") } }),
  };
}

function decodeOutcome(saved: NonNullable<Saved<"outcome">>, ref: (id: string) => EventRef): RunOutcome {
  switch (saved.kind) {
    case "completed":
      return { kind: "completed", event: ref(saved.event) };
    case "failed": {
      const { step, attempts, elapsed } = saved;
      return {
        kind: "failed",
        error: decodeError(saved.error),
        ...(step !== undefined && { step }),
        ...(attempts !== undefined && { attempts }),
        ...(elapsed !== undefined && { elapsed }),
      };
    }
    case "cancelled":
      return { kind: "cancelled", ...(saved.reason !== undefined && { reason: saved.reason }) };
    case "timedOut":
      return saved;
  }
}

function decodeError(saved: SerializedError): SerializedError {
  return decodeTagged(saved, "an error") as SerializedError;
}
