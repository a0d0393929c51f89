import fc from "fast-check";
import {
  waitChain,
  waitCombine,
  waitExponential,
  waitExponentialJitter,
  waitFixed,
  waitFromError,
  waitFullJitter,
  waitIncrementing,
  waitNone,
  waitRandom,
  waitRetryAfter,
  WorkflowConfigurationError,
  WorkflowRuntimeError,
  type RetryWait,
} from "tickwork";
import { describe, expect, test } from "vitest";
import { anyAttempt, attempt, attempts } from "./retry-attempts.ts";

const delays = (wait: RetryWait, count: number, random = 0) =>
  attempts(count, { random }).map((one) => wait.delay(one));

describe("without chance", () => {
  test("waitFixed is the same each time, waitNone is none", () => {
    expect(delays(waitFixed(3_500), 3)).toEqual([3_500, 3_500, 3_500]);
    expect(delays(waitNone(), 2)).toEqual([0, 0]);
  });

  test("waitExponential doubles from 1 s up to a minute by default", () => {
    expect(delays(waitExponential(), 8)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
  });

  test("waitExponential has a floor and a cap", () => {
    const wait = waitExponential({ initial: 500, factor: 10, minimum: 2_000, maximum: 7_000 });
    expect(delays(wait, 4)).toEqual([2_000, 5_000, 7_000, 7_000]);
  });

  test("waitExponential of nothing stays nothing, however long it grows", () => {
    expect(waitExponential({ initial: 0 }).delay(attempt({ failures: 2_000 }))).toBe(0);
  });

  test("waitIncrementing grows by the same amount up to its cap", () => {
    expect(delays(waitIncrementing({ initial: 1_000, increment: 500, maximum: 2_000 }), 4)).toEqual([
      1_000, 1_500, 2_000, 2_000,
    ]);
  });

  test("waitIncrementing is never negative", () => {
    expect(delays(waitIncrementing({ initial: 50, increment: -100 }), 3)).toEqual([50, 0, 0]);
    expect(delays(waitIncrementing({ initial: -5_000, increment: 3_000 }), 3)).toEqual([0, 0, 1_000]);
  });
});

describe("with chance", () => {
  test("waitRandom is in its range", () => {
    const wait = waitRandom({ minimum: 100, maximum: 300 });
    expect([0, 0.5, 0.75].map((random) => wait.delay(attempt({ random })))).toEqual([100, 200, 250]);
  });

  test("waitExponentialJitter adds, then caps", () => {
    const wait = waitExponentialJitter({ initial: 1_000, jitter: 400, maximum: 2_200 });
    expect(delays(wait, 3, 0.5)).toEqual([1_200, 2_200, 2_200]);
  });

  test("waitFullJitter is anything from its minimum up to the exponential", () => {
    const wait = waitFullJitter({ initial: 1_000, minimum: 200 });
    expect(delays(wait, 3, 0.5)).toEqual([600, 1_100, 2_100]);
  });

  test("waitFullJitter is its minimum while the exponential is below it", () => {
    expect(delays(waitFullJitter({ initial: 500, minimum: 2_000 }), 4, 0.5)).toEqual([2_000, 2_000, 2_000, 3_000]);
  });
});

describe("composed", () => {
  test("waitChain takes one after the other and repeats the last", () => {
    expect(delays(waitChain(waitFixed(1), waitFixed(10), waitFixed(5)), 5)).toEqual([1, 10, 5, 5, 5]);
  });

  test("waitChain tells its parts which failure it is", () => {
    expect(delays(waitChain(waitFixed(1), waitExponential({ initial: 10 })), 3)).toEqual([1, 20, 40]);
  });

  test("waitCombine is the sum", () => {
    expect(delays(waitCombine(waitFixed(1_500), waitIncrementing()), 3)).toEqual([2_500, 3_500, 4_500]);
  });

  test("waitCombine does not let a negative part of one's own take away from the others", () => {
    expect(delays(waitCombine(waitFixed(10), { description: "", delay: () => -99 }), 1)).toEqual([10]);
  });

  test("the parts of waitCombine do not move together", () => {
    const share = waitRandom({ maximum: 1 });
    const randoms = Array.from({ length: 1_000 }, (_, index) => index / 1_000);
    const seconds = randoms.map((random) => waitCombine(share, share).delay(attempt({ random })) - random);
    const together = randoms.reduce((sum, random, index) => sum + (random - 0.5) * (seconds[index]! - 0.5), 0) / 1_000;
    // Parts that moved together would give 1/12.
    expect(Math.abs(together)).toBeLessThan(0.01);
  });
});

describe("asked of the error", () => {
  test("waitFromError gives what the error says, else the fallback", () => {
    const wait = waitFromError((error) => (error as { wait?: number }).wait, waitFixed(7));
    const errors = [{ wait: 1_234 }, { wait: 0 }, { wait: -5 }, {}, { wait: Number.NaN }, { wait: "5" }];
    expect(errors.map((error) => wait.delay(attempt({ error })))).toEqual([1_234, 0, 0, 7, 7, 7]);
  });

  test("waitFromError falls back to 5 s, and to whatever failure it is", () => {
    expect(waitFromError(() => undefined).delay(attempt())).toBe(5_000);
    expect(
      delays(
        waitFromError(() => undefined, waitExponential()),
        3,
      ),
    ).toEqual([1_000, 2_000, 4_000]);
  });

  const at = Date.UTC(2026, 0, 1, 12);
  const asked = (error: unknown) => waitRetryAfter(waitFixed(7)).delay(attempt({ error, at }));
  const answered = (value: string) => ({ response: { headers: new Headers({ "Retry-After": value }) } });

  test.each<[string, unknown, number]>([
    ["milliseconds", { retryAfter: 1_500 }, 1_500],
    ["no time", { retryAfter: 0 }, 0],
    ["a Date", { retryAfter: new Date(at + 2_000) }, 2_000],
    ["a Date that is past", { retryAfter: new Date(at - 2_000) }, 0],
    ["a header in seconds", answered("120"), 120_000],
    ["a header with a fraction", answered("1.5"), 1_500],
    ["a header with an HTTP date", answered("Thu, 01 Jan 2026 12:00:30 GMT"), 30_000],
    ["a header with an HTTP date of the old form", answered("Thursday, 01-Jan-26 12:00:30 GMT"), 30_000],
    ["a header with a date that is past", answered("Thu, 01 Jan 2026 11:59:59 GMT"), 0],
    ["a plain object of headers", { response: { headers: { "retry-after": "2" } } }, 2_000],
    ["headers written in any case", { response: { headers: { "RETRY-After": " 2 " } } }, 2_000],
    ["a header that is a number", { response: { headers: { "retry-after": 2 } } }, 2_000],
    ["several headers", { response: { headers: { "retry-after": ["3", "9"] } } }, 3_000],
    ["headers on the error itself", { headers: new Headers({ "retry-after": "4" }) }, 4_000],
    ["a cause", new Error("x", { cause: { retryAfter: 5 } }), 5],
    ["a resource's factory", new WorkflowRuntimeError("x", { cause: answered("6") }), 6_000],
    ["a field before a header", { retryAfter: 1, ...answered("6") }, 1],
  ])("waitRetryAfter understands %s", (_name, error, expected) => {
    expect(asked(error)).toBe(expected);
  });

  test.each<[string, unknown]>([
    ["nothing", new Error("x")],
    ["a field without end", { retryAfter: Number.POSITIVE_INFINITY }],
    ["an invalid Date", { retryAfter: new Date(Number.NaN) }],
    ["a text as a field", { retryAfter: "soon" }],
    ["a negative header", answered("-5")],
    ["a word in the header", answered("soon")],
    ["a date without a zone", answered("Thu, 01 Jan 2026 12:00:30")],
    ["a date that is none", answered("Xyz, 99 Abc 2026 12:00:30 GMT")],
    ["an empty header", answered("")],
    ["no headers", { response: {} }],
    ["a response that is null", { response: null, headers: null }],
    ["undefined", undefined],
    ["a text", "retry-after: 5"],
  ])("waitRetryAfter falls back on %s", (_name, error) => {
    expect(asked(error)).toBe(7);
  });
});

describe("every wait", () => {
  const time = fc.double({ min: 0, max: 1e9, noNaN: true });
  const factor = fc.double({ min: 1, max: 100, noNaN: true });
  const range = fc.tuple(time, time).map(([a, b]) => ({ minimum: Math.min(a, b), maximum: Math.max(a, b) }));
  const simple: fc.Arbitrary<{ wait: RetryWait; least: number; most: number }> = fc.oneof(
    time.map((least) => ({ wait: waitFixed(least), least, most: least })),
    range.map((one) => ({ wait: waitRandom(one), least: one.minimum, most: one.maximum })),
    fc.tuple(range, time, factor).map(([bounds, initial, by]) => ({
      wait: waitExponential({ initial, factor: by, ...bounds }),
      least: bounds.minimum,
      most: bounds.maximum,
    })),
    fc.tuple(range, time, factor).map(([bounds, initial, by]) => ({
      wait: waitFullJitter({ initial, factor: by, ...bounds }),
      least: bounds.minimum,
      most: bounds.maximum,
    })),
    fc.tuple(time, time, time, factor).map(([initial, maximum, jitter, by]) => ({
      wait: waitExponentialJitter({ initial, factor: by, maximum, jitter }),
      least: Math.min(initial, maximum),
      most: maximum,
    })),
    fc
      .tuple(fc.double({ min: -1e9, max: 1e9, noNaN: true }), fc.double({ min: -1e9, max: 1e9, noNaN: true }), time)
      .map(([initial, increment, maximum]) => ({
        wait: waitIncrementing({ initial, increment, maximum }),
        least: 0,
        most: maximum,
      })),
    time.map((fallback) => ({
      wait: waitFromError(
        (error) => (typeof error === "number" ? Math.min(error, 1e9) : undefined),
        waitFixed(fallback),
      ),
      least: 0,
      most: 1e9,
    })),
  );
  const composed = fc.array(simple, { minLength: 1, maxLength: 4 }).chain((parts) => {
    const waits = parts.map(({ wait }) => wait);
    return fc.constantFrom(
      { wait: waitChain(...waits), least: 0, most: Math.max(...parts.map(({ most }) => most)) },
      { wait: waitCombine(...waits), least: 0, most: parts.reduce((sum, { most }) => sum + most, 0) },
    );
  });

  test("gives a finite delay within its bounds, and the same for the same failure", () => {
    fc.assert(
      fc.property(fc.oneof(simple, composed), anyAttempt, ({ wait, least, most }, one) => {
        const delay = wait.delay(one);
        expect(Number.isFinite(delay)).toBe(true);
        expect(delay).toBeGreaterThanOrEqual(least * (1 - 1e-9));
        expect(delay).toBeLessThanOrEqual(most * (1 + 1e-9));
        expect(wait.delay({ ...one })).toBe(delay);
      }),
      { numRuns: 1_000 },
    );
  });

  test("that asks for a Retry-After gives a finite one, whatever was thrown", () => {
    fc.assert(
      fc.property(anyAttempt, fc.anything(), (one, value) => {
        for (const error of [one.error, { retryAfter: value }, { response: { headers: value } }, { cause: value }]) {
          const delay = waitRetryAfter().delay({ ...one, error });
          expect(delay >= 0 && Number.isFinite(delay)).toBe(true);
        }
      }),
    );
  });
});

const mistakes: [string, () => unknown][] = [
  ["a negative time", () => waitFixed(-1)],
  ["an endless time", () => waitFixed(Number.POSITIVE_INFINITY)],
  ["no time", () => waitFixed(undefined as never)],
  ["a factor below 1", () => waitExponential({ factor: 0.5 })],
  ["a floor above the cap", () => waitExponential({ minimum: 2, maximum: 1 })],
  ["a floor above the cap of full jitter", () => waitFullJitter({ minimum: 70_000 })],
  ["a negative floor", () => waitFullJitter({ minimum: -1 })],
  ["a negative jitter", () => waitExponentialJitter({ jitter: -1 })],
  ["an endless cap", () => waitExponentialJitter({ maximum: Number.POSITIVE_INFINITY })],
  ["a range that runs backwards", () => waitRandom({ minimum: 2, maximum: 1 })],
  ["an increment that is no number", () => waitIncrementing({ increment: Number.NaN })],
  ["a negative cap", () => waitIncrementing({ maximum: -1 })],
  ["an empty chain", () => waitChain()],
  ["an empty sum", () => waitCombine()],
  ["a number for a wait", () => waitChain(5 as never)],
  ["no reader", () => waitFromError(undefined as never)],
  ["a number for a fallback", () => waitFromError(() => 1, 5 as never)],
  ["a function for a fallback", () => waitRetryAfter(waitFixed as never)],
];
test.each(mistakes)("%s is refused where it is written", (_name, make) => {
  expect(make).toThrow(WorkflowConfigurationError);
});

test.each([
  [() => waitFixed(5_000), "5000 ms"],
  [() => waitExponential({ minimum: 5 }), "1000 ms × 2 up to 60000 ms, at least 5 ms"],
  [() => waitCombine(waitFixed(1), waitRandom()), "1 ms plus 0 to 1000 ms by chance"],
  [() => waitChain(waitFixed(1), waitCombine(waitFixed(2), waitFixed(3))), "1 ms then (2 ms plus 3 ms)"],
  [() => waitRetryAfter(), "what the service asks for, else 5000 ms"],
])("describes itself %#", (make, expected) => {
  expect(make().description).toBe(expected);
});
