/** The step context: a thin face on the invocation's worker. */
import { ContextStateError, WaiterTimeoutError, WorkflowRuntimeError } from "../core/errors.ts";
import type { EventRole, WorkflowEvent } from "../core/event-ref.ts";
import type { JsonObject } from "../core/json.ts";
import { decodeToError } from "../serialize/error-codec.ts";
import type { StateStore } from "../store/state-store.ts";
import { compile, type CompiledWorkflow } from "../workflow/compile.ts";
import type { ChildOptions, CollectableKind, RetryInfo, StepContext, WaitOptions } from "../workflow/context-api.ts";
import type { AnyWorkflow } from "../workflow/infer.ts";
import type { Workflow } from "../workflow/workflow.ts";
import { checkEvent, isEvent, type EventKind } from "../workflow/event.ts";
import { declaredWorkflow } from "../workflow/declared-workflow.ts";
import { subtypesTaken } from "../workflow/subkinds.ts";
import { toStartEvent } from "./start-event.ts";
import { toDelivery, toDeliveryOfParts } from "../workflow/plain-data.ts";
import { toLogData, toWrittenData } from "../workflow/written-data.ts";
import { refuseCollecting } from "../workflow/isolation.ts";
import type { InvocationPort } from "./run-ports.ts";

const DEFAULT_WAIT = 2_000_000;

export class Context implements StepContext {
  readonly resources: object;
  readonly #worker: InvocationPort;
  /** The very object handed to the step: collecting it needs no copy in the journal. */
  readonly #input: WorkflowEvent;
  #store: StateStore | null = null;
  /** How often each set was asked for, and each kind waited for, in this invocation. */
  #calls: Map<string, number> | null = null;
  /** Side effects under way or done in this invocation, by key. */
  #effects: Map<string, Promise<unknown>> | null = null;

  constructor(worker: InvocationPort, input: WorkflowEvent, resources: object) {
    this.#worker = worker;
    this.#input = input;
    this.resources = resources;
  }

  get runId(): string {
    return this.#worker.port.runId;
  }

  get stepName(): string {
    return this.#worker.definition.name;
  }

  get workerId(): number {
    return this.#worker.workerId;
  }

  get workItem(): number {
    return this.#worker.workItem.id;
  }

  get signal(): AbortSignal {
    return this.#worker.signal;
  }

  get store(): StateStore {
    const worker = this.#worker;
    this.#store ??= worker.port.openStore(worker.id, () => worker.over, worker.pending);
    return this.#store;
  }

  sendEvent(event: WorkflowEvent, options: { readonly step?: string } = {}): void {
    this.#assertOpen("sendEvent");
    const declared = this.#worker.declared(event);
    if (options.step === undefined) {
      this.#worker.addOutput({ mode: "send", event: declared });
      return;
    }
    assertAccepts(this.#worker.port.compiled, options.step, event.type);
    this.#worker.addOutput({ mode: "send", event: declared, target: options.step });
  }

  collectEvents<const Kinds extends readonly CollectableKind[]>(
    event: WorkflowEvent,
    expected: Kinds,
    options: { readonly bufferId?: string } = {},
  ): never {
    this.#assertOpen("collectEvents");
    if (this.#worker.definition.isolated) throw refuseCollecting(this.stepName);
    if (expected.length === 0) return [] as never;
    const counts = countKinds(expected);
    const bufferId = options.bufferId ?? Object.keys(counts).toSorted().join("+");
    const worker = this.#worker;
    const request: Parameters<typeof worker.port.collect>[0] = {
      kind: "CollectEvents",
      sequence: 0,
      at: 0,
      causedBy: worker.startedBy,
      step: worker.definition.name,
      workerId: worker.workerId,
      workItem: worker.workItem.id,
      invocation: worker.workItem.invocation,
      bufferId,
      callId: `${bufferId}#${this.#count(`collect ${bufferId}`)}`,
      expected: counts,
    };
    const set = worker.port.collect(event === this.#input ? request : { ...request, event: this.#checked(event) });
    return (set && inOrder(expected, set)) as never;
  }

  waitForEvent<Type extends string, Data, Input, Role extends EventRole>(
    kind: EventKind<Type, Data, Input, Role>,
    options: WaitOptions<Data> = {},
  ): Promise<WorkflowEvent<Type, Data>> {
    this.#assertOpen("waitForEvent");
    const { waiterEvent, requirements, timeout = DEFAULT_WAIT } = options;
    const waiterId = options.waiterId ?? `${kind.type}#${this.#count(`wait ${kind.type}`)}`;
    const answer = this.#worker.port.answer(this.workItem, waiterId);
    if (answer) {
      if (answer.event) return Promise.resolve(deliver(answer.event) as WorkflowEvent<Type, Data>);
      return Promise.reject(
        new WaiterTimeoutError(
          `Step ${this.stepName} waited for ${kind.type} and nothing came in time (wait "${waiterId}").`,
          {
            data: { step: this.stepName, event: kind.type, waiterId },
          },
        ),
      );
    }
    if (timeout !== null && !(timeout >= 0 && Number.isFinite(timeout))) {
      throw new WorkflowRuntimeError(
        `waitForEvent(${kind.type}): timeout must be milliseconds from 0 up, or null for no limit.`,
      );
    }
    this.#worker.port.noteKind(kind);
    const subtypes = subtypesTaken(this.#worker.definition, kind, this.#worker.port.compiled.kinds.values());
    this.#worker.wait({
      waiterId,
      type: kind.type,
      ...(subtypes.length > 0 && { subtypes }),
      ...(requirements && {
        requirements: this.#plain(`What waitForEvent(${kind.type}) requires`, requirements) as JsonObject,
      }),
      ...(waiterEvent && { prompt: this.#checked(waiterEvent) }),
      timeout,
    });
    // The invocation ends here and is abandoned; the next one gets the answer.
    return new Promise(() => undefined);
  }

  once<Result>(key: string, effect: () => Result | Promise<Result>): Promise<Result> {
    this.#assertOpen("once");
    const running = this.#effects?.get(key);
    if (running) return running as Promise<Result>;
    const result = this.#runOnce(key, effect);
    (this.#effects ??= new Map()).set(key, result);
    // The next call tries anew what failed.
    result.catch(() => this.#effects?.delete(key));
    return result;
  }

  async #runOnce<Result>(key: string, effect: () => Result | Promise<Result>): Promise<Result> {
    const worker = this.#worker;
    const known = worker.port.effect(this.workItem, key);
    if (known) return toDeliveryOfParts(known.value) as Result;
    const waited = worker.port.untilRecordable();
    if (waited) {
      await waited;
      this.#assertOpen("once");
    }
    const value = this.#plain(`The result of ctx.once("${key}")`, await effect());
    this.#assertOpen("once");
    await worker.port.recordEffect({ kind: "RecordEffect", causedBy: worker.startedBy, ...worker.id, key, value });
    return toDeliveryOfParts(value) as Result;
  }

  async runWorkflow(workflow: AnyWorkflow, input?: unknown, options: ChildOptions = {}): Promise<never> {
    this.#assertOpen("runWorkflow");
    const { port, definition, workItem, startedBy, id } = this.#worker;
    const compiled = compile(declaredWorkflow(definition, workflow) as Workflow);
    const key = options.key ?? `${workflow.name}#${this.#count(`run ${workflow.name}`)}`;
    const event = toStartEvent(compiled, input);
    try {
      return (await port.runChild(id, startedBy, workItem.retry?.failures ?? 0, { key, compiled, event })) as never;
    } finally {
      // Nobody is to be told any more: an error would end up as an unhandled rejection.
      if (this.#worker.over) await new Promise(() => undefined);
    }
  }

  writeEventToStream(event: WorkflowEvent): void {
    this.#assertOpen("writeEventToStream");
    this.#worker.addOutput({ mode: "stream", event: this.#checked(event) });
  }

  retryInfo(): RetryInfo {
    const { retry } = this.#worker.workItem;
    if (!retry) return { attempt: 0, elapsed: 0, lastError: null, lastFailedAt: null };
    return {
      attempt: retry.failures,
      elapsed: Math.max(0, this.#worker.port.clock.now() - retry.firstAttemptAt),
      lastError: decodeToError(retry.lastError),
      lastFailedAt: retry.lastFailedAt,
    };
  }

  log(message: string, data?: unknown): void {
    this.#assertOpen("log");
    this.#worker.addLog({
      at: this.#worker.port.clock.now(),
      message,
      ...(data !== undefined && { data: toLogData(data) }),
    });
  }

  #plain(what: string, value: unknown): unknown {
    return toWrittenData(what, value);
  }

  #checked(event: unknown): WorkflowEvent {
    if (isEvent(event)) return checkEvent(this.#worker.port.compiled.kinds.get(event.type), event);
    throw new WorkflowRuntimeError(
      `Step ${this.stepName} passed something that is no event. Make one with an event kind.`,
    );
  }

  #count(key: string): number {
    this.#calls ??= new Map();
    const count = this.#calls.get(key) ?? 0;
    this.#calls.set(key, count + 1);
    return count;
  }

  #assertOpen(call: string): void {
    if (!this.#worker.over) return;
    throw new ContextStateError(
      `ctx.${call} was called after this invocation of step ${this.stepName} ended. Await everything the step starts.`,
    );
  }
}

/** Throws when no such step exists or events of the type are not routed to it. */
export function assertAccepts({ steps, program }: CompiledWorkflow, name: string, type: string): void {
  const step = steps.find((candidate) => candidate.name === name);
  if (!step) {
    throw new WorkflowRuntimeError(`There is no step ${name}. Steps: ${steps.map((known) => known.name).join(", ")}.`, {
      code: "STEP_UNKNOWN",
      data: { step: name },
    });
  }
  if (program.routes[type]?.some((index) => program.steps[index]?.name === name)) return;
  throw new WorkflowRuntimeError(
    `Step ${name} does not accept ${type}. It accepts ${step.accepts.map((kind) => kind.type).join(", ")}.`,
    {
      code: "EVENT_NOT_ACCEPTED",
      data: { step: name, event: type },
    },
  );
}

function inOrder(expected: readonly CollectableKind[], set: readonly WorkflowEvent[]): WorkflowEvent[] {
  const byType = new Map<string, WorkflowEvent[]>();
  for (const event of set) {
    const same = byType.get(event.type);
    if (same) same.push(event);
    else byType.set(event.type, [event]);
  }
  const next = new Map<string, number>();
  return expected.map(({ type }) => {
    const index = next.get(type) ?? 0;
    next.set(type, index + 1);
    return deliver(byType.get(type)?.[index] as WorkflowEvent);
  });
}

function deliver({ type, data }: WorkflowEvent): WorkflowEvent {
  return Object.freeze({ type, data: toDelivery(data) });
}

/** How many of each type. Every call of a large set counts it again, so a stretch of one kind is counted at once. */
function countKinds(expected: readonly CollectableKind[]): Record<string, number> {
  // Without a prototype: a kind may be called like what every object has.
  const counts: Record<string, number> = Object.create(null) as Record<string, number>;
  for (let start = 0, end = 0; start < expected.length; start = end) {
    const kind = expected[start] as CollectableKind;
    for (end = start + 1; end < expected.length && expected[end] === kind; end++);
    counts[kind.type] = (counts[kind.type] ?? 0) + end - start;
  }
  return counts;
}
