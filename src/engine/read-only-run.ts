import { WorkflowRuntimeError } from "../core/errors.ts";
import type { RunRecord } from "../ports/journal.ts";

/** Why nothing happens in a run: it was imported, and "redacted": some of what happened is hidden in its history. */
export type ReadOnly = "imported" | "redacted";

export function readOnlyOf({ readOnly, redacted }: RunRecord): ReadOnly | null {
  if (!readOnly) return null;
  return redacted ? "redacted" : "imported";
}

/** What an imported run says to whoever wants something to happen in it. */
export function runIsReadOnly(runId: string, why: ReadOnly): WorkflowRuntimeError {
  if (why === "redacted") return runIsRedacted(runId);
  return new WorkflowRuntimeError(
    `Run ${runId} was imported and is read-only. To go on with it, fork it: engine.forkRun(${JSON.stringify(runId)}).`,
    { code: "RUN_READ_ONLY", data: { runId } },
  );
}

/** Throws `WorkflowRuntimeError`, code RUN_REDACTED. */
export function assertNotRedacted({ runId, redacted }: RunRecord): void {
  if (redacted) throw runIsRedacted(runId);
}

function runIsRedacted(runId: string): WorkflowRuntimeError {
  return new WorkflowRuntimeError(
    `Run ${runId} was imported from a file in which data is hidden: it can be looked at, but neither continued nor forked, as its steps would work with what was put in the place of that data. Export it where it ran, by an engine without redact, and import that file.`,
    { code: "RUN_REDACTED", data: { runId } },
  );
}
