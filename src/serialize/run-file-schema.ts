/** The form of a run file, as data: what reads it, and what `run-file.schema.json` is made from. */
import * as z from "zod/mini";
import { RUN_FILE_FORMAT } from "./encode-run-file.ts";
import { runFileVersions } from "./migrate.ts";
import { contextSchema } from "./serialized-context.ts";
import { errorSchema, parentSchema, savedTickSchema } from "./tick-schema.ts";

const name = z.string();
const names = z.array(name);
const time = z.number();
const count = z.int().check(z.nonnegative());
const role = z.enum(["event", "start", "stop", "inputRequired", "humanResponse"]);

const node = z.discriminatedUnion("kind", [
  z.object({
    id: name,
    kind: z.literal("step"),
    name,
    accepts: names,
    emits: names,
    numWorkers: count,
    hasRetryPolicy: z.boolean(),
    retryPolicy: z.optional(z.string()),
    join: z.optional(z.enum(["all", "list"])),
    catches: z.optional(names),
    runs: z.optional(names),
  }),
  z.object({
    id: name,
    kind: z.literal("event"),
    name,
    role,
    producedBy: names,
    acceptedBy: names,
    extends: z.optional(names),
    schema: z.optional(z.nullable(z.record(name, z.unknown()))),
  }),
  z.object({ id: z.literal("external"), kind: z.literal("external"), name }),
  z.object({ id: name, kind: z.literal("resource"), name }),
]);

const graphSchema = z.object({
  name,
  version: name,
  description: z.optional(z.string()),
  nodes: z.array(node),
  edges: z.array(z.object({ id: name, source: name, target: name, label: z.optional(z.string()) })),
  get children() {
    return z.optional(z.array(graphSchema));
  },
});

/** Loose: what a later version adds passes through. */
const record = z.looseObject({
  runId: name.check(z.minLength(1)),
  workflow: name,
  version: name,
  createdAt: time,
  updatedAt: time,
  status: z.enum(["queued", "running", "idle", "completed", "failed", "cancelled", "timedOut"]),
  sequence: count,
  published: count,
  busy: count,
  queued: count,
  waiting: count,
  waitingFor: names,
  idleSince: z.optional(time),
  dueAt: z.optional(z.nullable(time)),
  shape: z.optional(z.string()),
  error: z.optional(errorSchema),
  parent: z.optional(parentSchema),
  forkedFrom: z.optional(z.object({ runId: name, sequence: count })),
  historyFrom: z.optional(count),
  setAside: z.optional(count),
});

/** Any, not looked into. */
const object = z.custom<object>((value) => typeof value === "object" && value !== null && !Array.isArray(value));

/** All of a file apart from its parts that are read by themselves: its ticks, its first state, its children. */
export const envelopeSchema = z.object({
  run: record,
  graph: graphSchema,
  ticks: z.array(object),
  redacted: z.optional(z.boolean()),
  children: z.optional(z.array(object)),
});

export const runFileSchema = z.object({
  format: z.literal(RUN_FILE_FORMAT),
  version: z.literal(runFileVersions.current),
  tickFormat: z.int().check(z.positive()),
  run: record,
  graph: graphSchema,
  base: z.optional(contextSchema),
  ticks: z.array(savedTickSchema),
  /** Data of its run is hidden in it. */
  redacted: z.optional(z.boolean()),
  get children() {
    return z.optional(z.array(runFileSchema));
  },
});
