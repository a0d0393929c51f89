/** Failures for tests of retry policies and their parts. */
import fc from "fast-check";
import type { RetryAttempt } from "tickwork";

/** A first failure, at once, with nothing left to chance. */
export const attempt = (more: Partial<RetryAttempt> = {}): RetryAttempt => ({
  failures: 1,
  elapsed: 0,
  at: Date.UTC(2026, 0, 1),
  error: new Error("x"),
  random: 0,
  ...more,
});

/** Failures 1, 2, 3 … */
export const attempts = (count: number, more: Partial<RetryAttempt> = {}): RetryAttempt[] =>
  Array.from({ length: count }, (_, index) => attempt({ failures: index + 1, ...more }));

/** Any failure there can be. */
export const anyAttempt: fc.Arbitrary<RetryAttempt> = fc.record({
  failures: fc.integer({ min: 1, max: 5000 }),
  elapsed: fc.integer({ min: 0, max: 1e9 }),
  at: fc.integer({ min: 0, max: 4e12 }),
  error: fc.anything(),
  random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
});
