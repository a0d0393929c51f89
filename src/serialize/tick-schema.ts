/** The ticks that a file claims to hold, checked before they are folded. Fields that a later version adds pass. */
import * as z from "zod/mini";
import { programSchema } from "./decode-program.ts";
import type { TickKind } from "../core/tick.ts";

const name = z.string();
const time = z.number();
const count = z.int().check(z.nonnegative());
/** Anything that was written down; its absence is a fault. */
const value = z.unknown().check(z.refine((given) => given !== undefined, "it is missing"));
const store = z.record(name, z.unknown());

export const errorSchema = z.object({
  name,
  message: z.string(),
  code: z.optional(z.string()),
  stack: z.optional(z.string()),
  data: z.optional(store),
  thrown: z.optional(z.unknown()),
  get cause() {
    return z.optional(errorSchema);
  },
});

const event = z.object({ type: name, data: value });
export const parentSchema = z.object({ runId: name, step: name, workItem: count });
const invocation = { step: name, workerId: count, workItem: count, invocation: count };
const path = z.array(z.string());
const change = z.discriminatedUnion("op", [
  z.object({ op: z.literal("set"), path, value }),
  z.object({ op: z.literal("remove"), path }),
]);
const childOutcome = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("completed"), result: value }),
  z.object({ kind: z.literal("failed"), error: errorSchema }),
]);
const stepOutcome = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("returned") }),
  z.object({
    kind: z.literal("failed"),
    error: errorSchema,
    verdict: z.discriminatedUnion("retry", [
      z.object({ retry: z.literal(false) }),
      z.object({ retry: z.literal(true), delay: z.number() }),
    ]),
  }),
  z.object({
    kind: z.literal("waiting"),
    waits: z.array(
      z.object({
        waiterId: name,
        type: name,
        subtypes: z.optional(z.array(name)),
        requirements: z.optional(store),
        prompt: z.optional(event),
        timeout: z.nullable(z.number()),
      }),
    ),
  }),
]);

const fields = {
  StartRun: {
    runId: name,
    workflow: name,
    version: name,
    timeout: z.nullable(z.number()),
    event,
    store,
    parent: z.optional(parentSchema),
    program: z.optional(programSchema),
    queued: z.optional(z.literal(true)),
  },
  AdmitRun: {},
  AddEvent: { event, target: z.optional(name), waiter: z.optional(count) },
  StepResult: {
    ...invocation,
    outcome: stepOutcome,
    outputs: z.array(
      z.object({ mode: z.enum(["send", "return", "element", "stream"]), event, target: z.optional(name) }),
    ),
    list: z.optional(z.literal(true)),
    changes: z.optional(z.array(change)),
    logs: z.optional(z.array(z.object({ at: time, message: z.string(), data: z.optional(z.unknown()) }))),
  },
  CollectEvents: {
    ...invocation,
    bufferId: name,
    callId: name,
    event: z.optional(event),
    expected: z.record(name, count),
  },
  EditState: { step: z.optional(name), workItem: z.optional(count), changes: z.array(change) },
  RecordEffect: { ...invocation, key: name, value },
  StartChild: { ...invocation, key: name, childRunId: name, workflow: name, failures: count },
  EndChild: { step: name, workItem: count, childRunId: name, outcome: childOutcome },
  Wakeup: { due: time },
  WaiterTimeout: { waiter: count },
  Timeout: {},
  CancelRun: { reason: z.optional(z.string()) },
  ResumeRun: {
    program: z.optional(programSchema),
    migration: z.optional(
      z.object({
        steps: z.optional(z.record(name, name)),
        types: z.optional(z.record(name, name)),
        events: z.optional(z.array(z.object({ tick: count, index: z.int(), event }))),
        store: z.optional(store),
      }),
    ),
    timeout: z.optional(z.nullable(z.number())),
    loadedUntil: z.optional(time),
    queued: z.optional(z.literal(true)),
  },
  IdleCheck: {},
  FailRun: { error: errorSchema },
} satisfies { [Kind in TickKind]: object };

const tickOf = <Kind extends TickKind>(kind: Kind) =>
  z.object({
    kind: z.literal(kind),
    sequence: z.int().check(z.positive()),
    at: time,
    causedBy: z.union([count, z.literal("external")]),
    ...fields[kind],
  });

const kinds = Object.keys(fields) as [TickKind, ...TickKind[]];
const [first, ...others] = kinds.map(tickOf);

/** A tick in memory. */
export const tickSchema = z.discriminatedUnion("kind", [first as NonNullable<typeof first>, ...others]);

/** A tick as it stands in a file: one that holds more than JSON is tagged as a whole. */
export const savedTickSchema = z.union([
  tickSchema,
  z.object({ tagged: z.literal(true), tick: z.record(name, z.unknown()) }),
]);
