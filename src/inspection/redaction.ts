/** Data of runs on its way to inspectors, exported files and hooks: the app says what of it may be shown. */
import type { WorkflowEvent } from "../core/event-ref.ts";
import type { FailureData } from "../core/failure.ts";
import { STEP_FAILED } from "../core/failure.ts";
import type { Json, JsonObject } from "../core/json.ts";
import type { SerializedError } from "../core/serialized-error.ts";
import { CANCELLED_EVENT, FAILED_EVENT, type FailedEventData } from "../core/terminal-event.ts";
import type { LogRecord } from "../core/tick.ts";

/**
 * Gives what may be shown of a value: itself, a copy with parts left out or replaced, anything else, or undefined for
 * nothing. Called often, so be quick; must not change the value. What it throws hides the whole value.
 */
export type Redact = (value: unknown, context: RedactContext) => unknown;

/** What the value is. */
export interface RedactContext {
  readonly runId: string;
  /**
   * - event: data of an event, from outside or made by a step; also the run's result, a prompt, and the fields that a
   *   wait asks for. `type` says which.
   * - state: a value in the state store. `path` says where; [] is all of it.
   * - effect: what `ctx.once` remembers, its key in `path`; or the result of a child run, without one.
   * - log: `{ message, data }` of `ctx.log`.
   * - error: `{ name, message, code, stack, data, cause, thrown }`, as far as they are there. Where only a message is
   *   shown, `{ name, message }`. If a text is given, it is the message of an error of that name and code, and no more.
   * - text: why a run was cancelled.
   */
  readonly kind: "event" | "state" | "effect" | "log" | "error" | "text";
  readonly type?: string;
  readonly path?: readonly string[];
  /** The step it comes from, where that is known. */
  readonly step?: string;
}

/** Takes the place of what cannot be shown at all. */
export const HIDDEN = "[redacted]";

/** Makes frozen plain data of any value; throws if it holds what is none. */
export type ToPlain = (value: unknown) => unknown;

/** What may be shown of one run. Without a function everything may, and what is given comes back as it is. */
export class Redaction {
  readonly #redact: Redact | undefined;
  readonly #runId: string;
  readonly #toPlain: ToPlain;

  constructor(runId: string, redact: Redact | undefined, toPlain: ToPlain) {
    this.#runId = runId;
    this.#redact = redact;
    this.#toPlain = toPlain;
  }

  /** Everything may be shown. */
  get isOpen(): boolean {
    return this.#redact === undefined;
  }

  /** Events that tickwork makes hold events and errors of the app's, which are shown as such. */
  event<E extends WorkflowEvent>(event: E, step?: string): E {
    if (this.isOpen) return event;
    return { ...event, data: this.#dataOf(event, step) };
  }

  /** The fields of an event that a wait asks for; none, if what is shown of them are no fields. */
  fields(type: string, fields: JsonObject, step?: string): JsonObject {
    if (this.isOpen) return fields;
    const shown = this.#show(fields, { kind: "event", type }, step);
    return isObject(shown) ? (shown as JsonObject) : {};
  }

  state(value: unknown, path: readonly string[], step?: string): unknown {
    if (this.isOpen) return value;
    const shown = this.#show(value, { kind: "state", path }, step);
    // The whole of it is an object, whatever is hidden.
    return path.length > 0 || isObject(shown) ? shown : {};
  }

  /** `key`: of `ctx.once`. */
  effect(value: unknown, key: string | null, step?: string): unknown {
    return this.#show(value, { kind: "effect", ...(key !== null && { path: [key] }) }, step);
  }

  log(record: LogRecord, step?: string): LogRecord {
    if (this.isOpen) return record;
    const { at, ...said } = record;
    const shown = this.#show(said, { kind: "log" }, step);
    if (!isObject(shown)) return { at, message: textOf(shown) };
    const { message, data } = shown;
    return { at, message: textOf(message), ...(data !== undefined && { data: data as Json }) };
  }

  error(error: SerializedError, step?: string): SerializedError {
    if (this.isOpen) return error;
    const shown = this.#show(error, { kind: "error" }, step);
    const { code } = error;
    if (!isObject(shown)) return { name: error.name, message: textOf(shown), ...(code !== undefined && { code }) };
    const { name, message } = shown;
    return { ...shown, name: typeof name === "string" ? name : error.name, message: textOf(message) };
  }

  /** Of an error of which only the message is known. */
  message(message: string, step?: string): string {
    return this.error({ name: "Error", message }, step).message;
  }

  text(text: string): string {
    return textOf(this.#show(text, { kind: "text" }));
  }

  #dataOf({ type, data }: WorkflowEvent, step?: string): unknown {
    switch (type) {
      case STEP_FAILED: {
        const failure = data as FailureData;
        const { input, error } = failure;
        const inputs = (Array.isArray as (value: unknown) => value is readonly WorkflowEvent[])(input)
          ? input.map((one) => this.event(one))
          : this.event(input);
        return { ...failure, input: inputs, error: this.error(error, failure.step) };
      }
      case FAILED_EVENT: {
        const failed = data as FailedEventData;
        return { ...failed, error: this.error(failed.error, failed.step) };
      }
      case CANCELLED_EVENT: {
        const { reason } = data as { readonly reason?: string };
        return reason === undefined ? data : { reason: this.text(reason) };
      }
      default:
        return this.#show(data, { kind: "event", type }, step);
    }
  }

  #show(value: unknown, context: Omit<RedactContext, "runId" | "step">, step?: string): unknown {
    if (!this.#redact) return value;
    try {
      const shown = this.#redact(value, { runId: this.#runId, ...context, ...(step !== undefined && { step }) });
      if (shown === undefined) return null;
      return shown === value ? value : this.#toPlain(shown);
    } catch {
      return HIDDEN;
    }
  }
}

function textOf(shown: unknown): string {
  return typeof shown === "string" ? shown : HIDDEN;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
