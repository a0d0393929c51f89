/** How the functions of steps are called. */
import type { WorkflowError } from "../core/errors.ts";
import type { StepContext } from "../workflow/context-api.ts";
import type { StepDefinition } from "../workflow/step.ts";

/** Without one, a step's function is called where the engine is. Its calls are few: one for each invocation. */
export interface StepExecutor {
  /**
   * Calls the function of a step of the named workflow, here or elsewhere, and gives what it gives: a value or a
   * promise of it. Throws or rejects with what the function throws, or with `ContractBreach`.
   *
   * `context` is that of this one invocation; its signal aborts when the result is no longer wanted.
   */
  execute(step: StepDefinition, input: unknown, context: StepContext, workflow: string): unknown;
  /** Gives up what it holds: called when the engine closes. What is still asked of it afterwards rejects. */
  close?(): Promise<void>;
}

/** Thrown by executors: the step did what it must not do, so its run fails, whatever its retry policy says. */
export class ContractBreach extends Error {
  readonly error: WorkflowError;

  constructor(error: WorkflowError) {
    super(error.message, { cause: error });
    this.name = "ContractBreach";
    this.error = error;
  }
}
