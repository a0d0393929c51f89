/** Stops: when to give up. Names and meaning follow tenacity and LlamaIndex workflows (`stop_after_attempt`). */
import type { RetryAttempt } from "./retry-attempt.ts";
import { checkCount, checkNumber, checkParts, joinDescriptions } from "./retry-parts.ts";

/** Says whether a failure is the last one. Write your own as an object: nothing else is needed. */
export interface RetryStop {
  /** Reads as a limit: "3 attempts". */
  readonly description: string;
  /** `delay` is what the next attempt would wait, in milliseconds. Must be pure: the same for the same arguments. */
  isLast(attempt: RetryAttempt, delay: number): boolean;
}

/**
 * So many attempts in all, the first one included: 1 never retries. (tenacity: `stop_after_attempt`)
 *
 * Throws `WorkflowConfigurationError` unless it is a whole number above 0.
 */
export function stopAfterAttempt(attempts: number): RetryStop {
  checkCount("stopAfterAttempt", attempts);
  return stop(attempts === 1 ? "1 attempt" : `${attempts} attempts`, ({ failures }) => failures >= attempts);
}

/**
 * A failure this many milliseconds or more after the first attempt began is the last; the attempt before it may have
 * been allowed to wait beyond that. (tenacity: `stop_after_delay`)
 *
 * Throws `WorkflowConfigurationError` for a negative or endless time.
 */
export function stopAfterDelay(milliseconds: number): RetryStop {
  checkNumber("stopAfterDelay", milliseconds, 0);
  return stop(`${milliseconds} ms`, ({ elapsed }) => elapsed >= milliseconds);
}

/**
 * No attempt begins this many milliseconds or more after the first one did: a failure is the last when its delay would
 * reach that time. (tenacity: `stop_before_delay`)
 *
 * Throws `WorkflowConfigurationError` for a negative or endless time.
 */
export function stopBeforeDelay(milliseconds: number): RetryStop {
  checkNumber("stopBeforeDelay", milliseconds, 0);
  return stop(`${milliseconds} ms with the next delay`, ({ elapsed }, delay) => elapsed + delay >= milliseconds);
}

/** Never gives up: the condition, or the run's time limit, has to. (tenacity: `stop_never`) */
export function stopNever(): RetryStop {
  return stop("attempts without limit", () => false);
}

/** As soon as one of them stops. (tenacity: `stop_any`, `|`) Throws `WorkflowConfigurationError` without one. */
export function stopAny(...stops: readonly RetryStop[]): RetryStop {
  checkParts("stopAny", "isLast", stops);
  return stop(joinDescriptions(stops, "or"), (attempt, delay) => stops.some((part) => part.isLast(attempt, delay)));
}

/** Once all of them stop. (tenacity: `stop_all`, `&`) Throws `WorkflowConfigurationError` without one. */
export function stopAll(...stops: readonly RetryStop[]): RetryStop {
  checkParts("stopAll", "isLast", stops);
  return stop(joinDescriptions(stops, "and"), (attempt, delay) => stops.every((part) => part.isLast(attempt, delay)));
}

function stop(description: string, isLast: RetryStop["isLast"]): RetryStop {
  return { description, isLast };
}
