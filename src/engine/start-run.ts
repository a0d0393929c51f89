/** Runs in this process: started, and resumed from what was saved. */
import { ContextSerdeError } from "../core/errors.ts";
import type { JsonObject } from "../core/json.ts";
import { processRuntime, type Runtime } from "../ports/runtime.ts";
import { parseContext, type SerializedContext } from "../serialize/serialized-context.ts";
import { decodeState, decodeStore } from "../serialize/state-codec.ts";
import { compile } from "../workflow/compile.ts";
import type { InputOfWorkflow, ResourcesOfWorkflow, ResultOfWorkflow } from "../workflow/infer.ts";
import type { Workflow } from "../workflow/workflow.ts";
import { createRunId, newState, resumeBroker, startBroker } from "./begin-run.ts";
import { RunBroker } from "./broker.ts";
import { RunHandler, type Handler } from "./handler.ts";
import { initialStore } from "./initial-store.ts";
import { childrenHere } from "./open-child.ts";
import { toStartEvent } from "./start-event.ts";

export interface RunOptions<Resources = object> {
  /** Chosen by the caller, or generated. */
  readonly runId?: string;
  /** Cancels the run when it aborts. */
  readonly signal?: AbortSignal;
  /** Begin with the state store of a saved run; nothing else of it is taken over. */
  readonly context?: SerializedContext;
  /** Where the run lives; default: `processRuntime`, this process without a history. */
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
  const { runtime = processRuntime, resources } = options;
  const broker = new RunBroker({
    compiled,
    runtime,
    state: newState(compiled, runId, runtime),
    isNew: true,
    children: childrenHere(runtime),
    ...(resources && { resources }),
  });
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
  const children = childrenHere(runtime, context.children);
  const broker = new RunBroker({ compiled, runtime, state, children, ...(resources && { resources }) });
  resumeBroker(broker, options);
  cancelWith(broker, options.signal);
  return new RunHandler(broker);
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

function storeOf(context: SerializedContext): JsonObject {
  return decodeStore(context.store);
}
