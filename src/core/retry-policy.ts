/**
 * Retry policies: a pure function from "how often, how long, what error" to a verdict. The step worker asks once
 * per failure and the verdict is recorded in the tick, so replay never calls a policy.
 */
import { WorkflowConfigurationError } from "./errors.ts";
import type { RetryVerdict } from "./tick.ts";

export interface RetryAttempt {
  /** Failed attempts so far, this one included: 1, 2, 3 … */
  readonly failures: number;
  /** Milliseconds since the first attempt began. */
  readonly elapsed: number;
  /** What the step threw. */
  readonly error: unknown;
  /** Same for the same run, step, work item and failure: a number in [0, 1) for jitter. */
  readonly random: number;
}

export interface RetryPolicy {
  /** Shown by the inspector. */
  readonly description: string;
  decide(attempt: RetryAttempt): RetryVerdict;
}

/** Waits the same time before each attempt. Default: 3 attempts in all, 5,000 ms apart. */
export function constantDelay(options: { maximumAttempts?: number; delay?: number } = {}): RetryPolicy {
  const maximumAttempts = atLeast("maximumAttempts", options.maximumAttempts ?? 3, 1);
  const delay = atLeast("delay", options.delay ?? 5_000, 0);
  return {
    description: `${maximumAttempts} attempts, ${delay} ms apart`,
    decide: ({ failures }) => (failures < maximumAttempts ? { retry: true, delay } : { retry: false }),
  };
}

/**
 * Waits `initial * factor ** n` milliseconds, at most `maximum`; with `jitter` (0 to 1) up to that share of the
 * delay is taken off at random, the same for the same failure of the same run.
 * Default: 3 attempts, 1,000 ms, factor 2, at most 60,000 ms, no jitter.
 */
export function exponentialBackoff(
  options: { initial?: number; factor?: number; maximum?: number; jitter?: number; maximumAttempts?: number } = {},
): RetryPolicy {
  const initial = atLeast("initial", options.initial ?? 1_000, 0);
  const factor = atLeast("factor", options.factor ?? 2, 1);
  const maximum = atLeast("maximum", options.maximum ?? 60_000, 0);
  const jitter = atLeast("jitter", options.jitter ?? 0, 0);
  const maximumAttempts = atLeast("maximumAttempts", options.maximumAttempts ?? 3, 1);
  if (jitter > 1) throw new WorkflowConfigurationError(`jitter must be between 0 and 1, not ${jitter}.`);
  return {
    description: `${maximumAttempts} attempts, ${initial} ms × ${factor} up to ${maximum} ms`,
    decide({ failures, random }) {
      if (failures >= maximumAttempts) return { retry: false };
      // 0 times a growth beyond all numbers is none.
      const delay = initial === 0 ? 0 : Math.min(maximum, initial * factor ** (failures - 1));
      return { retry: true, delay: Math.round(delay * (1 - jitter * random)) };
    },
  };
}

function atLeast(name: string, value: number, least: number): number {
  if (Number.isFinite(value) && value >= least) return value;
  if (value === Number.POSITIVE_INFINITY && name === "maximumAttempts") return value;
  throw new WorkflowConfigurationError(`${name} must be a number of at least ${least}, not ${String(value)}.`);
}

/** A number in [0, 1) that depends on the text alone (FNV-1a, then a finalising mix). */
export function seededRandom(seed: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < seed.length; index++) {
    hash = Math.imul(hash ^ seed.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
