/** What a retry policy is asked about, and where its chance comes from. */

/** One failure of a step. All a policy may decide by: no clock, no randomness of its own. */
export interface RetryAttempt {
  /** Failed attempts so far, this one included: 1, 2, 3 … */
  readonly failures: number;
  /** Milliseconds since the first attempt began. */
  readonly elapsed: number;
  /** When the step failed: milliseconds since the epoch. */
  readonly at: number;
  /** What the step threw. */
  readonly error: unknown;
  /** A number in [0, 1) for jitter: the same for the same run, step, work item and failure. */
  readonly random: number;
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

/** The attempt for the part of a policy at this place, so that two parts that use chance do not move together. */
export function attemptOfPart(attempt: RetryAttempt, place: number): RetryAttempt {
  return place === 0 ? attempt : { ...attempt, random: seededRandom(`${attempt.random}/${place}`) };
}

/** How far a chain of causes is followed: it may run in a circle. */
const LONGEST_CHAIN = 32;

/** The error, its cause, the cause of that … */
export function chainOf(error: unknown): readonly unknown[] {
  const chain: unknown[] = [];
  let next = error;
  while (next !== undefined && next !== null && chain.length < LONGEST_CHAIN) {
    chain.push(next);
    next = typeof next === "object" ? (next as { readonly cause?: unknown }).cause : undefined;
  }
  return chain;
}
