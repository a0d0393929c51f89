/**
 * One invocation of a step, from the call of its function to the tick that reports it.
 *
 * W1 Exactly one result is reported, or none if the invocation was abandoned.
 * W2 After that nothing the function does has any effect.
 * W3 What it sent and streamed is part of the result and lost with a failure.
 */
import type { WorkItem } from "../core/broker-state.ts";
import type { WorkflowError } from "../core/errors.ts";
import { WorkflowRuntimeError } from "../core/errors.ts";
import type { WorkflowEvent } from "../core/event-ref.ts";
import type { FailureData } from "../core/failure.ts";
import { seededRandom } from "../core/retry-attempt.ts";
import type { InvocationId, LogRecord, RetryVerdict, StepOutcome, StepOutput, WaitRequest } from "../core/tick.ts";
import { macrotask } from "../ports/macrotask.ts";
import { ContractBreach } from "../ports/step-executor.ts";
import { decodeToError, encodeError } from "../serialize/error-codec.ts";
import { declaredOutput, isUndeclared, undeclared } from "../workflow/declared-output.ts";
import { withoutResources } from "../workflow/isolation.ts";
import { toDelivery } from "../workflow/plain-data.ts";
import type { StepDefinition, StepFailure } from "../workflow/step.ts";
import { Context } from "./context.ts";
import type { InvocationPort, PendingState, StepPort } from "./run-ports.ts";

const NO_OUTPUTS: readonly StepOutput[] = [];
const NO_RESOURCES: Record<string, unknown> = Object.freeze({});
const RETURNED: StepOutcome = Object.freeze({ kind: "returned" });

export class StepWorker implements InvocationPort {
  readonly port: StepPort;
  readonly definition: StepDefinition;
  /** Index of the step in the program. */
  readonly stepIndex: number;
  readonly workItem: WorkItem;
  readonly workerId: number;
  /** Tick whose turn started it. */
  readonly startedBy: number;
  readonly startedAt: number;
  /** Reported or abandoned (W2). */
  over = false;

  /** Edits of the state that wait for the result. */
  readonly pending: PendingState = { changes: [], release: null };

  #outputs: StepOutput[] | null = null;
  #logs: LogRecord[] | null = null;
  #waits: WaitRequest[] | null = null;
  /** It returned a list, maybe an empty one. */
  #list = false;
  /** The first undeclared output: it fails the run even if the step swallows the error. */
  #breach: WorkflowError | null = null;
  #abort: AbortController | null = null;
  #abortReason: unknown = undefined;

  constructor(
    port: StepPort,
    definition: StepDefinition,
    stepIndex: number,
    workItem: WorkItem,
    workerId: number,
    startedBy: number,
    startedAt: number,
  ) {
    this.port = port;
    this.stepIndex = stepIndex;
    this.definition = definition;
    this.workItem = workItem;
    this.workerId = workerId;
    this.startedBy = startedBy;
    this.startedAt = startedAt;
  }

  get id(): InvocationId {
    return {
      step: this.definition.name,
      workerId: this.workerId,
      workItem: this.workItem.id,
      invocation: this.workItem.invocation,
    };
  }

  /** Made on first use: most steps never look at it. */
  get signal(): AbortSignal {
    if (!this.#abort) {
      this.#abort = new AbortController();
      if (this.over) this.#abort.abort(this.#abortReason);
    }
    return this.#abort.signal;
  }

  run(): void {
    if (this.over) return;
    const { resources } = this.port;
    if (this.definition.isolated) this.#call(withoutResources(this.definition.name));
    else if (resources.isEmpty) this.#call(NO_RESOURCES);
    else
      resources.resolveAll(this).then(
        (resolved) => this.#call(resolved),
        (error) => this.#fail(error),
      );
  }

  #call(resources: object): void {
    if (this.over) return;
    const { event } = this.workItem;
    try {
      const delivered = deliver(event);
      const returned = this.#execute(this.#input(delivered), new Context(this, delivered, resources));
      if (isThenable(returned)) {
        returned.then(
          (value) => this.#return(value),
          (error) => this.#fail(error),
        );
      } else this.#return(returned);
    } catch (error) {
      this.#fail(error);
    }
  }

  #execute(input: unknown, context: Context): unknown {
    const { definition, port } = this;
    if (port.executor === null) return definition.run(input, context);
    return port.executor.execute(definition, input, context, port.compiled.definition.name);
  }

  /** What the function gets: the event, the set its join gathered, or the failure it is to handle. */
  #input(event: WorkflowEvent): unknown {
    const { inputs } = this.workItem;
    if (this.definition.catches) return toFailure(event.data as FailureData);
    return inputs ? Object.freeze(inputs.map(deliver)) : event;
  }

  addOutput(output: StepOutput): void {
    (this.#outputs ??= []).push(output);
  }

  addLog(record: LogRecord): void {
    (this.#logs ??= []).push(record);
    this.port.logged();
  }

  /** What it has logged so far. */
  get logs(): readonly LogRecord[] {
    return this.#logs ?? [];
  }

  /** The event, checked against its kind; throws for one the step does not declare. */
  declared(event: unknown): WorkflowEvent {
    try {
      return declaredOutput(this.definition, event);
    } catch (error) {
      if (isUndeclared(error)) this.#breach ??= error;
      throw error;
    }
  }

  #breached(message: string): WorkflowError {
    const breach = undeclared(message, { step: this.definition.name });
    this.#breach ??= breach;
    return breach;
  }

  /** Asks to be suspended. A macrotask later, so that waits begun side by side are registered together. */
  wait(request: WaitRequest): void {
    if (!this.#waits) {
      this.#waits = [];
      macrotask(() => this.#suspend());
    }
    this.#waits.push(request);
  }

  #suspend(): void {
    if (this.over || !this.#waits) return;
    if (this.#breach)
      this.#finish({ kind: "failed", error: encodeError(this.#breach), verdict: { retry: false } }, NO_OUTPUTS);
    else this.#finish({ kind: "waiting", waits: this.#waits }, NO_OUTPUTS);
  }

  #return(value: unknown): void {
    if (this.over) return;
    try {
      if (Array.isArray(value)) this.#returnList(value);
      else if (value !== undefined && value !== null) this.addOutput({ mode: "return", event: this.#single(value) });
      if (this.#breach) throw this.#breach;
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#finish(RETURNED, this.#outputs ?? NO_OUTPUTS);
  }

  #single(value: unknown): WorkflowEvent {
    const event = this.declared(value);
    if (this.definition.single.has(event.type)) return event;
    throw this.#breached(
      `Step ${this.definition.name} returned a single ${event.type}, which it emits in lists only. Return an array, or declare ${event.type} by itself as well.`,
    );
  }

  #returnList(values: readonly unknown[]): void {
    const { name, lists } = this.definition;
    if (lists.size === 0) {
      throw this.#breached(
        `Step ${name} returned a list, which it does not declare. Write \`emits: listOf(Kind)\`, or send the events.`,
      );
    }
    this.#list = true;
    for (const value of values) {
      const event = this.declared(value);
      if (!lists.has(event.type)) {
        throw this.#breached(`Step ${name} returned a list with ${event.type}, which it does not emit in lists.`);
      }
      this.addOutput({ mode: "element", event });
    }
  }

  #fail(thrown: unknown): void {
    if (this.over) return;
    if (thrown instanceof ContractBreach) this.#breach ??= thrown.error;
    const error = this.#breach ?? thrown;
    const verdict = this.#breach ? ({ retry: false } as const) : this.#verdict(error);
    this.#finish({ kind: "failed", error: encodeError(error), verdict }, NO_OUTPUTS);
  }

  #verdict(error: unknown): RetryVerdict {
    const { retryPolicy, name } = this.definition;
    if (!retryPolicy) return { retry: false };
    const { retry, id } = this.workItem;
    const failures = (retry?.failures ?? 0) + 1;
    const at = this.port.clock.now();
    const elapsed = Math.max(0, at - (retry?.firstAttemptAt ?? this.startedAt));
    const random = seededRandom(`${this.port.runId}/${name}/${id}/${failures}`);
    try {
      const verdict: unknown = retryPolicy.decide({ failures, elapsed, at, error, random });
      if (isVerdict(verdict)) return verdict;
      this.addLog({ at: this.port.clock.now(), message: "The retry policy gave no verdict." });
    } catch (policyError) {
      this.addLog({ at: this.port.clock.now(), message: `The retry policy threw: ${String(policyError)}` });
    }
    // A broken policy must not hide the error it was asked about.
    return { retry: false };
  }

  #finish(outcome: StepOutcome, outputs: readonly StepOutput[]): void {
    this.#end(
      outcome.kind === "waiting"
        ? new WorkflowRuntimeError("The step is suspended; it runs again from the top.")
        : undefined,
    );
    const result: Mutable<Parameters<StepPort["finish"]>[0]> = {
      kind: "StepResult",
      sequence: 0,
      at: 0,
      causedBy: this.startedBy,
      step: this.definition.name,
      workerId: this.workerId,
      workItem: this.workItem.id,
      invocation: this.workItem.invocation,
      outcome,
      outputs,
    };
    if (outcome.kind === "returned" && this.pending.changes.length > 0) result.changes = this.pending.changes;
    if (this.#list && outcome.kind === "returned") result.list = true;
    if (this.#logs) result.logs = this.#logs;
    this.port.finish(result);
    this.pending.release?.();
  }

  /** The run ended or was unloaded: whatever the function still does is ignored. */
  abandon(reason: unknown): void {
    if (this.over) return;
    this.#end(reason);
    this.pending.release?.();
  }

  #end(reason: unknown): void {
    this.over = true;
    this.#abortReason = reason;
    // Before its resources leave: who uses them is told to stop.
    if (reason !== undefined) this.#abort?.abort(reason);
    this.port.released(this.stepIndex, this.workerId);
  }
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

function deliver({ type, data }: WorkflowEvent): WorkflowEvent {
  return Object.freeze({ type, data: toDelivery(data) });
}

function toFailure({ error, ...facts }: FailureData): StepFailure {
  return { ...facts, error: decodeToError(error) };
}

function isVerdict(value: unknown): value is RetryVerdict {
  if (typeof value !== "object" || value === null) return false;
  const { retry, delay } = value as { retry?: unknown; delay?: unknown };
  return retry === false || (retry === true && typeof delay === "number" && Number.isFinite(delay));
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && typeof (value as PromiseLike<unknown>).then === "function";
}
