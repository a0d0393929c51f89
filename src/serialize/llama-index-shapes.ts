/**
 * The forms in which LlamaIndex workflows have written down a context, by the `version` in them:
 *
 *    none  the old `Context.to_dict()`: a queue per step, each event in all of them; also with `globals` for state
 *    1     work by step, in-progress events as texts
 *    2     work by step, in-progress events with their retries; streams
 *
 * Every event is a text that LlamaIndex's serializer made.
 */
import * as z from "zod/mini";
import { ContextSerdeError } from "../core/errors.ts";

/** Tells of something that is not carried over. */
export type Note = (path: string, reason: string) => void;

const NEWEST = 2;

const count = z.number().check(z.nonnegative(), z.int());
const texts = z.array(z.string());
const listsOfTexts = z.record(z.string(), texts);

const attempt = z.looseObject({
  event: z.string(),
  bound_events: z.nullish(z.record(z.string(), z.string())),
  attempts: z.nullish(count),
  first_attempt_at: z.nullish(z.number()),
  last_exception: z.nullish(z.looseObject({ exception_type: z.string(), exception_message: z.string() })),
  last_failed_at: z.nullish(z.number()),
  recovery_counts: z.nullish(z.record(z.string(), count)),
  not_before: z.nullish(z.number()),
  scope_path: z.nullish(texts),
  collection_release_payload: z.nullish(z.unknown()),
  work_item_id: z.nullish(z.string()),
});

const waiter = z.looseObject({
  waiter_id: z.string(),
  event: z.string(),
  waiting_for_event: z.string(),
  bound_events: z.nullish(z.record(z.string(), z.string())),
  /** Early version 1 wrote them; later only the flag is there. */
  requirements: z.nullish(z.record(z.string(), z.unknown())),
  has_requirements: z.nullish(z.boolean()),
  resolved_event: z.nullish(z.string()),
  scope_path: z.nullish(texts),
  collection_release_payload: z.nullish(z.unknown()),
  work_item_id: z.nullish(z.string()),
});

const worker = z.looseObject({
  queue: z.nullish(z.array(attempt)),
  in_progress: z.nullish(z.array(z.union([z.string(), attempt]))),
  collected_events: z.nullish(listsOfTexts),
  static_collect_events: z.nullish(texts),
  collected_waiters: z.nullish(z.array(waiter)),
});

const current = z.looseObject({
  version: count,
  state: z.nullish(z.unknown()),
  is_running: z.nullish(z.boolean()),
  workers: z.nullish(z.record(z.string(), worker)),
  stream_seq: z.nullish(count),
  work_item_seq: z.nullish(count),
  streams: z.nullish(z.record(z.string(), z.unknown())),
  collection_release_states: z.nullish(z.record(z.string(), z.unknown())),
});

const legacy = z.looseObject({
  version: z.nullish(count),
  state: z.nullish(z.unknown()),
  globals: z.nullish(z.record(z.string(), z.unknown())),
  streaming_queue: z.nullish(z.string()),
  queues: z.nullish(z.record(z.string(), z.string())),
  stepwise: z.nullish(z.boolean()),
  event_buffers: z.nullish(z.record(z.string(), listsOfTexts)),
  events_buffer: z.nullish(listsOfTexts),
  in_progress: z.nullish(listsOfTexts),
  accepted_events: z.nullish(z.array(texts)),
  broker_log: z.nullish(texts),
  is_running: z.nullish(z.boolean()),
  waiting_ids: z.nullish(texts),
});

export type LlamaIndexAttempt = z.infer<typeof attempt>;
export type LlamaIndexWorker = z.infer<typeof worker>;
export type LlamaIndexContext = z.infer<typeof current>;
export type LegacyLlamaIndexContext = z.infer<typeof legacy>;

export type LlamaIndexPayload =
  | { readonly form: "current"; readonly saved: LlamaIndexContext }
  | { readonly form: "legacy"; readonly saved: LegacyLlamaIndexContext };

/** Throws `ContextSerdeError` for what is none of these forms, or of a later version. */
export function readLlamaIndexPayload(payload: unknown, note: Note): LlamaIndexPayload {
  const json = asJson(payload, note);
  if (!isRecord(json)) {
    const hint = typeof payload === "string" ? " Parse the text first: JSON.parse(text)." : "";
    throw new ContextSerdeError(`This is no LlamaIndex context: an object was expected.${hint}`);
  }
  if (typeof json["format"] === "string") {
    throw new ContextSerdeError(
      `This is no LlamaIndex context: its "format" is ${JSON.stringify(json["format"].slice(0, 40))}. A saved run of tickwork goes to resume() as it is.`,
    );
  }
  const version = json["version"] ?? 0;
  if (typeof version !== "number" || !Number.isInteger(version) || version < 0) {
    throw new ContextSerdeError(
      `This LlamaIndex context cannot be read: its version is ${JSON.stringify(version).slice(0, 40)}, not a whole number from 0 to ${NEWEST}.`,
    );
  }
  if (version > NEWEST) {
    throw new ContextSerdeError(
      `This LlamaIndex context has version ${version}; this tickwork reads up to ${NEWEST}. Update tickwork to read it.`,
      { code: "CONTEXT_FROM_FUTURE", data: { version, supported: NEWEST } },
    );
  }
  const telling: readonly string[] = version === 0 ? LEGACY_FIELDS : CURRENT_FIELDS;
  if (!telling.some((field) => Object.hasOwn(json, field))) {
    throw new ContextSerdeError(`This is no LlamaIndex context: it has none of the fields ${telling.join(", ")}.`);
  }
  if (version === 0) {
    const saved = checked(legacy, json);
    noteUnknown(legacy, saved, "", note);
    return { form: "legacy", saved };
  }
  const saved = checked(current, json);
  noteUnknown(current, saved, "", note);
  for (const [name, work] of Object.entries(saved.workers ?? {})) {
    const path = `workers.${name}`;
    noteUnknown(worker, work, path, note);
    for (const list of ["queue", "in_progress"] as const) {
      for (const [index, entry] of (work[list] ?? []).entries()) {
        if (typeof entry === "object") noteUnknown(attempt, entry, `${path}.${list}.${index}`, note);
      }
    }
    for (const [index, entry] of (work.collected_waiters ?? []).entries()) {
      noteUnknown(waiter, entry, `${path}.collected_waiters.${index}`, note);
    }
  }
  return { form: "current", saved };
}

/** Any of these says what it is; `state` and `version` alone many things have. */
const LEGACY_FIELDS = ["queues", "in_progress", "is_running", "event_buffers", "events_buffer", "broker_log"];
const CURRENT_FIELDS = ["workers", "is_running"];

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What JSON makes of it: no cycle, no getter, no prototype reaches the rest. */
function asJson(payload: unknown, note: Note): unknown {
  try {
    const text = JSON.stringify(payload);
    return text === undefined
      ? undefined
      : JSON.parse(text, (key, value: unknown) => {
          if (key !== "__proto__") return value;
          note(key, "a field of that name cannot be kept");
          return undefined;
        });
  } catch (cause) {
    throw new ContextSerdeError("This is no LlamaIndex context: it is no JSON value.", { cause });
  }
}

function checked<Schema extends z.ZodMiniType>(schema: Schema, value: unknown): z.infer<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const path = issue?.path.join(".") || "(the whole value)";
  throw new ContextSerdeError(`The LlamaIndex context is damaged at ${path}: ${issue?.message ?? "invalid"}.`, {
    data: { path, issues: result.error.issues.length },
  });
}

function noteUnknown(schema: { readonly shape: object }, value: object, path: string, note: Note): void {
  for (const key of Object.keys(value)) {
    if (!Object.hasOwn(schema.shape, key))
      note(path === "" ? key : `${path}.${key}`, "tickwork does not know this field");
  }
}
