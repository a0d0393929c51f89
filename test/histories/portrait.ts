/**
 * What a state is like, in words that no format decides: recorded once, and held against the state that later code
 * makes of the same history.
 */
import { createHash } from "node:crypto";
import type { BrokerState } from "tickwork";
import type { RunOutcome } from "../../src/core/broker-state.ts";
import { busySlots } from "../../src/core/slots.ts";
import type { EventRef } from "../../src/core/event-ref.ts";
import type { JsonObject } from "../../src/core/json.ts";
import { encodeValue } from "../../src/serialize/serializer.ts";

const eventOf = ({ tick, index, type, data }: EventRef) => ({ id: `${tick}.${index}`, type, data });

export function portraitOf(state: BrokerState): JsonObject {
  const nameOf = (step: number): string => state.program.steps[step]?.name ?? "?";
  const steps: Record<string, unknown> = {};
  for (const [index, { queue, slots, delayed, waiting, completed, failed, lastError }] of state.steps.entries()) {
    const busy = [...busySlots(slots)].map(([worker, { workItem }]) => [worker, workItem.id, workItem.invocation]);
    const queued = [...queue].map(({ id, event, retry }) => [id, eventOf(event), retry?.failures ?? 0]);
    steps[nameOf(index)] = { queued, busy, delayed, waiting, completed, failed, lastError: lastError ?? null };
  }
  const { outcome } = state;
  const described = {
    runId: state.runId,
    status: state.status,
    sequence: state.sequence,
    at: state.at,
    limit: state.limit,
    steps,
    pending: state.pending,
    timers: [...state.timers.entries()].map(([{ due, id }, { kind }]) => [due, id, kind]),
    waiters: [...state.waiters.byInstance.values()].map(({ step, ...waiter }) => ({ ...waiter, step: nameOf(step) })),
    memos: [...state.memos.entries()].map(([item, { answers, collected, effects }]) => ({
      item,
      answers: answers.map(({ waiterId, event }) => [waiterId, event && eventOf(event)]),
      collected: Object.entries(collected).map(([call, set]) => [call, set && set.map(eventOf)]),
      effects: effects ?? null,
    })),
    gathered: [...state.buffers.values(), ...state.joins.values()].map(({ step, byType }) => [
      nameOf(step),
      Object.entries(byType).map(([type, queue]) => [type, queue.length]),
    ]),
    streams: [...state.streams.values()].map(({ id, producer, alive }) => [id, nameOf(producer), alive]),
    mailbox: state.mailbox.map(eventOf),
    store: state.store,
    published: state.published,
    dropped: state.dropped,
    outcome: outcome ? portraitOfOutcome(outcome) : null,
  };
  return JSON.parse(JSON.stringify(encodeValue(described))) as JsonObject;
}

function portraitOfOutcome(outcome: RunOutcome): unknown {
  if (outcome.kind === "completed") return { kind: outcome.kind, event: eventOf(outcome.event) };
  if (outcome.kind !== "failed") return outcome;
  // What later versions know beside this is left out.
  const { kind, error, step } = outcome;
  return { kind, error, ...(step !== undefined && { step }) };
}

/** The portrait, short. */
export function stampOf(state: BrokerState): string {
  return createHash("sha256")
    .update(inOrder(portraitOf(state)))
    .digest("hex")
    .slice(0, 16);
}

/** JSON whose keys stand in order: the same for equal values. */
function inOrder(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
