/** What is kept of a workflow's runs, and for how long. Engines keep to it; `run` by itself deletes nothing. */
import { WorkflowConfigurationError } from "../core/errors.ts";

/** How much of a run's history is kept. Its state, its result and what it still has to do are kept in any case. */
export interface HistoryOptions {
  /**
   * While the run goes on: the newest so many ticks, and up to about a thousand more before older ones are dropped
   * together. What is left begins with a keyframe: the run goes on, resumes and can be looked at from there on, and says
   * where that is (`historyFrom`). Default: all ticks.
   */
  readonly keepTicks?: number;
  /**
   * Once the run ended: "all" that is there (default), stored in less space; or the "result": its record, its last event
   * and the tick that ended it, with the state before, so that it can still be looked at and carried on. Other published
   * events are gone a minute later, or when nobody reads them any more.
   */
  readonly afterEnd?: "all" | "result";
}

/**
 * Which runs that ended are kept, by the machine's clock. A run goes with all that belongs to it, as with `deleteRun`:
 * its history and the runs that its steps started. Never before a minute has passed, while somebody reads its stream or
 * inspects it, or if it is read-only.
 */
export interface RetentionOptions {
  /** Those that ended in the last so many days (of 24 hours). Default: however long ago. */
  readonly days?: number;
  /** Those that ended last, so many of this workflow. Default: any number. */
  readonly runs?: number;
  /**
   * When the storage is full: "keep" them (default), or "delete" also those that may stay by the rules above, those that
   * ended first first, until there is room.
   */
  readonly whenFull?: "keep" | "delete";
}

/** Throws `WorkflowConfigurationError` for what cannot be. */
export function checkHistory(workflow: string, { keepTicks, afterEnd }: HistoryOptions): void {
  if (keepTicks !== undefined && !(Number.isSafeInteger(keepTicks) && keepTicks >= 0)) {
    throw refused(workflow, "history.keepTicks", "a whole number, 0 or more", keepTicks);
  }
  if (!isOneOf(afterEnd, "all", "result")) throw refused(workflow, "history.afterEnd", '"all" or "result"', afterEnd);
}

/** Throws `WorkflowConfigurationError` for what cannot be. */
export function checkRetention(workflow: string, { days, runs, whenFull }: RetentionOptions): void {
  if (days !== undefined && !(Number.isFinite(days) && days >= 0)) {
    throw refused(workflow, "retention.days", "a number of days, 0 or more", days);
  }
  if (runs !== undefined && !(Number.isSafeInteger(runs) && runs >= 0)) {
    throw refused(workflow, "retention.runs", "a whole number, 0 or more", runs);
  }
  if (!isOneOf(whenFull, "keep", "delete"))
    throw refused(workflow, "retention.whenFull", '"keep" or "delete"', whenFull);
}

function isOneOf(value: string | undefined, ...known: readonly string[]): boolean {
  return value === undefined || known.includes(value);
}

function refused(workflow: string, option: string, wanted: string, got: unknown): WorkflowConfigurationError {
  return new WorkflowConfigurationError(
    `Workflow ${workflow}: ${option} must be ${wanted}, not ${String(got)}. Leave it out to keep all.`,
  );
}
