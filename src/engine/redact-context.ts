/** A saved state as it may be shown: the base of an exported history that is not whole. */
import type { JsonObject } from "../core/json.ts";
import type { SerializedError } from "../core/serialized-error.ts";
import type { Redaction } from "../inspection/redaction.ts";
import type { RunRecord } from "../ports/journal.ts";
import type { SerializedContext } from "../serialize/serialized-context.ts";
import { decodeValue, encodeValue } from "../serialize/serializer.ts";

type Step = SerializedContext["steps"][string];
type Item = Step["queue"][number];
type Memo = SerializedContext["memos"][number];
type Child = NonNullable<Memo["children"]>[string];

export function redactContext(context: SerializedContext, show: Redaction): SerializedContext {
  if (show.isOpen) return context;
  const error = (saved: SerializedError, step?: string): SerializedError =>
    encodeValue(show.error(decodeValue(saved) as SerializedError, step)) as unknown as SerializedError;
  const event = (type: string, data: unknown): unknown =>
    encodeValue(show.event({ type, data: decodeValue(data) }).data);
  const item = ({ retry, ...rest }: Item, step?: string): Item => ({
    ...rest,
    ...(retry && { retry: { ...retry, lastError: error(retry.lastError, step) } }),
  });
  const child = ({ outcome, ...rest }: Child, step: string): Child => ({
    ...rest,
    ...(outcome?.kind === "completed" && {
      outcome: { ...outcome, result: encodeValue(show.effect(decodeValue(outcome.result), null, step)) },
    }),
    ...(outcome?.kind === "failed" && { outcome: { ...outcome, error: error(outcome.error, step) } }),
  });
  const memo = ({ waiters, effects, children, ...rest }: Memo): Memo => ({
    ...rest,
    waiters: waiters.map(({ requirements, prompt, ...waiter }) => ({
      ...waiter,
      ...(requirements && {
        requirements: encodeValue(
          show.fields(waiter.type, decodeValue(requirements) as JsonObject, rest.step),
        ) as JsonObject,
      }),
      ...(prompt && { prompt: { ...prompt, data: event(prompt.type, prompt.data) } }),
    })),
    ...(effects && {
      effects: mapValues(effects, (value, key) => encodeValue(show.effect(decodeValue(value), key, rest.step))),
    }),
    ...(children && { children: mapValues(children, (each) => child(each, rest.step)) }),
  });
  const { outcome } = context;
  return {
    ...context,
    steps: mapValues(context.steps, ({ lastError, ...step }, name) => ({
      ...step,
      queue: step.queue.map((each) => item(each, name)),
      inProgress: step.inProgress.map((each) => ({ ...each, item: item(each.item, name) })),
      ...(lastError !== undefined && { lastError: show.message(lastError, name) }),
    })),
    delayed: context.delayed.map((each) => ({ ...each, item: item(each.item, each.step) })),
    parked: context.parked.map((each) => ({ ...each, item: item(each.item, each.step) })),
    memos: context.memos.map(memo),
    store: encodeValue(show.state(decodeValue(context.store), [])) as JsonObject,
    ...(outcome?.kind === "failed" && { outcome: { ...outcome, error: error(outcome.error, outcome.step) } }),
    ...(outcome?.kind === "cancelled" &&
      outcome.reason !== undefined && { outcome: { ...outcome, reason: show.text(outcome.reason) } }),
    events: mapValues(context.events, (saved) =>
      "data" in saved ? { ...saved, data: event(saved.type, saved.data) } : saved,
    ),
  };
}

function mapValues<In, Out>(
  object: { readonly [key: string]: In },
  map: (value: In, key: string) => Out,
): Record<string, Out> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value, key)]));
}

/** The record of a run beside its history. */
export function redactRecord(record: RunRecord, show: Redaction): RunRecord {
  const { error } = record;
  if (!error || show.isOpen) return record;
  return { ...record, error: encodeValue(show.error(decodeValue(error) as SerializedError)) as JsonObject };
}
