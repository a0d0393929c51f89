/** The saved form of a run: versioned plain JSON. Names here are written into users' storage. */
import * as z from "zod/mini";
import { ContextSerdeError } from "../core/errors.ts";
import type { SerializedError } from "../core/serialized-error.ts";
import { CONTEXT_FORMAT, CONTEXT_VERSION, upToDate } from "./context-format.ts";
import { programSchema } from "./decode-program.ts";

const count = z.number().check(z.nonnegative(), z.int());
const time = z.number();
/** "12.0": the event at index 0 of tick 12. */
const eventId = z.string().check(z.regex(/^\d{1,15}\.-?\d{1,9}$/));
const json = z.record(z.string(), z.unknown());
const error = z.custom<SerializedError>(
  (value) =>
    typeof value === "object" && value !== null && typeof value.message === "string" && typeof value.name === "string",
);

const lineage = z.object({ stream: z.nullable(count), recoveries: z.record(z.string(), count) });

const workItem = z.object({
  id: count,
  event: eventId,
  causedBy: count,
  since: time,
  invocation: count,
  inputs: z.optional(z.array(eventId)),
  lineage: z.optional(lineage),
  retry: z.optional(z.object({ failures: count, firstAttemptAt: time, lastError: error, lastFailedAt: time })),
});

const step = z.object({
  queue: z.array(workItem),
  inProgress: z.array(z.object({ workerId: count, item: workItem, startedAt: time, startedBy: count, order: count })),
  /** Worker ids free for use, the next one last, and the first never used. */
  freed: z.array(count),
  unused: count,
  completed: count,
  failed: count,
  lastError: z.optional(z.string()),
});

const waiter = z.object({
  instance: count,
  waiterId: z.string(),
  type: z.string(),
  subtypes: z.optional(z.array(z.string())),
  requirements: z.optional(json),
  prompt: z.optional(z.object({ type: z.string(), data: z.unknown() })),
  askedAt: time,
  dueAt: z.nullable(time),
});

const outcome = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("completed"), event: eventId }),
  z.object({
    kind: z.literal("failed"),
    error,
    step: z.optional(z.string()),
    attempts: z.optional(count),
    elapsed: z.optional(time),
  }),
  z.object({ kind: z.literal("cancelled"), reason: z.optional(z.string()) }),
  z.object({ kind: z.literal("timedOut"), activeSteps: z.array(z.string()) }),
]);

const childRun = z.object({
  runId: z.string(),
  workflow: z.string(),
  startedBy: count,
  failures: count,
  outcome: z.optional(
    z.discriminatedUnion("kind", [
      z.object({ kind: z.literal("completed"), result: z.unknown() }),
      z.object({ kind: z.literal("failed"), error }),
    ]),
  ),
});

export const contextSchema = z.object({
  format: z.literal(CONTEXT_FORMAT),
  version: z.literal(CONTEXT_VERSION),
  workflow: z.string(),
  workflowVersion: z.string(),
  /** What the run was folded with; null: saved when that was not written down. */
  program: z.nullable(programSchema),
  runId: z.string(),
  /** The run it is a part of. */
  parent: z.optional(z.object({ runId: z.string(), step: z.string(), workItem: count })),
  /** The run, and its tick, that this one began from. */
  forkedFrom: z.optional(z.object({ runId: z.string(), sequence: count })),
  status: z.enum(["queued", "running", "completed", "failed", "cancelled", "timedOut"]),
  sequence: count,
  at: time,
  createdAt: time,
  limit: z.object({ timeout: z.nullable(z.number()), used: z.number(), loadedAt: time }),
  steps: z.record(z.string(), step),
  delayed: z.array(z.object({ step: z.string(), due: time, item: workItem })),
  parked: z.array(z.object({ step: z.string(), item: workItem, since: time })),
  memos: z.array(
    z.object({
      step: z.string(),
      workItem: count,
      answers: z.array(z.object({ waiterId: z.string(), event: z.nullable(eventId) })),
      waiters: z.array(waiter),
      collected: z.record(z.string(), z.nullable(z.array(eventId))),
      effects: z.optional(json),
      children: z.optional(z.record(z.string(), childRun)),
    }),
  ),
  buffers: z.array(
    z.object({
      step: z.string(),
      bufferId: z.string(),
      expected: z.record(z.string(), count),
      events: z.array(eventId),
    }),
  ),
  joins: z.array(
    z.object({
      step: z.string(),
      stream: z.nullable(count),
      inputs: z.array(z.object({ event: eventId, lineage: z.optional(lineage) })),
    }),
  ),
  streams: z.array(
    z.object({
      id: count,
      producer: z.string(),
      lineage: z.optional(lineage),
      openedBy: count,
      alive: count,
      members: z.array(z.object({ step: z.string(), events: z.array(eventId), released: z.boolean() })),
    }),
  ),
  mailbox: z.array(eventId),
  store: json,
  published: count,
  dropped: count,
  starts: count,
  nextWorkItem: count,
  nextWaiter: count,
  nextStream: count,
  outcome: z.optional(outcome),
  /** The runs its steps have started and that go on, each saved like this one. */
  children: z.optional(z.array(json)),
  /** Each event once. Without `data`, its payload stands in the journal. */
  events: z.record(eventId, z.object({ type: z.string(), data: z.optional(z.unknown()) })),
});

/** What `handler.snapshot()` gives and `resume` takes. */
export type SerializedContext = z.infer<typeof contextSchema>;

/**
 * Checks something that claims to be a saved run, of this or an earlier version. Throws `ContextSerdeError` saying what
 * is wrong and where.
 */
export function parseContext(value: unknown): SerializedContext {
  const result = contextSchema.safeParse(upToDate(value));
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const path = issue?.path.join(".") || "(the whole value)";
  throw new ContextSerdeError(`The saved run is damaged at ${path}: ${issue?.message ?? "invalid"}.`, {
    data: { path, issues: result.error.issues.length },
  });
}
