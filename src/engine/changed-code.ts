/** What to do about a run whose code has changed since it was recorded. The rules stand in `core/adopt-program.ts`. */
import { findMismatch, type Mismatch, type MissingStep } from "../core/adopt-program.ts";
import type { BrokerState } from "../core/broker-state.ts";
import { ContextSerdeError, WorkflowRuntimeError } from "../core/errors.ts";
import type { OnMismatch } from "../inspection/engine-control.ts";
import { isSameProgram, type Program } from "../core/program.ts";

/** Throws `ContextSerdeError`, code RUN_CODE_CHANGED, unless the program has a place for all work or need not. */
export function assertPlaceForAll(state: BrokerState, program: Program, onMismatch: OnMismatch): void {
  if (onMismatch === "bestEffort" || state.status === "completed") return;
  if (isSameProgram(state.program, program)) return;
  const mismatch = findMismatch(state, program);
  if (!mismatch) return;
  throw new ContextSerdeError(
    `Run ${state.runId} was recorded with other code: ${describe(mismatch, program)}. Nothing is lost. Serve code that takes this work, or give its workflow a migrate function that finds a place for it, cancel the run, or resume it with { onMismatch: "bestEffort" }: it then goes on without that work.`,
    { code: "RUN_CODE_CHANGED", data: { runId: state.runId, mismatch } },
  );
}

/** The mismatch that an error tells of, if it is that error. */
export function mismatchOf(error: unknown): Mismatch | undefined {
  const isIt = error instanceof ContextSerdeError && error.code === "RUN_CODE_CHANGED";
  return isIt ? (error.data["mismatch"] as Mismatch) : undefined;
}

/** It can be cancelled, whatever its code is. */
export function isPausedByCode(error: unknown): boolean {
  const isMigration = error instanceof ContextSerdeError && error.code === "MIGRATION_FAILED";
  return isMigration || mismatchOf(error) !== undefined;
}

/** For hooks: the run goes on without some of its work. */
export function workSetAside(runId: string, mismatch: Mismatch): WorkflowRuntimeError {
  const steps = mismatch.steps.map(({ step }) => step).join(", ");
  return new WorkflowRuntimeError(
    `Run ${runId} goes on with changed code, without ${pieces(mismatch.work)} of step ${steps}. It is kept with the run, for code that takes it again.`,
    { code: "WORK_SET_ASIDE", data: { runId, mismatch } },
  );
}

function describe({ recorded, current, work, steps }: Mismatch, { workflow }: Program): string {
  const versions = recorded === current ? `version ${current}` : `version ${recorded}, now ${current}`;
  return `workflow ${workflow} (${versions}) has no place for ${pieces(work)}: ${steps.map(describeStep).join("; ")}`;
}

function describeStep({ step, why, queued, delayed, waiting, gathering }: MissingStep): string {
  const counts = Object.entries({ queued, "in back-off": delayed, waiting, gathering })
    .filter(([, count]) => count > 0)
    .map(([place, count]) => `${count} ${place}`);
  return `step ${step} ${why === "gone" ? "is gone" : "takes it no more"} (${counts.join(", ")})`;
}

function pieces(count: number): string {
  return count === 1 ? "1 piece of work" : `${count} pieces of work`;
}
