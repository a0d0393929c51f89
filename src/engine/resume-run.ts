/** Saved runs carried on in this process. */
import { ContextSerdeError } from "../core/errors.ts";
import type { OnMismatch } from "../inspection/engine-control.ts";
import { processRuntime, type Runtime } from "../ports/runtime.ts";
import { decodeState } from "../serialize/decode-state.ts";
import { parseContext, type SerializedContext } from "../serialize/serialized-context.ts";
import { compile } from "../workflow/compile.ts";
import type { ResourcesOfWorkflow, ResultOfWorkflow } from "../workflow/infer.ts";
import type { Workflow } from "../workflow/workflow.ts";
import { RunBroker } from "./broker.ts";
import { cancelWith } from "./cancel-with.ts";
import { RunHandler, type Handler } from "./handler.ts";
import { shareProgram } from "./load-run.ts";
import { prepareResume } from "./migrate-run.ts";
import { childrenHere } from "./open-child.ts";
import { resumeBroker } from "./resume-broker.ts";

export interface ResumeOptions<Resources = object> {
  readonly signal?: AbortSignal;
  readonly runtime?: Runtime;
  /** A new time limit in milliseconds, from now; null = none. Default: what was left of the old one. */
  readonly timeout?: number | null;
  /** As for `run`. */
  readonly resources?: Partial<Resources>;
  /** When the workflow has changed and has no place for some of the run's work: see `OnMismatch`. Default "pause". */
  readonly onMismatch?: OnMismatch;
}

/**
 * Carries on a saved run in this process, and writes it to the runtime's journal if it has one. Where that does not
 * know the run, its history there begins with the saved state.
 *
 * Goes on with what is left: work that was in progress starts anew, ahead of what was queued.
 * A run that ended by failure, cancel or timeout tries again what was left; a completed one just has its result.
 *
 * The workflow may have changed meanwhile, as long as it has a place for all work that is left: steps may be added,
 * steps without work may go, numWorkers and functions may be others. The run then goes on with the definition and the
 * version of now.
 *
 * Throws `ContextSerdeError` for something that is no saved run of this workflow, and with code RUN_CODE_CHANGED when
 * work is left for a step that is gone or takes it no more; its `data` says what is missing. `onMismatch: "bestEffort"`
 * then goes on without that work. A workflow's `migrate` function is asked before; MIGRATION_FAILED when it fails.
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
  const state = shareProgram(decodeState(compiled.program, context), compiled.program);
  const { runtime = processRuntime, resources, onMismatch = "pause" } = options;
  const migration = prepareResume(state, compiled, onMismatch);
  const children = childrenHere(runtime, context.children);
  const broker = new RunBroker({
    compiled,
    runtime,
    state,
    origin: "context",
    children,
    ...(resources && { resources }),
  });
  resumeBroker(broker, { ...(options.timeout !== undefined && { timeout: options.timeout }), migration });
  cancelWith(broker, options.signal);
  return new RunHandler(broker);
}
