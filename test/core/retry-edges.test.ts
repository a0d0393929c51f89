import {
  constantDelay,
  exponentialBackoff,
  retryIfError,
  retryIfErrorCauseType,
  retryIfErrorName,
  retryIfErrorMessage,
  retryIfErrorType,
  retryNever,
  retryPolicy,
  stopAfterAttempt,
  stopAfterDelay,
  stopAny,
  waitExponential,
  waitExponentialJitter,
  waitFixed,
  waitFromError,
  waitFullJitter,
  waitIncrementing,
  waitRandom,
  waitRetryAfter,
} from "tickwork";
import { describe, expect, test } from "vitest";
import { seededRandom } from "../../src/core/retry-attempt.ts";
import { attempt } from "./retry-attempts.ts";

describe("what a policy says of itself", () => {
  test.each<[() => { readonly description: string }, string]>([
    [() => constantDelay(), "3 attempts, 5000 ms apart"],
    [() => exponentialBackoff(), "3 attempts, 1000 ms × 2 up to 60000 ms"],
    [() => retryPolicy(), "3 attempts, waiting 5000 ms, for any error"],
    [() => retryNever(), "no error"],
    [() => retryIfError(() => true), "a chosen error"],
    [() => retryIfErrorType(class extends Error {}), "a class without a name"],
    [() => stopAfterAttempt(1), "1 attempt"],
    [() => stopAfterDelay(10), "10 ms"],
    [() => stopAny(stopAny(stopAfterAttempt(2), stopAfterDelay(9))), "2 attempts or 9 ms"],
    [() => waitExponential(), "1000 ms × 2 up to 60000 ms"],
    [() => waitExponentialJitter(), "1000 ms × 2 up to 60000 ms, with up to 1000 ms added by chance"],
    [() => waitFullJitter(), "0 ms to 1000 ms × 2 up to 60000 ms, by chance"],
    [() => waitIncrementing(), "1000 ms and 1000 ms more each time, up to 60000 ms"],
    [() => waitRandom(), "0 to 1000 ms by chance"],
    [() => waitFromError(() => 1), "what the error asks for, else 5000 ms"],
  ])("%#", (make, description) => {
    expect(make().description).toBe(description);
  });
});

describe("conditions", () => {
  const takes = (condition: { isRetryable(one: ReturnType<typeof attempt>): boolean }, error: unknown) =>
    condition.isRetryable(attempt({ error }));

  test("answer with true or false, whatever a predicate returns", () => {
    expect(takes(retryNever(), new Error("x"))).toBe(false);
    expect(takes(retryIfError((() => null) as never), 1)).toBe(false);
    expect(takes(retryIfError((() => ({ some: "object" })) as never), 1)).toBe(true);
  });

  test("find a cause as far as 31 errors down, not the error itself", () => {
    const chain = (depth: number): unknown => {
      let error: unknown = new TypeError("at the bottom");
      for (let level = 0; level < depth; level++) error = new Error("above", { cause: error });
      return error;
    };
    const condition = retryIfErrorCauseType(TypeError);
    expect([0, 1, 31, 32].map((depth) => takes(condition, chain(depth)))).toEqual([false, true, true, false]);
  });

  test("take a text for its message, not for its name", () => {
    expect(takes(retryIfErrorName("busy"), "busy")).toBe(false);
    expect(takes(retryIfErrorMessage({ match: /^$/ }), { message: 5 })).toBe(true);
    expect(takes(retryIfErrorMessage({ match: /^$/ }), null)).toBe(true);
  });

  test("need classes all of which are classes", () => {
    expect(() => retryIfErrorType(TypeError, (() => true) as never)).toThrow(/needs error classes/);
  });
});

describe("waits", () => {
  const asked = (error: unknown) =>
    waitRetryAfter(waitFixed(7)).delay(attempt({ error, at: Date.UTC(2026, 0, 1, 12) }));
  const header = (value: unknown) => asked({ headers: { "content-type": "text", "retry-after": value } });

  test.each<[unknown, number]>([
    ["2", 2_000],
    ["1.25", 1_250],
    ["2 apples", 7],
    ["about 2", 7],
    ["Thu, 01 Jan 2026 12:00:30 GMT", 30_000],
    ["on Thu, 01 Jan 2026 12:00:30 GMT", 7],
    ["Thu, 01 Jan 2026 12:00:30 GMT+0100", 7],
    [{}, 7],
    [null, 7],
  ])("a Retry-After of %o among other headers", (value, delay) => {
    expect(header(value)).toBe(delay);
  });

  test("random is between its bounds", () => {
    expect(waitRandom().delay(attempt({ random: 0.5 }))).toBe(500);
    expect(waitRandom({ minimum: 100, maximum: 300 }).delay(attempt({ random: 0.5 }))).toBe(200);
  });
});

test("chance is the same on every machine and in every version", () => {
  expect(["", "a", "run/step/1/1"].map((seed) => seededRandom(seed))).toEqual([
    0.6689221884589642, 0.10352621669881046, 0.8540759047027677,
  ]);
});
