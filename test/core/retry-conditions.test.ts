import {
  retryAll,
  retryAlways,
  retryAny,
  retryIfError,
  retryIfErrorCauseType,
  retryIfErrorMessage,
  retryIfErrorName,
  retryIfErrorType,
  retryNever,
  retryNot,
  retryUnlessErrorType,
  WorkflowConfigurationError,
  WorkflowRuntimeError,
  type RetryCondition,
} from "tickwork";
import { describe, expect, test } from "vitest";
import { attempt } from "./retry-attempts.ts";

class Refused extends TypeError {}
const named = (name: string) => Object.assign(new Error("x"), { name });
const takes = (condition: RetryCondition, error: unknown) => condition.isRetryable(attempt({ error }));

/** Everything that can be thrown and is no error. */
const oddities = [undefined, null, 0, "", "text", Symbol("s"), Object.create(null), () => 1, { message: 5, name: {} }];

describe("by class", () => {
  test("retryIfErrorType takes the classes and those that extend them", () => {
    const condition = retryIfErrorType(TypeError, RangeError);
    const errors = [new TypeError("x"), new Refused("x"), new RangeError("x"), new Error("x")];
    expect(errors.map((error) => takes(condition, error))).toEqual([true, true, true, false]);
  });

  test("retryUnlessErrorType takes all others", () => {
    const condition = retryUnlessErrorType(TypeError);
    expect(takes(condition, new Error("x"))).toBe(true);
    expect(takes(condition, new Refused("x"))).toBe(false);
  });

  test("takes a DOMException by its class", () => {
    expect(takes(retryIfErrorType(DOMException), new DOMException("x", "TimeoutError"))).toBe(true);
  });

  test.each(oddities.map((thrown) => [thrown]))("a thrown %o is of no class", (thrown) => {
    expect(takes(retryIfErrorType(Error), thrown)).toBe(false);
    expect(takes(retryUnlessErrorType(Error), thrown)).toBe(true);
  });
});

describe("by name", () => {
  test("retryIfErrorName takes errors that lost their class", () => {
    const condition = retryIfErrorName("Refused", "TimeoutError");
    expect(takes(condition, named("Refused"))).toBe(true);
    expect(takes(condition, new DOMException("x", "TimeoutError"))).toBe(true);
    expect(takes(condition, new Error("Refused"))).toBe(false);
  });

  test.each(oddities.map((thrown) => [thrown]))("a thrown %o has no name", (thrown) => {
    expect(takes(retryIfErrorName("text"), thrown)).toBe(false);
  });
});

describe("by predicate", () => {
  test("retryIfError gets what was thrown", () => {
    const condition = retryIfError((error) => error === "busy");
    expect(takes(condition, "busy")).toBe(true);
    expect(takes(condition, new Error("busy"))).toBe(false);
  });

  test("must answer at once: a promise is no answer", () => {
    const condition = retryIfError((async () => false) as never);
    expect(() => takes(condition, "x")).toThrow(/answer at once/);
  });
});

describe("by message", () => {
  test("message is the whole of it", () => {
    const condition = retryIfErrorMessage({ message: "rate limited" });
    expect(takes(condition, new Error("rate limited"))).toBe(true);
    expect(takes(condition, new Error("rate limited until noon"))).toBe(false);
  });

  test("match is found anywhere", () => {
    const condition = retryIfErrorMessage({ match: /code=\d{3}/ });
    expect(takes(condition, new Error("failed: code=429 (busy)"))).toBe(true);
    expect(takes(condition, new Error("code=abc"))).toBe(false);
  });

  test.each(["g", "gi", "u"])("a pattern with flags %s gives the same answer each time", (flags) => {
    const condition = retryIfErrorMessage({ match: new RegExp("busy", flags) });
    const answers = Array.from({ length: 4 }, () => takes(condition, new Error("busy")));
    expect(answers).toEqual([true, true, true, true]);
  });

  test("a thrown text is its own message", () => {
    expect(takes(retryIfErrorMessage({ message: "text" }), "text")).toBe(true);
  });

  test("an empty message can be asked for", () => {
    expect(takes(retryIfErrorMessage({ message: "" }), new Error(""))).toBe(true);
  });

  test.each([undefined, null, {}, { message: "a", match: /a/ }, { match: "a" }, { message: 5 }])(
    "exactly one matcher is required: %o is refused",
    (matcher) => {
      expect(() => retryIfErrorMessage(matcher as never)).toThrow(WorkflowConfigurationError);
    },
  );
});

describe("by cause", () => {
  const caused = new Error("top", { cause: new RangeError("middle", { cause: new Refused("root") }) });

  test("retryIfErrorCauseType looks through the whole chain", () => {
    expect(takes(retryIfErrorCauseType(TypeError), caused)).toBe(true);
    expect(takes(retryIfErrorCauseType(RangeError), caused)).toBe(true);
    expect(takes(retryIfErrorCauseType(SyntaxError), caused)).toBe(false);
  });

  test("but not at the error itself", () => {
    expect(takes(retryIfErrorCauseType(Refused), new Refused("x"))).toBe(false);
  });

  test("ends on a chain that runs in a circle", () => {
    const error = new Error("x");
    error.cause = error;
    expect(takes(retryIfErrorCauseType(TypeError), error)).toBe(false);
  });

  test("finds what a resource's factory threw", () => {
    const error = new WorkflowRuntimeError("Resource db could not be made: x", { cause: new TypeError("x") });
    expect(takes(retryIfErrorCauseType(TypeError), error)).toBe(true);
  });
});

describe("combined", () => {
  const ofType = () => retryIfErrorType(TypeError);
  const busy = () => retryIfErrorMessage({ match: /busy/ });

  test("retryAny is or", () => {
    const errors = [new TypeError("x"), new Error("busy"), new Error("x")];
    expect(errors.map((error) => takes(retryAny(ofType(), busy()), error))).toEqual([true, true, false]);
  });

  test("retryAll is and", () => {
    const errors = [new TypeError("busy"), new TypeError("x"), new Error("busy")];
    expect(errors.map((error) => takes(retryAll(ofType(), busy()), error))).toEqual([true, false, false]);
  });

  test("retryNot is not", () => {
    expect(takes(retryNot(busy()), new Error("busy"))).toBe(false);
    expect(takes(retryAll(ofType(), retryNot(busy())), new TypeError("x"))).toBe(true);
  });

  test("retryAlways and retryNever take all and none, whatever was thrown", () => {
    expect(oddities.every((thrown) => takes(retryAlways(), thrown))).toBe(true);
    expect(oddities.some((thrown) => takes(retryNever(), thrown))).toBe(false);
  });

  test("takes a condition of one's own", () => {
    const early: RetryCondition = { description: "early", isRetryable: ({ elapsed }) => elapsed < 10 };
    expect(retryAll(early, ofType()).isRetryable(attempt({ elapsed: 5, error: new TypeError("x") }))).toBe(true);
  });
});

const mistakes: [string, () => unknown][] = [
  ["no class", () => retryIfErrorType()],
  ["a class that is undefined, as in a circle of modules", () => retryIfErrorType(undefined as never)],
  ["an arrow function for a class", () => retryUnlessErrorType(((error: unknown) => error) as never)],
  ["no cause class", () => retryIfErrorCauseType()],
  ["no name", () => retryIfErrorName()],
  ["an empty name", () => retryIfErrorName("")],
  ["a predicate that is none", () => retryIfError(TypeError.name as never)],
  ["nothing to combine", () => retryAny()],
  ["nothing to combine with and", () => retryAll()],
  ["a function for a condition", () => retryAny((() => true) as never)],
  ["nothing to negate", () => retryNot(undefined as never)],
];
test.each(mistakes)("%s is refused where it is written", (_name, make) => {
  expect(make).toThrow(WorkflowConfigurationError);
});

test.each([
  [() => retryAlways(), "any error"],
  [() => retryIfErrorType(TypeError, RangeError), "TypeError or RangeError"],
  [() => retryUnlessErrorType(TypeError), "any error but TypeError"],
  [() => retryIfErrorName("AbortError"), "an error named AbortError"],
  [() => retryIfErrorMessage({ message: "busy" }), 'message "busy"'],
  [() => retryIfErrorMessage({ match: /busy/i }), "message like /busy/i"],
  [() => retryIfError(() => true, "a server's error"), "a server's error"],
  [() => retryNot(retryIfErrorCauseType(TypeError)), "not (an error caused by TypeError)"],
  [
    () => retryAll(retryAny(retryIfErrorType(TypeError), retryIfErrorName("A")), retryIfErrorMessage({ message: "b" })),
    '(TypeError or an error named A) and message "b"',
  ],
])("describes itself %#", (make, expected) => {
  expect(make().description).toBe(expected);
});
