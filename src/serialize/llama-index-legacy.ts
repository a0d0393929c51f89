/**
 * The form without a version. Each event stands in the queue of every step, and of every wait; steps leave out what
 * they do not accept. A step that waits is in progress, and asks again when it runs anew.
 */
import type { EventRole, WorkflowEvent } from "../core/event-ref.ts";
import { ContextSerdeError } from "../core/errors.ts";
import { own } from "../core/json.ts";
import type { ImportScope } from "./llama-index-run.ts";
import type { LegacyLlamaIndexContext } from "./llama-index-shapes.ts";
import { instanceOf, parse, shortName, type EventReader, type PythonEvent } from "./llama-index-values.ts";

/** LlamaIndex's own last step. */
const DONE = "_done";

/** Gives the stop event when the run had ended, or was about to. */
export function importLegacy(saved: LegacyLlamaIndexContext, scope: ImportScope): WorkflowEvent | null {
  const { note } = scope.run;
  new LegacyImport(saved, scope).read();
  importBuffers(saved, scope);
  const unread = listOf(saved.streaming_queue ?? "[]", "streaming_queue").length;
  if (unread > 0) note("streaming_queue", `${unread} published events that nobody had read`);
  if (saved.stepwise) note("stepwise", "runs are not taken step by step here");
  const log = saved.broker_log ?? [];
  if (log.length > 0) note("broker_log", `the history of ${log.length} events; it begins anew here`);
  return findStop(saved, scope);
}

class LegacyImport {
  readonly #saved: LegacyLlamaIndexContext;
  readonly #scope: ImportScope;
  /** Events by text: the same one stands in many queues. */
  readonly #read = new Map<string, PythonEvent | null>();
  readonly #accepted: ReadonlySet<string>;
  /** Events for waits, by text: how many were taken. */
  readonly #mail = new Map<string, number>();
  /** Events that a step left out, and that no step accepts: where they stood first. */
  readonly #unwanted = new Map<string, string>();

  constructor(saved: LegacyLlamaIndexContext, scope: ImportScope) {
    this.#saved = saved;
    this.#scope = scope;
    this.#accepted = new Set((saved.accepted_events ?? []).map(([step, event]) => `${step} ${event}`));
  }

  read(): void {
    const { queues, in_progress: inProgress, waiting_ids: waitingIds } = this.#saved;
    const { stepOf, run } = this.#scope;
    for (const name of new Set([...Object.keys(inProgress ?? {}), ...Object.keys(queues ?? {})])) {
      const began = inProgress?.[name] ?? [];
      const queued = listOf(queues?.[name] ?? "[]", `queues.${name}`);
      const step = stepOf(name);
      if (step !== undefined) {
        for (const [index, text] of began.entries()) this.#work(name, step, text, `in_progress.${name}.${index}`);
        for (const [index, text] of queued.entries()) this.#work(name, step, text, `queues.${name}.${index}`);
      } else if (isWait(name, waitingIds ?? [])) {
        this.#waitQueue(name, queued);
      } else if (name !== DONE && began.length + queued.length > 0) {
        run.note(`queues.${name}`, `the workflow has no step ${name}; name ours in "steps"`);
      }
    }
    for (const [index, id] of (waitingIds ?? []).entries()) {
      run.note(`waiting_ids.${index}`, `the wait ${id} is asked for anew, its question published once more`);
    }
    for (const [text, path] of this.#unwanted) {
      if (!this.#mail.has(text)) run.note(path, `no step accepts ${this.#read.get(text)?.type}`);
    }
  }

  #work(name: string, step: number, text: string, path: string): void {
    const { run } = this.#scope;
    const event = this.#event(text, path);
    if (!event) return;
    if (run.accepts(step, event.type)) run.addWork(step, event);
    else if (this.#accepted.has(`${name} ${shortName(event.className)}`)) {
      run.note(path, `step ${run.compiled.program.steps[step]?.name} does not accept ${event.type}`);
    } else if (!this.#hasTaker(event) && !this.#unwanted.has(text)) this.#unwanted.set(text, path);
  }

  /** Events that came before the wait saw them. Waits share them: each is kept as often as one wait had it. */
  #waitQueue(name: string, queued: readonly string[]): void {
    const counts = new Map<string, number>();
    for (const [index, text] of queued.entries()) {
      const event = this.#event(text, `queues.${name}.${index}`);
      if (!event) continue;
      const isAwaited = name.startsWith("waiter_")
        ? name.startsWith(`waiter_${event.className}_`)
        : !this.#hasTaker(event) && own(this.#scope.run.compiled.program.roles, event.type) !== "start";
      if (!isAwaited) continue;
      const count = (counts.get(text) ?? 0) + 1;
      counts.set(text, count);
      if (count <= (this.#mail.get(text) ?? 0)) continue;
      this.#mail.set(text, count);
      this.#scope.run.addMail({ ...event });
    }
  }

  /** A step takes it, or it is for outside. */
  #hasTaker({ type }: WorkflowEvent): boolean {
    const { routes, roles } = this.#scope.run.compiled.program;
    return (own(routes, type)?.length ?? 0) > 0 || own(roles, type) === "stop" || own(roles, type) === "inputRequired";
  }

  #event(text: string, path: string): PythonEvent | null {
    const known = this.#read.get(text);
    if (known !== undefined) return known;
    // Its own step takes the stop event; that it is in all other queues says nothing.
    const event = roleOf(text, this.#scope) === "stop" ? null : this.#scope.events.read(text, path);
    this.#read.set(text, event);
    return event;
  }
}

function isWait(name: string, waitingIds: readonly string[]): boolean {
  return (
    name.startsWith("waiter_") || waitingIds.includes(name) || /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/.test(name)
  );
}

/** A list of texts inside a text. */
function listOf(text: string, path: string): string[] {
  try {
    const list: unknown = JSON.parse(text);
    if (Array.isArray(list) && list.every((item) => typeof item === "string")) return list;
  } catch (cause) {
    throw new ContextSerdeError(`The LlamaIndex context is damaged at ${path}: it is no JSON.`, { cause });
  }
  throw new ContextSerdeError(`The LlamaIndex context is damaged at ${path}: a list of texts was expected.`);
}

/** Buffers bear the name of the step, or of the kinds collected, or their own; the oldest form has but one. */
function importBuffers(saved: LegacyLlamaIndexContext, { run, events, stepOf, bufferOf }: ImportScope): void {
  const { note } = run;
  const buffers = Object.entries(saved.event_buffers ?? {}).map(([id, lists]) => ({
    id,
    lists,
    path: `event_buffers.${id}`,
  }));
  if (saved.events_buffer) buffers.push({ id: "", lists: saved.events_buffer, path: "events_buffer" });
  for (const { id, lists, path } of buffers) {
    const gathered = Object.entries(lists).flatMap(([className, texts]) =>
      texts.flatMap((text, index) => events.read(text, `${path}.${className}.${index}`) ?? []),
    );
    if (gathered.length === 0) continue;
    const named = stepOf(id);
    if (named !== undefined) {
      run.addToBuffer(named, bufferOf(id, named, path), {}, gathered);
      continue;
    }
    const expected = countTypes(id, events);
    const types = [...Object.keys(expected ?? {}), ...gathered.map(({ type }) => type)];
    const takers = run.compiled.program.steps.filter(({ index }) => types.every((type) => run.accepts(index, type)));
    const [taker] = takers;
    if (!taker || takers.length > 1) {
      note(
        path,
        `${gathered.length} gathered events: ${taker ? "several steps accept" : "no step accepts"} all of them`,
      );
      continue;
    }
    const bufferId = expected
      ? Object.keys(expected).toSorted().join("+")
      : id === ""
        ? bufferOf(taker.name, taker.index, path)
        : id;
    run.addToBuffer(taker.index, bufferId, expected ?? {}, gathered);
  }
}

/** `app.Query:app.Page:app.Page` as the types and how many of each; null for another name. */
function countTypes(id: string, events: EventReader): Record<string, number> | null {
  const counts = new Map<string, number>();
  for (const className of id.split(":")) {
    const type = events.typeOf(className);
    if (type === undefined) return null;
    counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  return Object.fromEntries(counts);
}

/** It waits for LlamaIndex's last step, or is what the log ends with after the last start. */
function findStop(saved: LegacyLlamaIndexContext, scope: ImportScope): WorkflowEvent | null {
  const lastOf = (texts: readonly string[], path: string): WorkflowEvent | null => {
    for (let index = texts.length - 1; index >= 0; index--) {
      const text = texts[index] ?? "";
      const role = roleOf(text, scope);
      if (role === "start") return null;
      if (role === "stop") return scope.events.read(text, `${path}.${index}`);
    }
    return null;
  };
  const waiting = [...(saved.in_progress?.[DONE] ?? []), ...listOf(saved.queues?.[DONE] ?? "[]", `queues.${DONE}`)];
  if (saved.is_running) return lastOf(waiting, `queues.${DONE}`);
  return lastOf(saved.broker_log ?? [], "broker_log");
}

/** The role of an event's kind, looked up without reading the event. */
function roleOf(text: string, { run, events }: ImportScope): EventRole | undefined {
  const parsed = parse(text, "", () => undefined);
  const type = events.typeOf(instanceOf(parsed?.value)?.className ?? "");
  return type === undefined ? undefined : own(run.compiled.program.roles, type);
}
