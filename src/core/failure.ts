/** What an error handler is told of a step that failed for good. */
import type { FailedWork } from "./broker-state.ts";
import type { Program } from "./program.ts";
import type { SerializedError } from "./serialized-error.ts";
import type { WorkflowEvent } from "./event-ref.ts";

/** The type of the event that carries a failure to its handler. */
export const STEP_FAILED = "StepFailedEvent";

export interface FailureData extends FailedWork {
  /** The event the step got; all of them where it joins several. */
  readonly input: WorkflowEvent | readonly WorkflowEvent[];
  readonly error: SerializedError;
  readonly failedAt: number;
}

/** Index of the handler for a step: the one that names it, else the one for all. Handlers have none. */
export function handlerOf(program: Program, step: number): number | undefined {
  const plan = program.steps[step];
  if (!plan || plan.catches) return undefined;
  let forAll: number | undefined;
  for (const { catches, index } of program.steps) {
    if (!catches) continue;
    if (catches.forSteps === null) forAll = index;
    else if (catches.forSteps.includes(plan.name)) return index;
  }
  return forAll;
}
