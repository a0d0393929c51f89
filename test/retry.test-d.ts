/** Retry policies as a user types them, and the mistakes that types must catch. */
import {
  constantDelay,
  defineWorkflow,
  exponentialBackoff,
  retryAll,
  retryAlways,
  retryAny,
  retryIfError,
  retryIfErrorCauseType,
  retryIfErrorMessage,
  retryIfErrorName,
  retryIfErrorType,
  retryNot,
  retryPolicy,
  retryUnlessErrorType,
  StartEvent,
  stopAfterAttempt,
  stopAfterDelay,
  stopAll,
  stopAny,
  stopBeforeDelay,
  StopEvent,
  stopNever,
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
  type RetryAttempt,
  type RetryCondition,
  type RetryPolicy,
  type RetryStop,
  type RetryWait,
} from "tickwork";
import { describe, expectTypeOf, test } from "vitest";

class HttpError extends Error {
  readonly status: number;
  constructor(status: number, message?: string) {
    super(message);
    this.status = status;
  }
}
abstract class Busy extends Error {}

test("a policy is composed of any of its parts", () => {
  expectTypeOf(retryPolicy()).toEqualTypeOf<RetryPolicy>();
  retryPolicy({ stop: stopAfterAttempt(5) });
  retryPolicy({
    retry: retryAny(retryIfErrorType(HttpError, Busy, DOMException), retryIfErrorMessage({ match: /rate limit/ })),
    wait: waitRetryAfter(waitFullJitter({ initial: 100, factor: 3, minimum: 10, maximum: 30_000 })),
    stop: stopAny(stopAfterAttempt(5), stopBeforeDelay(120_000)),
  });
  // @ts-expect-error an unknown part
  retryPolicy({ attempts: 3 });
  // @ts-expect-error a number of milliseconds for a wait
  retryPolicy({ wait: 5_000 });
  // @ts-expect-error a stop where the wait belongs
  retryPolicy({ wait: stopNever() });
  // @ts-expect-error a wait where the stop belongs
  retryPolicy({ stop: waitNone() });
  // @ts-expect-error a function for a condition
  retryPolicy({ retry: () => true });
});

test("a step takes any policy, made or written", () => {
  const written: RetryPolicy = {
    description: "on Fridays",
    decide: ({ at }) => (new Date(at).getDay() === 5 ? { retry: true, delay: 5_000 } : { retry: false }),
  };
  for (const policy of [retryPolicy(), constantDelay(), exponentialBackoff(), written]) {
    defineWorkflow("w").step("a", { accepts: StartEvent, emits: StopEvent, retryPolicy: policy }, () => StopEvent());
  }
  // @ts-expect-error a verdict without a delay
  const wrong: RetryPolicy = { description: "", decide: () => ({ retry: true }) };
  void wrong;
});

describe("conditions", () => {
  test("take classes, whatever their constructors want", () => {
    expectTypeOf(retryIfErrorType(HttpError)).toEqualTypeOf<RetryCondition>();
    retryUnlessErrorType(Busy, TypeError);
    retryIfErrorCauseType(HttpError);
    // @ts-expect-error an error for a class
    retryIfErrorType(new Error("x"));
    // @ts-expect-error a name for a class
    retryIfErrorType("TypeError");
    // @ts-expect-error a predicate for a class
    retryIfErrorType((error: unknown) => error instanceof Busy);
  });

  test("look at what was thrown, which may be anything", () => {
    retryIfError((error) => {
      expectTypeOf(error).toBeUnknown();
      return error instanceof HttpError && error.status >= 500;
    });
    // @ts-expect-error a promise for an answer
    retryIfError(async () => true);
  });

  test("match messages in exactly one way", () => {
    retryIfErrorMessage({ message: "busy" });
    retryIfErrorMessage({ match: /busy/ });
    // @ts-expect-error both
    retryIfErrorMessage({ message: "busy", match: /busy/ });
    // @ts-expect-error neither
    retryIfErrorMessage({});
    // @ts-expect-error a text for a pattern
    retryIfErrorMessage({ match: "busy" });
  });

  test("combine", () => {
    expectTypeOf(retryAll(retryAlways(), retryNot(retryIfErrorName("AbortError")))).toEqualTypeOf<RetryCondition>();
    // @ts-expect-error a stop among conditions
    retryAny(retryAlways(), stopNever());
  });
});

test("waits", () => {
  expectTypeOf(waitChain(waitFixed(1), waitCombine(waitRandom({ maximum: 5 }), waitNone()))).toEqualTypeOf<RetryWait>();
  waitExponential({ initial: 1, factor: 2, minimum: 3, maximum: 4 });
  waitExponentialJitter({ initial: 1, factor: 2, maximum: 4, jitter: 5 });
  waitIncrementing({ initial: 1, increment: -2, maximum: 4 });
  waitFromError((error, attempt) => {
    expectTypeOf(error).toBeUnknown();
    expectTypeOf(attempt).toEqualTypeOf<RetryAttempt>();
    return error instanceof HttpError ? error.status : undefined;
  }, waitExponential());
  // @ts-expect-error an unknown option
  waitExponential({ multiplier: 2 });
  // @ts-expect-error a text for a time
  waitFixed("5s");
  // @ts-expect-error a text for a time
  waitFromError(() => "5s");
});

test("stops", () => {
  expectTypeOf(stopAll(stopAfterAttempt(3), stopAfterDelay(5))).toEqualTypeOf<RetryStop>();
  // @ts-expect-error options for a number
  stopAfterAttempt({ attempts: 3 });
});

test("parts of one's own are objects", () => {
  const early: RetryCondition = { description: "early", isRetryable: ({ elapsed }) => elapsed < 10 };
  const lucky: RetryWait = { description: "lucky", delay: ({ random }) => random * 777 };
  const odd: RetryStop = { description: "odd", isLast: ({ failures }, delay) => (failures + delay) % 2 === 1 };
  retryPolicy({ retry: early, wait: lucky, stop: odd });
});
