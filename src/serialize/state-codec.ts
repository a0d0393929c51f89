/**
 * Broker state to its saved form; `decode-state.ts` is the way back. In memory a reference points to its payload; here
 * it is an id.
 */
import type { BrokerState, RunOutcome, WorkItem } from "../core/broker-state.ts";
import type { EventRef } from "../core/event-ref.ts";
import type { JsonObject } from "../core/json.ts";
import type { SerializedError } from "../core/serialized-error.ts";
import { busySlots, type Slots } from "../core/slots.ts";
import { CONTEXT_FORMAT, CONTEXT_VERSION } from "./context-format.ts";
import { encodeProgram } from "./encode-program.ts";
import type { SerializedContext } from "./serialized-context.ts";
import { encodeKnown, encodeValue } from "./serializer.ts";

type Saved<Field extends keyof SerializedContext> = SerializedContext[Field];
type SavedMemo = Saved<"memos">[number];
type SavedItem = Saved<"parked">[number]["item"];

/** No payload is left to a journal: the context stands by itself. */
const ALL_INLINE = Number.MAX_SAFE_INTEGER;

/** Payloads of ticks from the sequence `journalFrom` on are left to the journal, which holds those ticks. */
export function encodeState(state: BrokerState, journalFrom = ALL_INLINE): SerializedContext {
  const events: SerializedContext["events"] = {};
  const ref = (event: EventRef): string => {
    const id = `${event.tick}.${event.index}`;
    events[id] ??= {
      type: event.type,
      ...((event.tick < journalFrom || event.index < 0) && { data: encodeKnown(event.data) }),
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
    program: encodeProgram(state.program) as unknown as Saved<"program">,
    runId: state.runId,
    ...(state.parent && { parent: state.parent }),
    ...(state.forkedFrom && { forkedFrom: state.forkedFrom }),
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

function freedIds(slots: Slots<unknown>): number[] {
  const ids: number[] = [];
  for (let freed = slots.freed; freed; freed = freed.next) ids.unshift(freed.workerId);
  return ids;
}

function encodeOutcome(outcome: RunOutcome, ref: (event: EventRef) => string): NonNullable<Saved<"outcome">> {
  if (outcome.kind === "completed") return { kind: "completed", event: ref(outcome.event) };
  if (outcome.kind === "failed") return { ...outcome, error: encodeValue(outcome.error) as unknown as SerializedError };
  if (outcome.kind === "timedOut") return { kind: "timedOut", activeSteps: [...outcome.activeSteps] };
  return outcome;
}
