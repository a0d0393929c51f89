/**
 * A run's state in the words of newer code: steps and event types under their new names, events with new data. What was
 * decided stands in the tick (`Migration`); here it is only done.
 */
import type {
  BrokerState,
  CollectBuffer,
  JoinBuffer,
  StepState,
  Waiter,
  WorkItem,
  WorkItemMemo,
} from "./broker-state.ts";
import { noBuffers, noJoins, noWaiters } from "./broker-state.ts";
import type { EventRef } from "./event-ref.ts";
import { own } from "./json.ts";
import type { Program, StepPlan } from "./program.ts";
import { byText, type SortedMap } from "./sorted-map.ts";
import { StepQueue } from "./step-queue.ts";
import type { Migration } from "./tick.ts";
import { addWaiter } from "./waiters.ts";

/** `sequence`: of the tick that holds the migration, where the new events stand. */
export function migrateState(state: BrokerState, migration: Migration, sequence: number): BrokerState {
  const rewritten = new Map(
    migration.events?.map(({ tick, index, event }, place) => [
      `${tick}.${index}`,
      { tick: sequence, index: place, type: event.type, data: event.data },
    ]),
  );
  const nameOf = (name: string): string => own(migration.steps, name) ?? name;
  const typeOf = (type: string): string => own(migration.types, type) ?? type;
  const eventOf = (ref: EventRef): EventRef =>
    rewritten.get(`${ref.tick}.${ref.index}`) ?? { ...ref, type: typeOf(ref.type) };
  const mapped = mapEvents(state, eventOf, typeOf);
  return { ...mapped, program: renameProgram(state.program, nameOf, typeOf), store: migration.store ?? state.store };
}

/** Every event that the run may still hand to a step, once each. */
export function pendingEvents(state: BrokerState): EventRef[] {
  const events = new Map<string, EventRef>();
  mapEvents(
    state,
    (ref) => {
      // What ends a run, and what stands for a set or a failure, has no payload of its own.
      if (ref.index >= 0) events.set(`${ref.tick}.${ref.index}`, ref);
      return ref;
    },
    (type) => type,
  );
  return [...events.values()];
}

type MapEvent = (ref: EventRef) => EventRef;
type MapName = (name: string) => string;

function mapEvents(state: BrokerState, eventOf: MapEvent, typeOf: MapName): BrokerState {
  const item = ({ event, inputs, ...rest }: WorkItem): WorkItem => ({
    ...rest,
    event: eventOf(event),
    ...(inputs && { inputs: inputs.map(eventOf) }),
  });
  const memos = mapValues(state.memos, (memo) => mapMemo(memo, eventOf, typeOf));
  let waiters = noWaiters;
  for (const memo of memos.values()) for (const waiter of memo.waiters) waiters = addWaiter(waiters, waiter);
  let buffers = noBuffers;
  for (const buffer of state.buffers.values()) {
    const moved = mapBuffer(buffer, eventOf, typeOf);
    buffers = buffers.set(`${moved.step}/${moved.bufferId}`, moved);
  }
  let joins = noJoins;
  for (const [key, join] of state.joins.entries()) joins = joins.set(key, mapJoin(join, eventOf));
  return {
    ...state,
    steps: state.steps.map((step) => mapStep(step, item)),
    timers: mapValues(state.timers, (timer) =>
      timer.kind === "retry" ? { ...timer, workItem: item(timer.workItem) } : timer,
    ),
    parked: mapValues(state.parked, (parked) => ({ ...parked, workItem: item(parked.workItem) })),
    memos,
    waiters,
    buffers,
    joins,
    streams: mapValues(state.streams, (stream) => ({
      ...stream,
      members: Object.fromEntries(
        Object.entries(stream.members).map(([join, { events, released }]) => [
          join,
          { events: StepQueue.of(Array.from(events, eventOf)), released },
        ]),
      ),
    })),
    mailbox: state.mailbox.map(eventOf),
  };
}

function mapValues<K, V>(map: SortedMap<K, V>, change: (value: V) => V): SortedMap<K, V> {
  let changed = map;
  for (const [key, value] of map.entries()) changed = changed.set(key, change(value));
  return changed;
}

function mapStep(step: StepState, item: (item: WorkItem) => WorkItem): StepState {
  const chunks = step.slots.chunks.map((chunk) =>
    chunk.map((entry) => entry && { ...entry, workItem: item(entry.workItem) }),
  );
  return { ...step, queue: StepQueue.of(Array.from(step.queue, item)), slots: { ...step.slots, chunks } };
}

function mapMemo(memo: WorkItemMemo, eventOf: MapEvent, typeOf: MapName): WorkItemMemo {
  return {
    ...memo,
    answers: memo.answers.map(({ waiterId, event }) => ({
      waiterId: callOf(waiterId, typeOf),
      event: event && eventOf(event),
    })),
    waiters: memo.waiters.map(({ waiterId, type, subtypes, prompt, ...waiter }): Waiter => ({
      ...waiter,
      waiterId: callOf(waiterId, typeOf),
      type: typeOf(type),
      ...(subtypes && { subtypes: subtypes.map(typeOf) }),
      ...(prompt && { prompt: { ...prompt, type: typeOf(prompt.type) } }),
    })),
    collected: Object.fromEntries(
      Object.entries(memo.collected).map(([callId, set]) => [callOf(callId, typeOf), set && set.map(eventOf)]),
    ),
  };
}

/** Calls that were given no name have one of their event types and a number: "A+B#0". */
function callOf(name: string, typeOf: MapName): string {
  const [, types, number] = /^(.*)#(\d+)$/.exec(name) ?? [];
  return types === undefined ? name : `${typesOf(types, typeOf)}#${number}`;
}

function typesOf(name: string, typeOf: MapName): string {
  const types = name.split("+");
  const renamed = types.map(typeOf);
  return types.every((type, index) => type === renamed[index]) ? name : renamed.toSorted(byText).join("+");
}

function mapBuffer(
  { bufferId, expected, byType, ...buffer }: CollectBuffer,
  eventOf: MapEvent,
  typeOf: MapName,
): CollectBuffer {
  const wanted: { [type: string]: number } = Object.create(null);
  for (const [type, count] of Object.entries(expected)) {
    wanted[typeOf(type)] = (wanted[typeOf(type)] ?? 0) + count;
  }
  const gathered = Object.values(byType).flatMap((queue) => Array.from(queue, eventOf));
  return {
    ...buffer,
    bufferId: typesOf(bufferId, typeOf),
    expected: wanted,
    byType: queues(gathered, ({ type }) => type),
  };
}

function mapJoin({ byType, ...join }: JoinBuffer, eventOf: MapEvent): JoinBuffer {
  const inputs = Object.values(byType).flatMap((queue) =>
    Array.from(queue, ({ event, ...rest }) => ({ ...rest, event: eventOf(event) })),
  );
  return { ...join, byType: queues(inputs, ({ event }) => event.type) };
}

/** By type, in their order. */
function queues<T>(items: readonly T[], typeOf: (item: T) => string): { [type: string]: StepQueue<T> } {
  const byType: { [type: string]: StepQueue<T> } = Object.create(null);
  for (const item of items) byType[typeOf(item)] = (byType[typeOf(item)] ?? StepQueue.empty<T>()).pushBack(item);
  return byType;
}

function renameProgram(program: Program, nameOf: MapName, typeOf: MapName): Program {
  const steps = program.steps.map((plan): StepPlan => {
    const { join, catches } = plan;
    return {
      ...plan,
      name: nameOf(plan.name),
      accepts: plan.accepts.map(typeOf),
      emits: plan.emits.map(typeOf),
      ...(plan.lists && { lists: plan.lists.map(typeOf) }),
      ...(join?.mode === "all" && { join: { ...join, slots: join.slots.map((types) => types.map(typeOf)) } }),
      ...(catches && { catches: { ...catches, forSteps: catches.forSteps?.map(nameOf) ?? null } }),
      ...(plan.orphanOf !== undefined && { orphanOf: nameOf(plan.orphanOf) }),
    };
  });
  const rename = <T>(table: { readonly [key: string]: T }, name: MapName): { [key: string]: T } =>
    Object.assign(
      Object.create(null),
      Object.fromEntries(Object.entries(table).map(([key, value]) => [name(key), value])),
    );
  return {
    ...program,
    steps,
    indexes: rename(program.indexes, nameOf),
    routes: rename(program.routes, typeOf),
    roles: rename(program.roles, typeOf),
  };
}
