/** Versions 1 and 2: work by step, each event with its retries; waits and gathered events beside it. */
import type { WorkflowEvent } from "../core/event-ref.ts";
import type { ImportScope, Work } from "./llama-index-run.ts";
import type { LlamaIndexAttempt, LlamaIndexContext, LlamaIndexWorker } from "./llama-index-shapes.ts";
import { toError, toMilliseconds, toPlain } from "./llama-index-values.ts";

type SavedWaiter = NonNullable<LlamaIndexWorker["collected_waiters"]>[number];

export function importWorkers(saved: LlamaIndexContext, scope: ImportScope): void {
  const { note } = scope.run;
  for (const [name, worker] of Object.entries(saved.workers ?? {})) {
    const path = `workers.${name}`;
    const step = scope.stepOf(name);
    if (step !== undefined) new WorkerImport(scope, name, step, path).read(worker);
    else if (holdsSomething(worker)) note(path, `the workflow has no step ${name}; name ours in "steps"`);
  }
  for (const list of ["streams", "collection_release_states"] as const) {
    for (const id of Object.keys(saved[list] ?? {})) {
      note(`${list}.${id}`, "open streams are not carried over; their events go on by themselves");
    }
  }
}

function holdsSomething(worker: LlamaIndexWorker): boolean {
  return Object.values(worker).some(
    (list) => typeof list === "object" && list !== null && Object.keys(list).length > 0,
  );
}

/** One step's share. */
class WorkerImport {
  readonly #scope: ImportScope;
  readonly #name: string;
  readonly #step: number;
  readonly #path: string;
  /** By LlamaIndex's id of the work item, or by the event's text where there is none. */
  readonly #known = new Map<string, Work>();

  constructor(scope: ImportScope, name: string, step: number, path: string) {
    this.#scope = scope;
    this.#name = name;
    this.#step = step;
    this.#path = path;
  }

  read(worker: LlamaIndexWorker): void {
    for (const list of ["in_progress", "queue"] as const) {
      for (const [index, entry] of (worker[list] ?? []).entries()) {
        this.#attempt(typeof entry === "string" ? { event: entry } : entry, `${this.#path}.${list}.${index}`);
      }
    }
    for (const [index, waiter] of (worker.collected_waiters ?? []).entries()) {
      this.#waiter(waiter, `${this.#path}.collected_waiters.${index}`);
    }
    for (const [bufferId, texts] of Object.entries(worker.collected_events ?? {})) {
      const path = `${this.#path}.collected_events.${bufferId}`;
      const events = texts.flatMap((text, index) => this.#scope.events.read(text, `${path}.${index}`) ?? []);
      if (events.length === 0) continue;
      // LlamaIndex calls it so when the step names none.
      const ours = bufferId === "default" ? this.#scope.bufferOf(this.#name, this.#step, path) : bufferId;
      this.#scope.run.addToBuffer(this.#step, ours, {}, events);
    }
    for (const index of (worker.static_collect_events ?? []).keys()) {
      this.#note(`${this.#path}.static_collect_events.${index}`, "events that wait for the others of a join");
    }
  }

  #note(path: string, reason: string): void {
    this.#scope.run.note(path, reason);
  }

  #attempt(attempt: LlamaIndexAttempt, path: string): void {
    const key = keyOf(attempt);
    if (typeof attempt.work_item_id === "string" && this.#known.has(key)) {
      return this.#note(path, "it stands in the queue twice");
    }
    const event = this.#event(attempt, path);
    if (!event) return;
    const { note, now } = this.#scope.run;
    if (Object.keys(attempt.recovery_counts ?? {}).length > 0) {
      note(`${path}.recovery_counts`, "how often error handlers stepped in; they start at none");
    }
    const failures = attempt.attempts ?? 0;
    const firstAttemptAt = toMilliseconds(attempt.first_attempt_at, `${path}.first_attempt_at`, note);
    const lastFailedAt = toMilliseconds(attempt.last_failed_at, `${path}.last_failed_at`, note);
    const due = toMilliseconds(attempt.not_before, `${path}.not_before`, note);
    const work = this.#scope.run.addWork(this.#step, event, {
      ...(due !== undefined && { due }),
      ...(failures > 0 && {
        retry: {
          failures,
          firstAttemptAt: firstAttemptAt ?? lastFailedAt ?? now,
          lastError: toError(attempt, path, note),
          lastFailedAt: lastFailedAt ?? firstAttemptAt ?? now,
        },
      }),
    });
    // Of equal events without ids, the first is the one that waited.
    if (!this.#known.has(key)) this.#known.set(key, work);
  }

  #waiter(waiter: SavedWaiter, path: string): void {
    const { run, events } = this.#scope;
    const key = keyOf(waiter);
    let work = this.#known.get(key);
    if (!work) {
      const event = this.#event(waiter, path);
      if (!event) return;
      work = run.addWork(this.#step, event, { parked: true });
      this.#known.set(key, work);
    }
    const type = events.typeOf(waiter.waiting_for_event);
    if (type === undefined) {
      work.parked = false;
      return this.#note(
        path,
        `no event kind is known for ${waiter.waiting_for_event}; name one in "events". The step runs again and asks anew`,
      );
    }
    const waiterId = idFor(waiter, type, work);
    if ([...work.waits, ...work.answers].some((known) => known.waiterId === waiterId)) {
      return this.#note(path, `a second wait called ${waiterId} of the same event`);
    }
    if (typeof waiter.resolved_event === "string") {
      const answer = events.read(waiter.resolved_event, `${path}.resolved_event`);
      if (answer) work.answers.push({ waiterId, event: answer });
      work.parked = false;
      return;
    }
    const requirements = toPlain(waiter.requirements ?? {}, `${path}.requirements`, run.note) as object;
    const hasRequirements = Object.keys(requirements).length > 0;
    if (waiter.has_requirements && !hasRequirements) {
      work.parked = false;
      return this.#note(
        `${path}.has_requirements`,
        "what the awaited event must hold is not in the payload: the step runs again and asks anew",
      );
    }
    this.#note(`${path}.timeout`, "LlamaIndex does not save the time limit of a wait: it waits without one");
    work.waits.push({ waiterId, type, ...(hasRequirements && { requirements }) });
  }

  /** The event of a work item; null, and noted, when the item cannot go on. */
  #event(item: LlamaIndexAttempt | SavedWaiter, path: string): WorkflowEvent | null {
    const { run, events } = this.#scope;
    if (item.bound_events || item.collection_release_payload) {
      this.#note(path, "work of a step that joins events");
      return null;
    }
    const event = events.read(item.event, path);
    if (!event) return null;
    if (!run.accepts(this.#step, event.type)) {
      const name = run.compiled.program.steps[this.#step]?.name ?? this.#name;
      this.#note(path, `step ${name} does not accept ${event.type}`);
      return null;
    }
    if ((item.scope_path ?? []).length > 0)
      this.#note(`${path}.scope_path`, "its place in a stream; it goes on by itself");
    return event;
  }
}

function keyOf({ work_item_id: id, event }: LlamaIndexAttempt | SavedWaiter): string {
  return typeof id === "string" ? `item ${id}` : `event ${event}`;
}

/** A wait without a name of its own is called after its event, and then by how often the step waited for it. */
function idFor(waiter: SavedWaiter, type: string, { waits, answers }: Work): string {
  const { waiter_id: id, waiting_for_event: className } = waiter;
  if (!id.startsWith(`waiter_${className}_`)) return id;
  const before = [...waits, ...answers].filter((known) => known.waiterId.startsWith(`${type}#`)).length;
  return `${type}#${before}`;
}
