/**
 * Waits: how long to wait before the next attempt, in milliseconds. The n-th failure gets the n-th wait.
 *
 * Names and meaning follow tenacity and LlamaIndex workflows (`wait_exponential`, in seconds there); `waitCombine`
 * stands for their `+`. Waits that ask the error are our own, after `Retry-After` of RFC 9110, 10.2.3.
 * Chance comes from `RetryAttempt.random` alone, so a wait is the same for the same failure of the same run.
 */
import { WorkflowConfigurationError } from "./errors.ts";
import { attemptOfPart, chainOf, type RetryAttempt } from "./retry-attempt.ts";
import { checkNumber, checkPart, checkParts, joinDescriptions } from "./retry-parts.ts";

/** Says how long to wait after a failure. Write your own as an object: nothing else is needed. */
export interface RetryWait {
  /** Reads as a length of time: "5000 ms". */
  readonly description: string;
  /** Milliseconds, finite; below 0 counts as 0. Must be pure: the same for the same attempt. */
  delay(attempt: RetryAttempt): number;
}

/**
 * The same time after every failure. (tenacity: `wait_fixed`)
 *
 * Throws `WorkflowConfigurationError` for a negative or endless time.
 */
export function waitFixed(milliseconds: number): RetryWait {
  checkNumber("waitFixed", milliseconds, 0);
  return wait(`${milliseconds} ms`, () => milliseconds);
}

/** No time at all: the next attempt is queued at once. (tenacity: `wait_none`) */
export function waitNone(): RetryWait {
  return waitFixed(0);
}

export interface ExponentialOptions {
  /** Milliseconds after the first failure; default 1,000. */
  readonly initial?: number;
  /** What each further failure multiplies it by, at least 1; default 2. */
  readonly factor?: number;
  /** Milliseconds, never more; default 60,000. */
  readonly maximum?: number;
}

/**
 * `initial × factor^(n - 1)` after the n-th failure, at least `minimum` (default 0) and at most `maximum`.
 * (tenacity: `wait_exponential`)
 *
 * Throws `WorkflowConfigurationError` for a negative or endless number, a factor below 1, or a minimum above the maximum.
 */
export function waitExponential(options: ExponentialOptions & { readonly minimum?: number } = {}): RetryWait {
  const { growth, maximum, description } = exponential("waitExponential", options);
  const minimum = checkRange("waitExponential", options.minimum ?? 0, maximum);
  return wait(minimum > 0 ? `${description}, at least ${minimum} ms` : description, ({ failures }) =>
    Math.max(minimum, growth(failures)),
  );
}

/**
 * As `waitExponential`, with a random time of up to `jitter` milliseconds (default 1,000) added; the sum is at most
 * `maximum`. (tenacity: `wait_exponential_jitter`)
 *
 * Throws `WorkflowConfigurationError` for a negative or endless number, or a factor below 1.
 */
export function waitExponentialJitter(options: ExponentialOptions & { readonly jitter?: number } = {}): RetryWait {
  const { growth, maximum, description } = exponential("waitExponentialJitter", options);
  const jitter = checkNumber("waitExponentialJitter: jitter", options.jitter ?? 1_000, 0);
  return wait(`${description}, with up to ${jitter} ms added by chance`, ({ failures, random }) =>
    Math.min(maximum, growth(failures) + jitter * random),
  );
}

/**
 * A random time between `minimum` (default 0) and what `waitExponential` would wait: spreads out many runs that failed
 * together. (tenacity: `wait_random_exponential`; LlamaIndex: also `wait_full_jitter`; the idea is AWS's "full jitter")
 *
 * Throws `WorkflowConfigurationError` for a negative or endless number, a factor below 1, or a minimum above the maximum.
 */
export function waitFullJitter(options: ExponentialOptions & { readonly minimum?: number } = {}): RetryWait {
  const { growth, maximum, description } = exponential("waitFullJitter", options);
  const minimum = checkRange("waitFullJitter", options.minimum ?? 0, maximum);
  return wait(`${minimum} ms to ${description}, by chance`, ({ failures, random }) =>
    between(minimum, Math.max(minimum, growth(failures)), random),
  );
}

/**
 * `initial` (default 1,000) after the first failure and `increment` (default 1,000; may be negative) more after each
 * further one, at most `maximum` (default 60,000) and never below 0; all in milliseconds. (tenacity: `wait_incrementing`)
 *
 * Throws `WorkflowConfigurationError` for a number that is endless, or a negative maximum.
 */
export function waitIncrementing(
  options: { readonly initial?: number; readonly increment?: number; readonly maximum?: number } = {},
): RetryWait {
  const initial = checkNumber("waitIncrementing: initial", options.initial ?? 1_000);
  const increment = checkNumber("waitIncrementing: increment", options.increment ?? 1_000);
  const maximum = checkNumber("waitIncrementing: maximum", options.maximum ?? 60_000, 0);
  return wait(`${initial} ms and ${increment} ms more each time, up to ${maximum} ms`, ({ failures }) =>
    Math.max(0, Math.min(maximum, initial + increment * (failures - 1))),
  );
}

/**
 * A random time from `minimum` (default 0) to `maximum` (default 1,000) milliseconds. (tenacity: `wait_random`)
 *
 * Throws `WorkflowConfigurationError` for a negative or endless number, or a minimum above the maximum.
 */
export function waitRandom(options: { readonly minimum?: number; readonly maximum?: number } = {}): RetryWait {
  const maximum = checkNumber("waitRandom: maximum", options.maximum ?? 1_000, 0);
  const minimum = checkRange("waitRandom", options.minimum ?? 0, maximum);
  return wait(`${minimum} to ${maximum} ms by chance`, ({ random }) => between(minimum, maximum, random));
}

/**
 * One wait after the other: the n-th failure gets the n-th, and the last is repeated. Each is told the number of the
 * failure as it is: one that grows does not begin anew. (tenacity: `wait_chain`)
 *
 * Throws `WorkflowConfigurationError` without one.
 */
export function waitChain(...waits: readonly RetryWait[]): RetryWait {
  const links = checkParts("waitChain", "delay", waits);
  return wait(joinDescriptions(links, "then"), (attempt) => {
    const link = links[Math.min(attempt.failures, links.length) - 1];
    return link ? link.delay(attempt) : 0;
  });
}

/**
 * The sum of the waits. Those that use chance each have their own. (tenacity: `wait_combine`, `+`)
 *
 * Throws `WorkflowConfigurationError` without one.
 */
export function waitCombine(...waits: readonly RetryWait[]): RetryWait {
  const terms = checkParts("waitCombine", "delay", waits);
  return wait(joinDescriptions(terms, "plus"), (attempt) =>
    terms.reduce((sum, term, place) => sum + Math.max(0, term.delay(attemptOfPart(attempt, place))), 0),
  );
}

/**
 * As long as the error asks for. `read` gets what was thrown and gives milliseconds (below 0 counts as 0); for
 * undefined, or anything that is no finite number, `fallback` decides (default: 5,000 ms). There is no upper limit:
 * with `stopBeforeDelay` an attempt that would come too late is not made at all.
 *
 * ```ts
 * waitFromError((error) => (error instanceof RateLimited ? error.resetsInSeconds * 1_000 : undefined), waitExponential())
 * ```
 *
 * Throws `WorkflowConfigurationError` for a `read` that is no function.
 */
export function waitFromError(
  read: (error: unknown, attempt: RetryAttempt) => number | undefined,
  fallback: RetryWait = waitFixed(5_000),
): RetryWait {
  return asked("waitFromError", "what the error asks for", read, fallback);
}

/**
 * As long as a service asked for. Understands, on the error or one of its causes,
 *
 * - `retryAfter`: milliseconds, or a `Date`;
 * - a `Retry-After` header, in seconds or as an HTTP date, in `response.headers` or `headers` (a `Headers` object or a
 *   plain one), as errors of HTTP clients carry it.
 *
 * Dates count from the time of the failure; one that is past means at once. For any other error `fallback` decides
 * (default: 5,000 ms). There is no upper limit: see `waitFromError`.
 */
export function waitRetryAfter(fallback: RetryWait = waitFixed(5_000)): RetryWait {
  return asked("waitRetryAfter", "what the service asks for", (error, { at }) => retryAfterOf(error, at), fallback);
}

/** `initial × factor^(failures - 1)`, at most `maximum`. */
export function grow(initial: number, factor: number, maximum: number, failures: number): number {
  // 0 times a growth beyond all numbers is none.
  return initial === 0 ? 0 : Math.min(maximum, initial * factor ** (failures - 1));
}

function wait(description: string, delay: RetryWait["delay"]): RetryWait {
  return { description, delay };
}

function exponential(name: string, options: ExponentialOptions) {
  const initial = checkNumber(`${name}: initial`, options.initial ?? 1_000, 0);
  const factor = checkNumber(`${name}: factor`, options.factor ?? 2, 1);
  const maximum = checkNumber(`${name}: maximum`, options.maximum ?? 60_000, 0);
  const growth = (failures: number): number => grow(initial, factor, maximum, failures);
  return { growth, maximum, description: `${initial} ms × ${factor} up to ${maximum} ms` };
}

/** The minimum, if it is a length of time that is not above the maximum. */
function checkRange(name: string, minimum: number, maximum: number): number {
  checkNumber(`${name}: minimum`, minimum, 0);
  if (minimum <= maximum) return minimum;
  throw new WorkflowConfigurationError(`${name}: minimum (${minimum} ms) must not be above maximum (${maximum} ms).`);
}

function between(minimum: number, maximum: number, random: number): number {
  return minimum + (maximum - minimum) * random;
}

function asked(
  name: string,
  description: string,
  read: (error: unknown, attempt: RetryAttempt) => number | undefined,
  fallback: RetryWait,
): RetryWait {
  if (typeof read !== "function") throw new WorkflowConfigurationError(`${name} needs a function that reads an error.`);
  checkPart(name, "delay", fallback);
  return wait(`${description}, else ${fallback.description}`, (attempt) => {
    const delay: unknown = read(attempt.error, attempt);
    return typeof delay === "number" && Number.isFinite(delay) ? Math.max(0, delay) : fallback.delay(attempt);
  });
}

function retryAfterOf(error: unknown, at: number): number | undefined {
  for (const link of chainOf(error)) {
    if (typeof link !== "object" || link === null) continue;
    const { retryAfter, response, headers } = link as { [field: string]: unknown };
    if (typeof retryAfter === "number" && Number.isFinite(retryAfter)) return retryAfter;
    if (retryAfter instanceof Date && Number.isFinite(retryAfter.getTime())) return retryAfter.getTime() - at;
    const header = headerOf((response as { headers?: unknown } | null | undefined)?.headers) ?? headerOf(headers);
    const wanted = header === undefined ? undefined : readHeader(header, at);
    if (wanted !== undefined) return wanted;
  }
  return undefined;
}

/** The Retry-After of a `Headers` object, a Map, or a plain object whose names may be written in any case. */
function headerOf(headers: unknown): string | undefined {
  if (typeof headers !== "object" || headers === null) return undefined;
  const { get } = headers as { get?: unknown };
  const value: unknown =
    typeof get === "function"
      ? get.call(headers, "retry-after")
      : Object.entries(headers).find(([name]) => name.toLowerCase() === "retry-after")?.[1];
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === "string" || typeof first === "number" ? String(first).trim() : undefined;
}

/** Seconds, or an HTTP date. */
function readHeader(header: string, at: number): number | undefined {
  if (/^\d+(?:\.\d+)?$/.test(header)) return Number(header) * 1_000;
  // Other texts mean a different time on each machine, or are no date at all.
  if (!/^[A-Z][a-z]+, .* GMT$/.test(header)) return undefined;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : date - at;
}
