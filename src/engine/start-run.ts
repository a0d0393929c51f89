/** Starting and resuming runs: the one place that knows broker, loop, context and handler together. */
import { initialState } from "../core/broker-state.ts";
import { ContextSerdeError, WorkflowConfigurationError } from "../core/errors.ts";
import type { EventRef, WorkflowEvent } from "../core/event-ref.ts";
import type { JsonObject } from "../core/json.ts";
import { systemClock } from "../ports/clock.ts";
import type { Runtime } from "../ports/runtime.ts";
import { parseContext, type SerializedContext } from "../serialize/serialized-context.ts";
import { decodeState, decodeStore } from "../serialize/state-codec.ts";
import { compile, type CompiledWorkflow } from "../workflow/compile.ts";
import { checkEvent, isEvent, type DataOf, type InputOf } from "../workflow/event.ts";
import type { Workflow } from "../workflow/workflow.ts";
import { RunBroker, type RunObserver } from "./broker.ts";
import { RunHandler, type Handler } from "./handler.ts";
import { initialStore } from "./initial-store.ts";
import { runSlots, type RunSlots } from "./run-slots.ts";

export interface RunOptions<Resources = object> {
  /** Chosen by the caller, or generated. */
  readonly runId?: string;
  /** Cancels the run when it aborts. */
  readonly signal?: AbortSignal;
  /** Begin with the state store of a saved run; nothing else of it is taken over. */
  readonly context?: SerializedContext;
  /** Where the run lives; default: this process, no history. */
  readonly runtime?: Runtime;
  /**
   * Values to use, by name, in place of those the workflow's factories would make: fakes for a test. Other resources
   * that use these get them too. They stay the caller's: the run does not dispose of them.
   */
  readonly resources?: Partial<Resources>;
}

export interface ResumeOptions<Resources = object> {
  readonly signal?: AbortSignal;
  readonly runtime?: Runtime;
  /** A new time limit in milliseconds, from now; null = none. Default: what was left of the old one. */
  readonly timeout?: number | null;
  /** As for `run`. */
  readonly resources?: Partial<Resources>;
}

/** Runs live in this process and keep no history: the fastest way, and what tests and scripts want. */
const processRuntime: Runtime = { clock: systemClock, journal: null };

/** Input of a workflow: what its start kind takes. */
export type InputOfWorkflow<W> = W extends Workflow<infer Start, unknown, unknown, object> ? InputOf<Start> : never;
/** Result of a workflow: its stop event's data. */
export type ResultOfWorkflow<W> = W extends Workflow<unknown, infer Stop, unknown, object> ? DataOf<Stop> : never;
/** What the workflow's steps find in `ctx.resources`. */
export type ResourcesOfWorkflow<W> = W extends Workflow<unknown, unknown, unknown, infer R> ? R : never;

/**
 * Starts a run in this process, at once. `input` is the data of the start event, or a start event made before.
 *
 * Throws `WorkflowConfigurationError` or `WorkflowValidationError` for a workflow that cannot work, and
 * `EventValidationError` for input that does not fit.
 */
export function run<W extends Workflow>(
  workflow: W,
  ...rest: undefined extends InputOfWorkflow<W>
    ? [input?: InputOfWorkflow<W>, options?: RunOptions<ResourcesOfWorkflow<W>>]
    : [input: InputOfWorkflow<W>, options?: RunOptions<ResourcesOfWorkflow<W>>]
): Handler<ResultOfWorkflow<W>> {
  const [input, options = {}] = rest as [unknown, RunOptions?];
  const compiled = compile(workflow);
  const event = toStartEvent(compiled, input);
  const store = options.context ? storeOf(parseContext(options.context)) : initialStore(workflow);
  const runId = options.runId ?? createRunId();
  const broker = createBroker(compiled, runId, options.runtime ?? processRuntime, null, true, options.resources);
  startBroker(broker, event, store);
  cancelWith(broker, options.signal);
  return new RunHandler(broker);
}

/**
 * Carries on a saved run in this process: work that was in progress starts anew, ahead of what was queued.
 * A run that ended by failure, cancel or timeout tries again what was left; a completed one just has its result.
 *
 * Throws `ContextSerdeError` for something that is no saved run of this workflow.
 */
export function resume<W extends Workflow>(
  workflow: W,
  saved: SerializedContext,
  options: ResumeOptions<ResourcesOfWorkflow<W>> = {},
): Handler<ResultOfWorkflow<W>> {
  const compiled = compile(workflow);
  const context = parseContext(saved);
  if (context.workflow !== workflow.name) {
    throw new ContextSerdeError(`This is a saved run of workflow ${context.workflow}, not of ${workflow.name}.`, {
      code: "CONTEXT_OF_OTHER_WORKFLOW",
      data: { saved: context.workflow, workflow: workflow.name },
    });
  }
  const state = decodeState(compiled.program, context);
  const { runtime = processRuntime, resources } = options;
  const broker = new RunBroker({ compiled, runtime, state, ...(resources && { resources }) });
  resumeBroker(broker, options);
  cancelWith(broker, options.signal);
  return new RunHandler(broker);
}

export function createRunId(): string {
  return crypto.randomUUID();
}

export function createBroker(
  compiled: CompiledWorkflow,
  runId: string,
  runtime: Runtime,
  observer: RunObserver | null,
  isNew = false,
  resources: object = {},
): RunBroker {
  const state = { ...initialState(compiled.program), runId, createdAt: runtime.clock.now() };
  return new RunBroker({ compiled, runtime, state, isNew, resources: { ...resources }, ...(observer && { observer }) });
}

/** Starts now, or when the workflow's limit of concurrent runs allows. */
export function startBroker(broker: RunBroker, event: WorkflowEvent, store: JsonObject): void {
  const { definition } = broker.compiled;
  const slots = runSlots(definition);
  broker.submit({
    kind: "StartRun",
    causedBy: "external",
    runId: broker.runId,
    workflow: definition.name,
    version: definition.version,
    timeout: definition.timeout,
    event,
    store,
    ...(slots && { queued: true }),
  });
  if (slots) admit(broker, slots, () => broker.submit({ kind: "AdmitRun", causedBy: 1 }));
}

export function resumeBroker(broker: RunBroker, { timeout }: { timeout?: number | null } = {}): void {
  if (broker.state.status === "completed") return broker.settleEnded();
  const slots = runSlots(broker.compiled.definition);
  if (broker.state.status !== "queued") {
    broker.submit({
      kind: "ResumeRun",
      causedBy: "external",
      ...(timeout !== undefined && { timeout }),
      ...(slots && { queued: true }),
    });
  }
  const begin = (): void => {
    if (broker.state.status === "queued") broker.submit({ kind: "AdmitRun", causedBy: broker.state.sequence });
    // What fell due while the run was away.
    broker.wake();
  };
  if (slots) admit(broker, slots, begin);
  else begin();
}

function admit(broker: RunBroker, slots: RunSlots, begin: () => void): void {
  const release = slots.acquire(() => {
    // Let go, or stopped by its storage, while it waited.
    if (!broker.problem) begin();
  });
  broker.result().then(release, release);
}

function cancelWith(broker: RunBroker, signal: AbortSignal | undefined): void {
  if (!signal) return;
  const cancel = (): void => {
    const reason: unknown = signal.reason;
    broker.cancel(reason instanceof Error ? reason.message : String(reason)).catch(() => undefined);
  };
  if (signal.aborted) return cancel();
  signal.addEventListener("abort", cancel, { once: true });
  const done = (): void => signal.removeEventListener("abort", cancel);
  broker.result().then(done, done);
}

/** The start event for an input: data for the start kind, or an event of it. */
export function toStartEvent({ start, definition }: CompiledWorkflow, input: unknown): WorkflowEvent {
  if (isStartEventOf(start.type, input)) return checkEvent(start, input);
  if (isEvent(input) && !start.schema) {
    throw new WorkflowConfigurationError(
      `Workflow ${definition.name} starts with ${start.type}, not with ${input.type}.`,
    );
  }
  return checkEvent(start, { type: start.type, data: input });
}

function isStartEventOf(type: string, input: unknown): input is EventRef {
  return isEvent(input) && input.type === type && Object.keys(input).length === 2;
}

function storeOf(context: SerializedContext): JsonObject {
  return decodeStore(context.store);
}
