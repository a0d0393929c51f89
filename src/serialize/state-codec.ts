/** Broker state to its saved form and back. In memory a reference points to its payload; here it is an id. */
import {
  hasEnded,
  initialState,
  noBuffers,
  noJoins,
  noStreams,
  noMemos,
  noneParked,
  noTimers,
  noWaiters,
  type BrokerState,
  type CollectBuffer,
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
import type { JsonObject } from "../core/json.ts";
import type { SerializedError } from "../core/serialized-error.ts";
import type { Program } from "../core/program.ts";
import { busySlots, type Slots } from "../core/slots.ts";
import { StepQueue } from "../core/step-queue.ts";
import { addWaiter } from "../core/waiters.ts";
import { CONTEXT_FORMAT, CONTEXT_VERSION, type SerializedContext } from "./serialized-context.ts";
import { toPlainData } from "../workflow/plain-data.ts";
import { decodeValue, encodeKnown, encodeValue } from "./serializer.ts";

type Saved<Field extends keyof SerializedContext> = SerializedContext[Field];
type SavedMemo = Saved<"memos">[number];
type SavedItem = Saved<"parked">[number]["item"];

/** Where payloads go: "inline" makes a context that stands by itself; "journal" leaves them to the journal. */
export type PayloadPlace = "inline" | "journal";

export function encodeState(state: BrokerState, payloads: PayloadPlace): SerializedContext {
  const events: SerializedContext["events"] = {};
  const ref = (event: EventRef): string => {
    const id = `${event.tick}.${event.index}`;
    events[id] ??= {
      type: event.type,
      ...((payloads === "inline" || event.index < 0) && { data: encodeKnown(event.data) }),
    };
    return id;
  };
  const item = ({ event, retry, inputs, ...work }: WorkItem): SavedItem => ({
    ...work,
    event: ref(event),
    ...(inputs && { inputs: inputs.map(ref) }),
    ...(retry && { retry: { ...retry, lastError: encodeValue(retry.lastError) as unknown as SerializedError } }),
  });
  const nameOf = (index: number): string => state.program.steps[index]?.name ?? "";

  const steps: SerializedContext["steps"] = {};
  for (const [index, step] of state.steps.entries()) {
    steps[nameOf(index)] = {
      queue: Array.from(step.queue, item),
      inProgress: Array.from(busySlots(step.slots), ([workerId, entry]) => ({
        workerId,
        item: item(entry.workItem),
        startedAt: entry.startedAt,
        startedBy: entry.startedBy,
        order: entry.order,
      })),
      freed: freedIds(step.slots),
      unused: step.slots.unused,
      completed: step.completed,
      failed: step.failed,
      ...(step.lastError !== undefined && { lastError: step.lastError }),
    };
  }
  const delayed: Saved<"delayed"> = [];
  for (const [key, timer] of state.timers.entries()) {
    if (timer.kind === "retry") delayed.push({ step: nameOf(timer.step), due: key.due, item: item(timer.workItem) });
  }
  return {
    format: CONTEXT_FORMAT,
    version: CONTEXT_VERSION,
    workflow: state.program.workflow,
    workflowVersion: state.program.version,
    runId: state.runId,
    ...(state.parent && { parent: state.parent }),
    status: state.status === "new" ? "queued" : state.status,
    sequence: state.sequence,
    at: state.at,
    createdAt: state.createdAt,
    limit: state.limit,
    steps,
    delayed,
    parked: Array.from(state.parked.values(), ({ step, workItem, since }) => ({
      step: nameOf(step),
      item: item(workItem),
      since,
    })),
    memos: Array.from(state.memos.entries(), ([workItem, memo]) => ({
      step: nameOf(memo.step),
      workItem,
      answers: memo.answers.map(({ waiterId, event }) => ({ waiterId, event: event && ref(event) })),
      waiters: memo.waiters.map(({ step: _step, workItem: _item, subtypes, ...waiter }) => ({
        ...waiter,
        ...(subtypes && { subtypes: [...subtypes] }),
        ...(waiter.requirements && { requirements: encodeValue(waiter.requirements) as JsonObject }),
        ...(waiter.prompt && { prompt: { type: waiter.prompt.type, data: encodeKnown(waiter.prompt.data) } }),
      })),
      collected: Object.fromEntries(
        Object.entries(memo.collected).map(([callId, set]) => [callId, set && set.map(ref)]),
      ),
      ...(memo.effects && { effects: encodeValue(memo.effects) as JsonObject }),
      ...(memo.children && { children: encodeValue(memo.children) as unknown as NonNullable<SavedMemo["children"]> }),
    })),
    buffers: Array.from(state.buffers.values(), (buffer) => ({
      step: nameOf(buffer.step),
      bufferId: buffer.bufferId,
      expected: buffer.expected,
      events: Object.values(buffer.byType).flatMap((queue) => Array.from(queue, ref)),
    })),
    joins: Array.from(state.joins.values(), ({ step, stream, byType }) => ({
      step: nameOf(step),
      stream,
      inputs: Object.values(byType).flatMap((queue) =>
        Array.from(queue, ({ event, ...rest }) => ({ ...rest, event: ref(event) })),
      ),
    })),
    streams: Array.from(state.streams.values(), ({ producer, members, ...stream }) => ({
      ...stream,
      producer: nameOf(producer),
      members: Object.entries(members).map(([step, { events: gathered, released }]) => ({
        step: nameOf(Number(step)),
        events: Array.from(gathered, ref),
        released,
      })),
    })),
    mailbox: state.mailbox.map(ref),
    store: encodeValue(state.store) as JsonObject,
    published: state.published,
    dropped: state.dropped,
    starts: state.starts,
    nextWorkItem: state.nextWorkItem,
    nextWaiter: state.nextWaiter,
    nextStream: state.nextStream,
    ...(state.outcome && { outcome: encodeOutcome(state.outcome, ref) }),
    events,
  };
}

/** Looks up the payload of an event whose data was left to the journal. */
export type PayloadLookup = (tick: number, index: number) => { readonly data: unknown } | undefined;

/** Throws `ContextSerdeError` when parts contradict one another or name a step the workflow does not have. */
export function decodeState(program: Program, saved: SerializedContext, lookup?: PayloadLookup): BrokerState {
  const references = new Map<string, EventRef>();
  const ref = (id: string): EventRef => {
    const known = references.get(id);
    if (known) return known;
    const entry = Object.hasOwn(saved.events, id) ? saved.events[id] : undefined;
    if (!entry) throw new ContextSerdeError(`The saved run is damaged: event ${id} is missing.`);
    const [tick = 0, index = 0] = id.split(".").map(Number);
    const payload =
      "data" in entry ? { data: decodeTagged(entry.data, `the data of event ${id}`) } : lookup?.(tick, index);
    if (!payload) throw new ContextSerdeError(`The saved run is damaged: the data of event ${id} is missing.`);
    const event: EventRef = { tick, index, type: entry.type, data: payload.data };
    references.set(id, event);
    return event;
  };
  const item = ({ event, retry, inputs, lineage, ...rest }: SavedItem): WorkItem => ({
    ...rest,
    event: ref(event),
    ...(retry && { retry: { ...retry, lastError: decodeError(retry.lastError) } }),
    ...(inputs && { inputs: inputs.map(ref) }),
    ...(lineage && { lineage }),
  });
  const stepIndex = (name: string): number => {
    const index = program.indexes[name];
    if (index !== undefined) return index;
    throw new ContextSerdeError(
      `The saved run has work for step ${name}, which workflow ${program.workflow} does not have. Resume it with the version that has this step.`,
      { code: "STEP_MISSING", data: { step: name } },
    );
  };

  const steps = initialState(program).steps.slice();
  let pending = 0;
  for (const [name, step] of Object.entries(saved.steps)) {
    const empty = step.queue.length === 0 && step.inProgress.length === 0;
    if (empty && program.indexes[name] === undefined) continue;
    pending += step.queue.length + step.inProgress.length;
    steps[stepIndex(name)] = {
      queue: StepQueue.of(step.queue.map(item)),
      slots: decodeSlots(step, item),
      delayed: 0,
      waiting: 0,
      completed: step.completed,
      failed: step.failed,
      ...(step.lastError !== undefined && { lastError: step.lastError }),
    };
  }
  const bump = (index: number, field: "delayed" | "waiting"): void => {
    const step = steps[index] as StepState;
    steps[index] = { ...step, [field]: step[field] + 1 };
  };

  let timers = noTimers;
  for (const entry of saved.delayed) {
    const step = stepIndex(entry.step);
    bump(step, "delayed");
    pending += 1;
    timers = timers.set({ due: entry.due, id: entry.item.id }, { kind: "retry", step, workItem: item(entry.item) });
  }
  let parked = noneParked;
  for (const entry of saved.parked) {
    const step = stepIndex(entry.step);
    bump(step, "waiting");
    parked = parked.set(entry.item.id, { step, workItem: item(entry.item), since: entry.since });
  }
  let memos = noMemos;
  let waiters = noWaiters;
  for (const memo of saved.memos) {
    const step = stepIndex(memo.step);
    const own = memo.waiters.map((waiter) => decodeWaiter(waiter, step, memo.workItem));
    for (const waiter of own) {
      waiters = addWaiter(waiters, waiter);
      if (waiter.dueAt !== null) {
        timers = timers.set({ due: waiter.dueAt, id: -waiter.instance }, { kind: "waiter", waiter: waiter.instance });
      }
    }
    memos = memos.set(memo.workItem, {
      step,
      answers: memo.answers.map(({ waiterId, event }) => ({ waiterId, event: event === null ? null : ref(event) })),
      waiters: own,
      collected: Object.fromEntries(
        Object.entries(memo.collected).map(([callId, set]) => [callId, set && set.map(ref)]),
      ),
      ...(memo.effects && { effects: decodeTagged(memo.effects, "a side effect") as JsonObject }),
      ...(memo.children && {
        children: decodeTagged(memo.children, "a child run") as NonNullable<WorkItemMemo["children"]>,
      }),
    });
  }
  let buffers = noBuffers;
  for (const saving of saved.buffers) {
    const step = stepIndex(saving.step);
    const byType: { [type: string]: StepQueue<EventRef> } = Object.create(null);
    for (const event of saving.events.map(ref))
      byType[event.type] = (byType[event.type] ?? StepQueue.empty<EventRef>()).pushBack(event);
    const buffer: CollectBuffer = { step, bufferId: saving.bufferId, expected: saving.expected, byType };
    buffers = buffers.set(`${step}/${saving.bufferId}`, buffer);
  }
  let joins = noJoins;
  for (const saving of saved.joins) {
    const step = stepIndex(saving.step);
    const byType: { [type: string]: StepQueue<JoinInput> } = Object.create(null);
    for (const { event, lineage } of saving.inputs) {
      const input: JoinInput = { event: ref(event), ...(lineage && { lineage }) };
      byType[input.event.type] = (byType[input.event.type] ?? StepQueue.empty<JoinInput>()).pushBack(input);
    }
    joins = joins.set(`${step}/${saving.stream ?? ""}`, { step, stream: saving.stream, byType });
  }
  let streams = noStreams;
  for (const { id, producer, lineage, openedBy, alive, members } of saved.streams) {
    streams = streams.set(id, {
      id,
      producer: stepIndex(producer),
      ...(lineage && { lineage }),
      openedBy,
      alive,
      members: Object.fromEntries(
        members.map(({ step, events, released }) => [
          stepIndex(step),
          { events: StepQueue.of(events.map(ref)), released },
        ]),
      ),
    });
  }
  const state: BrokerState = {
    program,
    runId: saved.runId,
    ...(saved.parent && { parent: saved.parent }),
    status: saved.status,
    sequence: saved.sequence,
    at: saved.at,
    createdAt: saved.createdAt,
    limit: saved.limit,
    steps,
    pending,
    parked,
    memos,
    waiters,
    timers,
    buffers,
    joins,
    streams,
    mailbox: saved.mailbox.map(ref),
    store: decodeStore(saved.store),
    published: saved.published,
    dropped: saved.dropped,
    starts: saved.starts,
    nextWorkItem: saved.nextWorkItem,
    nextWaiter: saved.nextWaiter,
    nextStream: saved.nextStream,
    ...(saved.outcome && { outcome: decodeOutcome(saved.outcome, ref) }),
  };
  checkConsistency(state);
  return state;
}

/** Refuses what no run could have saved. Free slots beside queued work (B2) are what a raised numWorkers leaves. */
function checkConsistency(state: BrokerState): void {
  if (hasEnded(state) !== (state.outcome !== undefined) || (state.outcome && state.outcome.kind !== state.status)) {
    throw new ContextSerdeError(
      `The saved run is damaged: its status is ${state.status}, its outcome ${state.outcome?.kind ?? "missing"}.`,
    );
  }
  const broken = brokenInvariants(state).filter((text) => !text.startsWith("B2"));
  if (broken.length > 0) throw new ContextSerdeError(`The saved run is damaged: ${broken.slice(0, 3).join("; ")}.`);
}

function freedIds(slots: Slots<unknown>): number[] {
  const ids: number[] = [];
  for (let freed = slots.freed; freed; freed = freed.next) ids.unshift(freed.workerId);
  return ids;
}

/** More workers than any step has: a guard against files that would allocate for ever. */
const MOST_WORKERS = 1_000_000;

function decodeSlots(step: Saved<"steps">[string], item: (saved: SavedItem) => WorkItem): StepState["slots"] {
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

function encodeOutcome(outcome: RunOutcome, ref: (event: EventRef) => string): NonNullable<Saved<"outcome">> {
  if (outcome.kind === "completed") return { kind: "completed", event: ref(outcome.event) };
  if (outcome.kind === "failed") return { ...outcome, error: encodeValue(outcome.error) as unknown as SerializedError };
  if (outcome.kind === "timedOut") return { kind: "timedOut", activeSteps: [...outcome.activeSteps] };
  return outcome;
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

/** The state store of a saved run. */
export function decodeStore(saved: unknown): JsonObject {
  const store = decodeTagged(saved, "its store");
  if (typeof store === "object" && store !== null && Object.getPrototypeOf(store) === Object.prototype) {
    return store as JsonObject;
  }
  throw new ContextSerdeError("The saved run is damaged: its store is no object.");
}

function decodeError(saved: SerializedError): SerializedError {
  return decodeTagged(saved, "an error") as SerializedError;
}

function decodeTagged(value: unknown, where: string): unknown {
  try {
    return toPlainData(decodeValue(value));
  } catch (cause) {
    throw new ContextSerdeError(`The saved run is damaged: ${where} cannot be read.`, { cause });
  }
}
