import { WorkflowRuntimeError } from "../core/errors.ts";

/** What an imported run says to whoever wants something to happen in it. */
export function runIsReadOnly(runId: string): WorkflowRuntimeError {
  return new WorkflowRuntimeError(
    `Run ${runId} was imported and is read-only. To go on with it, fork it: engine.forkRun(${JSON.stringify(runId)}).`,
    { code: "RUN_READ_ONLY", data: { runId } },
  );
}
