/**
 * Retry policies: a pure function from "how often, how long, what error" to a verdict. The step worker asks once
 * per failure and the verdict is recorded in the tick, so replay never calls a policy.
 *
 * A policy is made whole (`constantDelay`, `exponentialBackoff`) or composed of a condition, a wait and a stop
 * (`retryPolicy`); those are in files of their own.
 */
import { WorkflowConfigurationError } from "./errors.ts";
import type { RetryAttempt } from "./retry-attempt.ts";
import { retryAlways, type RetryCondition } from "./retry-conditions.ts";
import { checkCount, checkNumber, checkPart } from "./retry-parts.ts";
import { stopAfterAttempt, type RetryStop } from "./retry-stops.ts";
import { grow, waitFixed, type RetryWait } from "./retry-waits.ts";
import type { RetryVerdict } from "./tick.ts";

/** Decides about failures. Write your own as an object: nothing else is needed. */
export interface RetryPolicy {
  /** For people: shown beside the step. */
  readonly description: string;
  /**
   * Asked once per failure. A policy that throws, or gives a delay that is no finite number, does not hide the step's
   * error: the failure is not retried, and the step's log says why.
   */
  decide(attempt: RetryAttempt): RetryVerdict;
}

/** What a policy is composed of; what is left out has its default. */
export interface RetryPolicyParts {
  /** Which errors are retried; default: every one. */
  readonly retry?: RetryCondition;
  /** How long to wait before the next attempt; default: 5,000 ms. */
  readonly wait?: RetryWait;
  /** When to give up; default: after 3 attempts. */
  readonly stop?: RetryStop;
}

/**
 * A policy composed of a condition, a wait and a stop. A failure is retried if the condition takes its error and the
 * stop, told the delay, does not call it the last; the delay is rounded to whole milliseconds.
 * (The idea and the words are tenacity's, by way of LlamaIndex workflows.)
 *
 * ```ts
 * retryPolicy({
 *   retry: retryAny(retryIfErrorType(TypeError), retryIfErrorMessage({ match: /rate limit/i })),
 *   wait: waitRetryAfter(waitFullJitter({ maximum: 30_000 })),
 *   stop: stopAny(stopAfterAttempt(5), stopBeforeDelay(120_000)),
 * });
 * ```
 *
 * Throws `WorkflowConfigurationError` for a part that is none.
 */
export function retryPolicy(parts: RetryPolicyParts = {}): RetryPolicy {
  const { retry = retryAlways(), wait = waitFixed(5_000), stop = stopAfterAttempt(3) } = parts;
  checkPart("retryPolicy: retry", "isRetryable", retry);
  checkPart("retryPolicy: wait", "delay", wait);
  checkPart("retryPolicy: stop", "isLast", stop);
  return {
    description: `${stop.description}, waiting ${wait.description}, for ${retry.description}`,
    decide(attempt) {
      if (!retry.isRetryable(attempt)) return { retry: false };
      const delay = Math.max(0, Math.round(wait.delay(attempt)));
      if (!Number.isFinite(delay)) {
        throw new WorkflowConfigurationError(`The wait (${wait.description}) gave a delay that is no finite number.`);
      }
      return stop.isLast(attempt, delay) ? { retry: false } : { retry: true, delay };
    },
  };
}

/**
 * Waits the same time before each attempt. Default: 3 attempts in all, 5,000 ms apart; `maximumAttempts: Infinity`
 * never gives up.
 *
 * Throws `WorkflowConfigurationError` for attempts that are no whole number above 0, or a negative or endless delay.
 */
export function constantDelay(options: { maximumAttempts?: number; delay?: number } = {}): RetryPolicy {
  const maximumAttempts = checkAttempts(options.maximumAttempts ?? 3);
  const delay = checkNumber("delay", options.delay ?? 5_000, 0);
  return {
    description: `${maximumAttempts} attempts, ${delay} ms apart`,
    decide: ({ failures }) => (failures < maximumAttempts ? { retry: true, delay } : { retry: false }),
  };
}

/**
 * Waits `initial × factor^(n - 1)` milliseconds after the n-th failure, at most `maximum`; with `jitter` (0 to 1) up
 * to that share of the delay is taken off at random, the same for the same failure of the same run.
 * Default: 3 attempts, 1,000 ms, factor 2, at most 60,000 ms, no jitter; `maximumAttempts: Infinity` never gives up.
 *
 * Throws `WorkflowConfigurationError` for attempts that are no whole number above 0, a negative or endless time, a
 * factor below 1, or a jitter beyond 1.
 */
export function exponentialBackoff(
  options: { initial?: number; factor?: number; maximum?: number; jitter?: number; maximumAttempts?: number } = {},
): RetryPolicy {
  const initial = checkNumber("initial", options.initial ?? 1_000, 0);
  const factor = checkNumber("factor", options.factor ?? 2, 1);
  const maximum = checkNumber("maximum", options.maximum ?? 60_000, 0);
  const jitter = checkNumber("jitter", options.jitter ?? 0, 0);
  const maximumAttempts = checkAttempts(options.maximumAttempts ?? 3);
  if (jitter > 1) throw new WorkflowConfigurationError(`jitter must be between 0 and 1, not ${jitter}.`);
  return {
    description: `${maximumAttempts} attempts, ${initial} ms × ${factor} up to ${maximum} ms`,
    decide({ failures, random }) {
      if (failures >= maximumAttempts) return { retry: false };
      return { retry: true, delay: Math.round(grow(initial, factor, maximum, failures) * (1 - jitter * random)) };
    },
  };
}

function checkAttempts(value: number): number {
  return value === Number.POSITIVE_INFINITY ? value : checkCount("maximumAttempts", value);
}
