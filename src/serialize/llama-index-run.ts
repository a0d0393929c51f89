/** A saved run being put together from what another library wrote down. */
import { initialState, MAILBOX_LIMIT } from "../core/broker-state.ts";
import type { WorkflowEvent } from "../core/event-ref.ts";
import { own } from "../core/json.ts";
import type { CompiledWorkflow } from "../workflow/compile.ts";
import type { Note } from "./llama-index-shapes.ts";
import type { EventReader } from "./llama-index-values.ts";
import { parseContext, type SerializedContext } from "./serialized-context.ts";
import { encodeValue } from "./serializer.ts";
import { decodeState } from "./decode-state.ts";
import { encodeState } from "./state-codec.ts";

type Memo = SerializedContext["memos"][number];
type SavedItem = SerializedContext["parked"][number]["item"];
type Outcome = NonNullable<SerializedContext["outcome"]>;

/** What the readers of the several forms need. */
export interface ImportScope {
  readonly run: ImportedRun;
  readonly events: EventReader;
  /** The index of our step for a Python step; undefined when there is none. */
  readonly stepOf: (name: string) => number | undefined;
  /** Where a step's events go that were gathered in no named buffer. */
  readonly bufferOf: (name: string, step: number, path: string) => string;
}

/** One event on its way through a step. */
export interface Work {
  readonly id: number;
  readonly step: number;
  readonly event: WorkflowEvent;
  readonly retry?: NonNullable<SavedItem["retry"]>;
  /** When its back-off ends. */
  readonly due?: number;
  /** True: it lies still until one of its waits is answered. False: it runs as soon as it can. */
  parked: boolean;
  readonly answers: { readonly waiterId: string; readonly event: WorkflowEvent }[];
  readonly waits: { readonly waiterId: string; readonly type: string; readonly requirements?: object }[];
}

interface Buffer {
  readonly step: number;
  readonly bufferId: string;
  readonly expected: Readonly<Record<string, number>>;
  readonly events: WorkflowEvent[];
}

/** The tick that brought everything that is carried over. */
const FIRST_TICK = 1;

export class ImportedRun {
  readonly compiled: CompiledWorkflow;
  readonly now: number;
  readonly note: Note;
  readonly #work: Work[] = [];
  readonly #buffers = new Map<string, Buffer>();
  readonly #mail: WorkflowEvent[] = [];

  constructor(compiled: CompiledWorkflow, now: number, note: Note) {
    this.compiled = compiled;
    this.now = now;
    this.note = note;
  }

  /** True when a step takes events of this type one by one. */
  accepts(step: number, type: string): boolean {
    const { routes, steps } = this.compiled.program;
    return steps[step]?.join === undefined && own(routes, type)?.includes(step) === true;
  }

  /** Work comes in the order in which it is to be done. */
  addWork(step: number, event: WorkflowEvent, details: Pick<Work, "retry" | "due"> & { parked?: boolean } = {}): Work {
    const work: Work = { id: this.#work.length + 1, step, event, parked: false, answers: [], waits: [], ...details };
    this.#work.push(work);
    return work;
  }

  addToBuffer(step: number, bufferId: string, expected: Buffer["expected"], events: readonly WorkflowEvent[]): void {
    const key = `${step}/${bufferId}`;
    const known = this.#buffers.get(key);
    if (known) known.events.push(...events);
    else this.#buffers.set(key, { step, bufferId, expected, events: [...events] });
  }

  /** Keeps an event for a wait that will come. */
  addMail(event: WorkflowEvent): void {
    this.#mail.push(event);
  }

  get hasWork(): boolean {
    return this.#work.length > 0;
  }

  /** Throws `ContextSerdeError` should the parts not fit together. */
  finish(runId: string, store: object, stop: WorkflowEvent | null, isRunning: boolean): SerializedContext {
    const { program, definition } = this.compiled;
    const { now } = this;
    const events: SerializedContext["events"] = {};
    const ids = new Map<WorkflowEvent, string>();
    const ref = (event: WorkflowEvent): string => {
      const known = ids.get(event);
      if (known !== undefined) return known;
      const id = `${FIRST_TICK}.${ids.size}`;
      ids.set(event, id);
      events[id] = { type: event.type, data: encodeValue(event.data) };
      return id;
    };
    const nameOf = (step: number): string => program.steps[step]?.name ?? "";
    const empty = encodeState({ ...initialState(program), runId });

    const delayed: SerializedContext["delayed"] = [];
    const parked: SerializedContext["parked"] = [];
    const memos: Memo[] = [];
    let waiters = 0;
    const work = stop ? [] : this.#work;
    for (const { id, step, event, retry, due, parked: isParked, answers, waits } of work) {
      const item: SavedItem = {
        id,
        event: ref(event),
        causedBy: FIRST_TICK,
        since: now,
        invocation: retry?.failures ?? (isParked ? 1 : 0),
        ...(retry && { retry }),
      };
      if (isParked) parked.push({ step: nameOf(step), item, since: now });
      else if (due !== undefined) delayed.push({ step: nameOf(step), due, item });
      else empty.steps[nameOf(step)]?.queue.push(item);
      if (answers.length === 0 && waits.length === 0) continue;
      memos.push({
        step: nameOf(step),
        workItem: id,
        answers: answers.map((answer) => ({ waiterId: answer.waiterId, event: ref(answer.event) })),
        waiters: waits.map(({ waiterId, type, requirements }) => ({
          instance: ++waiters,
          waiterId,
          type,
          ...(requirements && { requirements: encodeValue(requirements) as Record<string, unknown> }),
          askedAt: now,
          dueAt: null,
        })),
        collected: {},
      });
    }
    const context: SerializedContext = {
      ...empty,
      workflowVersion: definition.version,
      status: stop ? "completed" : isRunning ? "running" : "cancelled",
      sequence: FIRST_TICK,
      at: now,
      createdAt: now,
      limit: { timeout: definition.timeout, used: 0, loadedAt: now },
      delayed,
      parked,
      memos,
      buffers: stop
        ? []
        : Array.from(this.#buffers.values(), ({ step, bufferId, expected, events: gathered }) => ({
            step: nameOf(step),
            bufferId,
            expected,
            events: gathered.map(ref),
          })),
      mailbox: stop ? [] : this.#mailbox().map(ref),
      store: encodeValue(store) as Record<string, unknown>,
      nextWorkItem: this.#work.length + 1,
      nextWaiter: waiters + 1,
      ...(stop || !isRunning ? { outcome: outcome(stop, ref) } : {}),
      events,
    };
    const checked = parseContext(context);
    decodeState(program, checked);
    return checked;
  }

  #mailbox(): WorkflowEvent[] {
    const tooMany = this.#mail.length - MAILBOX_LIMIT;
    if (tooMany > 0) this.note("queues", `${tooMany} early events; a run keeps ${MAILBOX_LIMIT} of them`);
    return this.#mail.slice(-MAILBOX_LIMIT);
  }
}

function outcome(stop: WorkflowEvent | null, ref: (event: WorkflowEvent) => string): Outcome {
  if (stop) return { kind: "completed", event: ref(stop) };
  return { kind: "cancelled", reason: "It was not running when LlamaIndex saved it." };
}
