import fc from "fast-check";
import { WorkflowConfigurationError, constantDelay, exponentialBackoff, type RetryAttempt } from "tickwork";
import { describe, expect, test } from "vitest";
import { seededRandom } from "../../src/core/retry-policy.ts";

const attempt = (failures: number, more: Partial<RetryAttempt> = {}): RetryAttempt => ({
  failures,
  elapsed: 0,
  error: null,
  random: 0,
  ...more,
});
const delays = (policy: { decide(attempt: RetryAttempt): unknown }, count: number) =>
  Array.from({ length: count }, (_, index) => policy.decide(attempt(index + 1)));

describe("constantDelay", () => {
  test("is 3 attempts, 5 s apart by default", () => {
    expect(delays(constantDelay(), 3)).toEqual([
      { retry: true, delay: 5000 },
      { retry: true, delay: 5000 },
      { retry: false },
    ]);
  });

  test("of one attempt never retries", () => {
    expect(delays(constantDelay({ maximumAttempts: 1 }), 1)).toEqual([{ retry: false }]);
  });

  test.each([
    { maximumAttempts: 0 },
    { maximumAttempts: Number.NaN },
    { delay: -1 },
    { delay: Number.POSITIVE_INFINITY },
  ])("refuses %j", (options) => {
    expect(() => constantDelay(options)).toThrow(WorkflowConfigurationError);
  });
});

describe("exponentialBackoff", () => {
  test("doubles from 1 s by default, 3 attempts", () => {
    expect(delays(exponentialBackoff(), 3)).toEqual([
      { retry: true, delay: 1000 },
      { retry: true, delay: 2000 },
      { retry: false },
    ]);
  });

  test("stops growing at the maximum", () => {
    const policy = exponentialBackoff({ initial: 100, factor: 10, maximum: 500, maximumAttempts: 9 });
    expect(delays(policy, 3)).toEqual([100, 500, 500].map((delay) => ({ retry: true, delay })));
  });

  test("takes off up to the share that jitter says", () => {
    const policy = exponentialBackoff({ initial: 1000, jitter: 0.5 });
    expect(policy.decide(attempt(1, { random: 0.5 }))).toEqual({ retry: true, delay: 750 });
  });

  test("always gives a delay between 0 and the maximum", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1e6, noNaN: true }),
        fc.double({ min: 1, max: 100, noNaN: true }),
        fc.double({ min: 0, max: 1e9, noNaN: true }),
        fc.integer({ min: 1, max: 5000 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (initial, factor, maximum, failures, random) => {
          const policy = exponentialBackoff({
            initial,
            factor,
            maximum,
            jitter: 1,
            maximumAttempts: Number.POSITIVE_INFINITY,
          });
          const verdict = policy.decide(attempt(failures, { random }));
          expect(verdict.retry && verdict.delay >= 0 && verdict.delay <= maximum + 1).toBe(true);
        },
      ),
      { numRuns: 500, examples: [[0, 2, 60_000, 2000, 0]] },
    );
  });

  test.each([{ jitter: 2 }, { factor: 0.5 }, { initial: -1 }, { maximum: Number.NaN }])("refuses %j", (options) => {
    expect(() => exponentialBackoff(options)).toThrow(WorkflowConfigurationError);
  });
});

describe("seededRandom", () => {
  test("is the same for the same text, on every machine", () => {
    expect(seededRandom("run/step/1/1")).toBe(seededRandom("run/step/1/1"));
    expect(seededRandom("a")).toBeCloseTo(0.4, 0);
  });

  test("is in [0, 1) and spread out", () => {
    const numbers = Array.from({ length: 2000 }, (_, index) => seededRandom(`run/step/${index}/1`));
    expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true);
    const mean = numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
    expect(mean).toBeGreaterThan(0.45);
    expect(mean).toBeLessThan(0.55);
  });
});
