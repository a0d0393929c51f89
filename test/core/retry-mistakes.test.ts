/** Mistakes in a retry policy are met by people: the text says which part it is, and what would be right. */
import {
  constantDelay,
  exponentialBackoff,
  retryAll,
  retryAny,
  retryIfError,
  retryIfErrorCauseType,
  retryIfErrorMessage,
  retryIfErrorName,
  retryIfErrorType,
  retryNot,
  retryPolicy,
  retryUnlessErrorType,
  stopAfterAttempt,
  stopAfterDelay,
  stopAll,
  stopAny,
  stopBeforeDelay,
  waitChain,
  waitCombine,
  waitExponential,
  waitExponentialJitter,
  waitFixed,
  waitFromError,
  waitFullJitter,
  waitIncrementing,
  waitRandom,
  waitRetryAfter,
  WorkflowConfigurationError,
} from "tickwork";
import { expect, test } from "vitest";
import { attempt } from "./retry-attempts.ts";

const odd = (value: unknown) => value as never;
const number = (name: string, least: number | null, given: unknown) =>
  `${name} must be a finite number${least === null ? "" : ` of at least ${least}`}, not ${String(given)}.`;
const count = (name: string, given: unknown) => `${name} must be a whole number above 0, not ${String(given)}.`;
const part = (name: string, method: string, type: string) =>
  `${name} takes an object with a method ${method}, not this ${type}.`;
const classes = (name: string) => `${name} needs error classes. For a function that decides, use retryIfError.`;
const names = "retryIfErrorName needs names: texts that are not empty.";

const mistakes: [make: () => unknown, message: string][] = [
  [() => constantDelay({ maximumAttempts: 0 }), count("maximumAttempts", 0)],
  [() => constantDelay({ delay: -1 }), number("delay", 0, -1)],
  [() => exponentialBackoff({ initial: -1 }), number("initial", 0, -1)],
  [() => exponentialBackoff({ factor: 0.9 }), number("factor", 1, 0.9)],
  [() => exponentialBackoff({ maximum: Number.NaN }), number("maximum", 0, Number.NaN)],
  [() => exponentialBackoff({ jitter: -0.1 }), number("jitter", 0, -0.1)],
  [() => exponentialBackoff({ jitter: 1.1 }), "jitter must be between 0 and 1, not 1.1."],
  [() => exponentialBackoff({ maximumAttempts: 1.5 }), count("maximumAttempts", 1.5)],
  [() => retryPolicy({ retry: odd({}) }), part("retryPolicy: retry", "isRetryable", "object")],
  [() => retryPolicy({ wait: odd(5) }), part("retryPolicy: wait", "delay", "number")],
  [() => retryPolicy({ stop: odd(null) }), part("retryPolicy: stop", "isLast", "object")],
  [
    () => retryPolicy({ wait: { description: "odd", delay: () => Number.NaN } }).decide(attempt()),
    "The wait (odd) gave a delay that is no finite number.",
  ],
  [() => retryIfError(odd("TypeError")), "retryIfError needs a function, not TypeError."],
  [
    () => retryIfError(odd(async () => true)).isRetryable(attempt()),
    "The function of retryIfError must answer at once: it returned a promise.",
  ],
  [() => retryIfErrorType(), classes("retryIfErrorType")],
  [() => retryUnlessErrorType(odd(() => true)), classes("retryUnlessErrorType")],
  [() => retryIfErrorCauseType(TypeError, odd("RangeError")), classes("retryIfErrorCauseType")],
  [() => retryIfErrorName(), names],
  [() => retryIfErrorName("TypeError", ""), names],
  [() => retryIfErrorName("TypeError", odd(5)), names],
  [
    () => retryIfErrorMessage(odd({ message: "a", match: /a/ })),
    "retryIfErrorMessage takes either message or match: exactly one of them.",
  ],
  [
    () => retryIfErrorMessage(odd(undefined)),
    "retryIfErrorMessage takes either message or match: exactly one of them.",
  ],
  [() => retryIfErrorMessage(odd({ message: /a/ })), "retryIfErrorMessage: message must be a text."],
  [() => retryIfErrorMessage(odd({ match: "a" })), "retryIfErrorMessage: match must be a regular expression."],
  [() => retryAny(), "retryAny needs at least one part."],
  [() => retryAny(odd(() => true)), part("retryAny", "isRetryable", "function")],
  [() => retryAll(), "retryAll needs at least one part."],
  [() => retryAll(retryIfErrorType(TypeError), odd(1)), part("retryAll", "isRetryable", "number")],
  [() => retryNot(odd(undefined)), part("retryNot", "isRetryable", "undefined")],
  [() => stopAfterAttempt(0), count("stopAfterAttempt", 0)],
  [() => stopAfterDelay(-1), number("stopAfterDelay", 0, -1)],
  [() => stopBeforeDelay(-1), number("stopBeforeDelay", 0, -1)],
  [() => stopAny(), "stopAny needs at least one part."],
  [() => stopAny(odd({})), part("stopAny", "isLast", "object")],
  [() => stopAll(), "stopAll needs at least one part."],
  [() => stopAll(odd({})), part("stopAll", "isLast", "object")],
  [() => waitFixed(-1), number("waitFixed", 0, -1)],
  [() => waitExponential({ initial: -1 }), number("waitExponential: initial", 0, -1)],
  [() => waitExponential({ factor: 0 }), number("waitExponential: factor", 1, 0)],
  [() => waitExponential({ maximum: -1 }), number("waitExponential: maximum", 0, -1)],
  [() => waitExponential({ minimum: -1 }), number("waitExponential: minimum", 0, -1)],
  [
    () => waitExponential({ minimum: 2, maximum: 1 }),
    "waitExponential: minimum (2 ms) must not be above maximum (1 ms).",
  ],
  [() => waitExponentialJitter({ initial: -1 }), number("waitExponentialJitter: initial", 0, -1)],
  [() => waitExponentialJitter({ jitter: -1 }), number("waitExponentialJitter: jitter", 0, -1)],
  [() => waitFullJitter({ factor: 0 }), number("waitFullJitter: factor", 1, 0)],
  [() => waitFullJitter({ minimum: -1 }), number("waitFullJitter: minimum", 0, -1)],
  [() => waitIncrementing({ initial: Number.NaN }), number("waitIncrementing: initial", null, Number.NaN)],
  [() => waitIncrementing({ increment: Number.NaN }), number("waitIncrementing: increment", null, Number.NaN)],
  [() => waitIncrementing({ maximum: -1 }), number("waitIncrementing: maximum", 0, -1)],
  [() => waitRandom({ maximum: -1 }), number("waitRandom: maximum", 0, -1)],
  [() => waitRandom({ minimum: -1 }), number("waitRandom: minimum", 0, -1)],
  [() => waitChain(), "waitChain needs at least one part."],
  [() => waitChain(odd(5)), part("waitChain", "delay", "number")],
  [() => waitCombine(), "waitCombine needs at least one part."],
  [() => waitCombine(odd(5)), part("waitCombine", "delay", "number")],
  [() => waitFromError(odd(5)), "waitFromError needs a function that reads an error."],
  [() => waitFromError(() => 1, odd({})), part("waitFromError", "delay", "object")],
  [() => waitRetryAfter(odd(waitFixed)), part("waitRetryAfter", "delay", "function")],
];

test.each(mistakes.map(([make, message]) => [message, make] as const))("%s", (message, make) => {
  expect(make).toThrow(new WorkflowConfigurationError(message));
});

test("the bounds themselves are no mistakes", () => {
  expect(() => [
    constantDelay({ maximumAttempts: 1, delay: 0 }),
    constantDelay({ maximumAttempts: Number.POSITIVE_INFINITY }),
    exponentialBackoff({ initial: 0, factor: 1, maximum: 0, jitter: 1 }),
    stopAfterDelay(0),
    stopBeforeDelay(0),
    waitExponential({ minimum: 1, maximum: 1, factor: 1 }),
    waitExponentialJitter({ jitter: 0 }),
    waitIncrementing({ initial: -5, increment: -5, maximum: 0 }),
    waitRandom({ minimum: 5, maximum: 5 }),
  ]).not.toThrow();
});
