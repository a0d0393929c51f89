import fc from "fast-check";
import {
  constantDelay,
  exponentialBackoff,
  retryIfErrorType,
  retryPolicy,
  stopAfterAttempt,
  stopAny,
  stopBeforeDelay,
  stopNever,
  waitChain,
  waitExponential,
  waitFixed,
  waitRandom,
  WorkflowConfigurationError,
  type RetryAttempt,
} from "tickwork";
import { describe, expect, test } from "vitest";
import { attemptOfPart, seededRandom } from "../../src/core/retry-attempt.ts";
import { anyAttempt, attempt, attempts } from "./retry-attempts.ts";

const delays = (policy: { decide(attempt: RetryAttempt): unknown }, count: number) =>
  attempts(count).map((one) => policy.decide(one));

describe("retryPolicy", () => {
  test("is any error, 3 attempts, 5 s apart by default", () => {
    expect(delays(retryPolicy(), 3)).toEqual([
      { retry: true, delay: 5000 },
      { retry: true, delay: 5000 },
      { retry: false },
    ]);
  });

  test("asks its condition, its wait and its stop", () => {
    const policy = retryPolicy({
      retry: retryIfErrorType(TypeError),
      wait: waitExponential({ initial: 500, factor: 3 }),
      stop: stopAfterAttempt(3),
    });
    const verdicts = attempts(3, { error: new TypeError("x") }).map((one) => policy.decide(one));
    expect(verdicts).toEqual([{ retry: true, delay: 500 }, { retry: true, delay: 1500 }, { retry: false }]);
    expect(policy.decide(attempt())).toEqual({ retry: false });
  });

  test("gives the n-th failure the n-th wait", () => {
    const wait = waitChain(waitFixed(1), waitFixed(2), waitFixed(5));
    expect(delays(retryPolicy({ wait, stop: stopAfterAttempt(4) }), 4)).toEqual([
      ...[1, 2, 5].map((delay) => ({ retry: true, delay })),
      { retry: false },
    ]);
  });

  test("tells the stop the delay there would be", () => {
    const policy = retryPolicy({ wait: waitFixed(500), stop: stopBeforeDelay(5000) });
    expect(policy.decide(attempt({ elapsed: 4400 }))).toEqual({ retry: true, delay: 500 });
    expect(policy.decide(attempt({ elapsed: 4500 }))).toEqual({ retry: false });
  });

  test("makes whole milliseconds of a delay, and 0 of a negative one", () => {
    const decide = (delay: number) => retryPolicy({ wait: { description: "", delay: () => delay } }).decide(attempt());
    expect([0.4, 2.6, -3].map(decide)).toEqual([0, 3, 0].map((delay) => ({ retry: true, delay })));
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, undefined, "5s"])("refuses a delay of %s", (delay) => {
    const policy = retryPolicy({ wait: { description: "odd", delay: () => delay as never } });
    expect(() => policy.decide(attempt())).toThrow(/\(odd\)/);
  });

  test("decides the same for the same failure", () => {
    const policy = retryPolicy({ wait: waitRandom({ maximum: 1e6 }), stop: stopNever() });
    fc.assert(
      fc.property(anyAttempt, (one) => {
        const verdict = policy.decide(one);
        expect(policy.decide({ ...one })).toEqual(verdict);
        expect(verdict.retry && verdict.delay >= 0 && verdict.delay <= 1e6).toBe(true);
      }),
    );
  });

  test.each([{ retry: () => true }, { wait: 5000 }, { stop: 3 }, { retry: null }, { wait: waitFixed }])(
    "refuses a part that is none: %o",
    (parts) => {
      expect(() => retryPolicy(parts as never)).toThrow(WorkflowConfigurationError);
    },
  );

  test("describes itself", () => {
    const stop = stopAny(stopAfterAttempt(5), stopBeforeDelay(30_000));
    expect(retryPolicy().description).toBe("3 attempts, waiting 5000 ms, for any error");
    expect(retryPolicy({ stop }).description).toMatch(/^5 attempts or 30000 ms with the next delay, waiting /);
  });
});

describe("constantDelay", () => {
  test("is 3 attempts, 5 s apart by default", () => {
    expect(delays(constantDelay(), 3)).toEqual([
      { retry: true, delay: 5000 },
      { retry: true, delay: 5000 },
      { retry: false },
    ]);
  });

  test("goes on for ever if told to", () => {
    const policy = constantDelay({ maximumAttempts: Number.POSITIVE_INFINITY, delay: 1 });
    expect(policy.decide(attempt({ failures: 1e9 }))).toEqual({ retry: true, delay: 1 });
  });

  test("of one attempt never retries", () => {
    expect(delays(constantDelay({ maximumAttempts: 1 }), 1)).toEqual([{ retry: false }]);
  });

  test.each([
    { maximumAttempts: 0 },
    { maximumAttempts: Number.NaN },
    { maximumAttempts: 2.5 },
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
    expect(policy.decide(attempt({ random: 0.5 }))).toEqual({ retry: true, delay: 750 });
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
          const verdict = policy.decide(attempt({ failures, random }));
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

describe("attemptOfPart", () => {
  test("leaves the first part its chance and gives every other one of its own", () => {
    const parts = [0, 1, 2].map((place) => attemptOfPart(attempt({ random: 0.5 }), place).random);
    expect(parts[0]).toBe(0.5);
    expect(new Set(parts).size).toBe(3);
    expect(parts.every((random) => random >= 0 && random < 1)).toBe(true);
    expect(attemptOfPart(attempt({ random: 0.5 }), 2).random).toBe(parts[2]);
  });
});
