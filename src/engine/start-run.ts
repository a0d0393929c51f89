/** Runs started in this process. Nothing here reads saved runs, so that who only runs does not load that. */
import { processRuntime, type Runtime } from "../ports/runtime.ts";
import { storeOfContext } from "../serialize/context-format.ts";
import type { SerializedContext } from "../serialize/serialized-context.ts";
import { compile } from "../workflow/compile.ts";
import type { InputOfWorkflow, ResourcesOfWorkflow, ResultOfWorkflow } from "../workflow/infer.ts";
import type { Workflow } from "../workflow/workflow.ts";
import { createRunId, newState, startBroker } from "./begin-run.ts";
import { RunBroker } from "./broker.ts";
import { cancelWith } from "./cancel-with.ts";
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
  const store = options.context ? storeOfContext(options.context) : initialStore(workflow);
  const runId = options.runId ?? createRunId();
  const { runtime = processRuntime, resources } = options;
  const broker = new RunBroker({
    compiled,
    runtime,
    state: newState(compiled, runId, runtime),
    origin: "new",
    children: childrenHere(runtime),
    ...(resources && { resources }),
  });
  startBroker(broker, event, store);
  cancelWith(broker, options.signal);
  return new RunHandler(broker);
}
