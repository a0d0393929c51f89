/**
 * Conditions: which errors are worth another attempt.
 *
 * Names and meaning follow tenacity and LlamaIndex workflows (`retry_if_exception_type` is `retryIfErrorType`);
 * `retryAny`, `retryAll` and `retryNot` stand for their `|`, `&` and `~`. By name is our own.
 */
import { WorkflowConfigurationError } from "./errors.ts";
import { chainOf, type RetryAttempt } from "./retry-attempt.ts";
import { checkPart, checkParts, joinDescriptions } from "./retry-parts.ts";

/** Says whether a failure may be retried at all. Write your own as an object: nothing else is needed. */
export interface RetryCondition {
  /** Reads on from "retried: …", as "TypeError or an error named AbortError". */
  readonly description: string;
  /** Must be pure: the same for the same attempt. */
  isRetryable(attempt: RetryAttempt): boolean;
}

/** A class of errors; also one that cannot be constructed by others. */
export type ErrorClass = abstract new (...parameters: never) => unknown;

/** Every error. The default of `retryPolicy`. (tenacity: `retry_always`) */
export function retryAlways(): RetryCondition {
  return condition("any error", () => true);
}

/** No error: the first failure is the last. (tenacity: `retry_never`) */
export function retryNever(): RetryCondition {
  return condition("no error", () => false);
}

/**
 * Errors for which the function returns true. It gets what was thrown, which need not be an `Error`, and must answer
 * at once. If it throws or returns a promise, the failure is not retried and the step's log says why.
 * (tenacity: `retry_if_exception`)
 *
 * ```ts
 * retryIfError((error) => error instanceof HttpError && error.status >= 500, "a server's error")
 * ```
 */
export function retryIfError(predicate: (error: unknown) => boolean, description = "a chosen error"): RetryCondition {
  if (typeof predicate !== "function") {
    throw new WorkflowConfigurationError(`retryIfError needs a function, not ${String(predicate)}.`);
  }
  return condition(description, ({ error }) => {
    const answer: unknown = predicate(error);
    if (typeof answer !== "object" || answer === null || !("then" in answer)) return Boolean(answer);
    throw new WorkflowConfigurationError("The function of retryIfError must answer at once: it returned a promise.");
  });
}

/**
 * Errors of one of these classes or of a class that extends one. Compares by `instanceof`: for errors that crossed
 * a boundary and lost their class, see `retryIfErrorName`. (tenacity: `retry_if_exception_type`)
 *
 * Throws `WorkflowConfigurationError` without a class, or for something that is none.
 */
export function retryIfErrorType(...classes: readonly ErrorClass[]): RetryCondition {
  checkClasses("retryIfErrorType", classes);
  return condition(either(classes.map(className)), ({ error }) => isOneOf(error, classes));
}

/** All errors but those of these classes and of classes that extend one. (tenacity: `retry_unless_exception_type`) */
export function retryUnlessErrorType(...classes: readonly ErrorClass[]): RetryCondition {
  checkClasses("retryUnlessErrorType", classes);
  return condition(`any error but ${either(classes.map(className))}`, ({ error }) => !isOneOf(error, classes));
}

/**
 * Errors whose `name` is one of these: for classes that are not at hand, or errors that came through a journal or
 * from another worker ("AbortError", "TimeoutError"). Subclasses have names of their own.
 *
 * Throws `WorkflowConfigurationError` without a name.
 */
export function retryIfErrorName(...names: readonly string[]): RetryCondition {
  if (names.length === 0 || names.some((name) => typeof name !== "string" || name === "")) {
    throw new WorkflowConfigurationError("retryIfErrorName needs names: texts that are not empty.");
  }
  return condition(`an error named ${either(names)}`, ({ error }) => names.includes(textOf(error, "name")));
}

/** Exactly one of the two. */
export type MessageMatcher =
  | { /** The whole message. */ readonly message: string; readonly match?: never }
  | { /** Found anywhere in the message. */ readonly match: RegExp; readonly message?: never };

/**
 * Errors with exactly this message, or with one that matches a pattern. A thrown string is its own message.
 * (tenacity: `retry_if_exception_message`)
 *
 * Throws `WorkflowConfigurationError` unless exactly one of `message` and `match` is given.
 */
export function retryIfErrorMessage(matcher: MessageMatcher): RetryCondition {
  const { message, match } = matcher ?? {};
  if ((message === undefined) === (match === undefined)) {
    throw new WorkflowConfigurationError("retryIfErrorMessage takes either message or match: exactly one of them.");
  }
  if (match === undefined && typeof message !== "string") {
    throw new WorkflowConfigurationError("retryIfErrorMessage: message must be a text.");
  }
  if (match === undefined) {
    return condition(`message ${JSON.stringify(message)}`, ({ error }) => textOf(error, "message") === message);
  }
  if (!(match instanceof RegExp)) {
    throw new WorkflowConfigurationError("retryIfErrorMessage: match must be a regular expression.");
  }
  // `search` takes no notice of where an earlier match of a global pattern ended.
  return condition(`message like ${String(match)}`, ({ error }) => textOf(error, "message").search(match) >= 0);
}

/**
 * Errors with one of these classes among their causes (`error.cause`, its cause, and so on; not the error itself).
 * A resource that could not be made has its factory's error as its cause.
 * (tenacity: `retry_if_exception_cause_type`)
 *
 * Throws `WorkflowConfigurationError` without a class, or for something that is none.
 */
export function retryIfErrorCauseType(...classes: readonly ErrorClass[]): RetryCondition {
  checkClasses("retryIfErrorCauseType", classes);
  return condition(`an error caused by ${either(classes.map(className))}`, ({ error }) =>
    chainOf(error).some((cause, place) => place > 0 && isOneOf(cause, classes)),
  );
}

/** Errors that any of the conditions takes. (tenacity: `retry_any`, `|`) Throws `WorkflowConfigurationError` without one. */
export function retryAny(...conditions: readonly RetryCondition[]): RetryCondition {
  checkParts("retryAny", "isRetryable", conditions);
  return condition(joinDescriptions(conditions, "or"), (attempt) =>
    conditions.some((part) => part.isRetryable(attempt)),
  );
}

/** Errors that all of the conditions take. (tenacity: `retry_all`, `&`) Throws `WorkflowConfigurationError` without one. */
export function retryAll(...conditions: readonly RetryCondition[]): RetryCondition {
  checkParts("retryAll", "isRetryable", conditions);
  return condition(joinDescriptions(conditions, "and"), (attempt) =>
    conditions.every((part) => part.isRetryable(attempt)),
  );
}

/** Errors that the condition does not take. (tenacity: `~`, `retry_if_not_…`) */
export function retryNot(unwanted: RetryCondition): RetryCondition {
  checkPart("retryNot", "isRetryable", unwanted);
  return condition(`not (${unwanted.description})`, (attempt) => !unwanted.isRetryable(attempt));
}

function condition(description: string, isRetryable: RetryCondition["isRetryable"]): RetryCondition {
  return { description, isRetryable };
}

function checkClasses(name: string, classes: readonly unknown[]): void {
  const isClass = (value: unknown): boolean =>
    typeof value === "function" && typeof (value as { prototype?: unknown }).prototype === "object";
  if (classes.length > 0 && classes.every(isClass)) return;
  throw new WorkflowConfigurationError(`${name} needs error classes. For a function that decides, use retryIfError.`);
}

function isOneOf(error: unknown, classes: readonly ErrorClass[]): boolean {
  return classes.some((one) => error instanceof one);
}

function className(one: ErrorClass): string {
  return (one as { readonly name?: string }).name || "a class without a name";
}

function textOf(error: unknown, field: "name" | "message"): string {
  if (typeof error === "string") return field === "message" ? error : "";
  if (typeof error !== "object" || error === null) return "";
  const text = (error as { readonly [key: string]: unknown })[field];
  return typeof text === "string" ? text : "";
}

function either(names: readonly string[]): string {
  return names.join(" or ");
}
