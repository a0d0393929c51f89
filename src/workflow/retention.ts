/** What is kept of a workflow's runs, and for how long. */
import { WorkflowConfigurationError } from "../core/errors.ts";

/** How much of a run's history is kept. Its state, its result and what it still has to do are kept in any case. */
export interface HistoryOptions {
  /**
   * While the run goes on in an engine: the newest so many ticks, and up to about a thousand more before older ones are
   * dropped together. What is left begins with a keyframe: the run goes on, resumes and can be looked at from there on,
   * and says where that is (`historyFrom`). Default: all ticks.
   */
  readonly keepTicks?: number;
}

/** Throws `WorkflowConfigurationError` for numbers that cannot be. */
export function checkHistory(workflow: string, { keepTicks }: HistoryOptions): void {
  if (keepTicks !== undefined && !isCount(keepTicks)) {
    throw new WorkflowConfigurationError(
      `Workflow ${workflow}: history.keepTicks must be a whole number, 0 or more, not ${String(keepTicks)}. Leave it out to keep all.`,
    );
  }
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
