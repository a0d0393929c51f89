/** Event kinds: values that make, check and recognise events. (Idea: workflow-core's `workflowEvent`.) */
import { EventValidationError, WorkflowConfigurationError } from "../core/errors.ts";
import type { EventRole, WorkflowEvent } from "../core/event-ref.ts";
import type { Json } from "../core/json.ts";
import {
  CANCELLED_EVENT,
  FAILED_EVENT,
  TIMED_OUT_EVENT,
  type CancelledEventData,
  type FailedEventData,
  type TimedOutEventData,
} from "../core/terminal-event.ts";
import { adoptPlainData, PlainDataError, toPlainData } from "./plain-data.ts";
import { describeIssues, issuePath, type StandardSchema } from "./standard-schema.ts";
import { isUsableName } from "./names.ts";

/**
 * A kind of event. Call it to make one: the data is validated, copied and frozen.
 *
 * Throws `EventValidationError` when the data does not fit the schema or cannot be written down.
 */
export interface EventKind<
  Type extends string = string,
  Data = unknown,
  Input = Data,
  Role extends EventRole = EventRole,
> {
  (...data: undefined extends Input ? [data?: Input] : [data: Input]): WorkflowEvent<Type, Data>;
  readonly type: Type;
  /** null: any JSON value. */
  readonly schema: StandardSchema<Input, Data> | null;
  readonly role: Role;
  /** The kind it extends: steps with `acceptsSubkinds` that accept that one take this one too. */
  readonly parent: AnyEventKind | null;
  /** True for events of this type, whoever made them. */
  is(event: unknown): event is WorkflowEvent<Type, Data>;
}

/** Any kind, whatever its data. */
export interface AnyEventKind {
  readonly type: string;
  readonly schema: StandardSchema | null;
  readonly role: EventRole;
  readonly parent: AnyEventKind | null;
  is(event: unknown): event is WorkflowEvent;
}

interface EventOptions {
  /** A kind this one is a special case of. The data of this kind must fit what takes that one. */
  readonly extends?: AnyEventKind;
}

/** The events that one kind, or any of several, makes. */
export type EventOf<Kinds> = Kinds extends readonly (infer Kind)[]
  ? EventOf<Kind>
  : Kinds extends { is(event: unknown): event is infer Event }
    ? Event
    : never;

/** What a caller passes to make an event of this kind. */
export type InputOf<Kind> = Kind extends EventKind<string, unknown, infer Input, EventRole> ? Input : never;
export type DataOf<Kind> = EventOf<Kind> extends { readonly data: infer Data } ? Data : never;

interface Define<Role extends EventRole> {
  <const Type extends string, Input, Data>(
    type: Type,
    schema: StandardSchema<Input, Data>,
    options?: EventOptions,
  ): EventKind<Type, Data, Input, Role>;
  <const Type extends string>(
    type: Type,
    schema?: undefined,
    options?: EventOptions,
  ): EventKind<Type, Json, Json | undefined, Role>;
}

/** An event that steps send to steps. */
export const defineEvent: Define<"event"> = definer("event");
/** The event that starts a workflow; its input is what `run` takes. Exactly one kind per workflow. */
export const startEvent: Define<"start"> = definer("start");
/** The event that ends a run; its data is the run's result. Exactly one kind per workflow. */
export const stopEvent: Define<"stop"> = definer("stop");
/** An event that asks somebody outside; it is published on the run's stream. */
export const inputRequiredEvent: Define<"inputRequired"> = definer("inputRequired");
/** An event that answers from outside. */
export const humanResponseEvent: Define<"humanResponse"> = definer("humanResponse");

export const StartEvent: EventKind<"StartEvent", Json, Json | undefined, "start"> = startEvent("StartEvent");
export const StopEvent: EventKind<"StopEvent", Json, Json | undefined, "stop"> = stopEvent("StopEvent");
export const InputRequiredEvent: EventKind<"InputRequiredEvent", Json, Json | undefined, "inputRequired"> =
  inputRequiredEvent("InputRequiredEvent");
export const HumanResponseEvent: EventKind<"HumanResponseEvent", Json, Json | undefined, "humanResponse"> =
  humanResponseEvent("HumanResponseEvent");

type TerminalKind<Type extends string, Data> = EventKind<Type, Data, Data, "stop">;

/** The last event of a run that failed. */
export const WorkflowFailedEvent = stopEvent(FAILED_EVENT) as unknown as TerminalKind<
  typeof FAILED_EVENT,
  FailedEventData
>;
/** The last event of a run that was cancelled. */
export const WorkflowCancelledEvent = stopEvent(CANCELLED_EVENT) as unknown as TerminalKind<
  typeof CANCELLED_EVENT,
  CancelledEventData
>;
/** The last event of a run that used up its time. */
export const WorkflowTimedOutEvent = stopEvent(TIMED_OUT_EVENT) as unknown as TerminalKind<
  typeof TIMED_OUT_EVENT,
  TimedOutEventData
>;

function definer<Role extends EventRole>(role: Role): Define<Role> {
  return <Input, Data>(type: string, schema?: StandardSchema<Input, Data>, options: EventOptions = {}) => {
    if (!isUsableName(type)) {
      throw new WorkflowConfigurationError("An event kind needs a name: a non-empty string, and not __proto__.");
    }
    const make = (data?: unknown): WorkflowEvent => makeEvent(type, schema ?? null, data);
    return Object.assign(make, {
      type,
      schema: schema ?? null,
      role,
      parent: options.extends ?? null,
      is: (event: unknown): event is WorkflowEvent => isEvent(event) && event.type === type,
    }) as never;
  };
}

/** True when the kind is the other, or extends it, at any distance. */
export function extendsKind(kind: AnyEventKind, ancestor: AnyEventKind): boolean {
  for (let one: AnyEventKind | null = kind; one; one = one.parent) if (one.type === ancestor.type) return true;
  return false;
}

/** True for kinds of events that are made by whoever starts a run or answers it. */
export function comesFromOutside({ role }: AnyEventKind): boolean {
  return role === "start" || role === "humanResponse";
}

export function isEvent(value: unknown): value is WorkflowEvent {
  return (
    typeof value === "object" && value !== null && typeof (value as WorkflowEvent).type === "string" && "data" in value
  );
}

/** Gives back what it is given: a class derived from it puts its private fields on that object. */
const Given = function (object: object) {
  return object;
} as unknown as new (object: object) => object;

/**
 * Marks events made here, known to be valid: they need no second check when a step returns or sends them. The mark
 * is a private field put on the event itself, seen by nobody and lost by copies: adding to a WeakSet costs more
 * than all the rest of making an event.
 */
class Made extends Given {
  readonly #made = true;

  static mark<T extends object>(event: T): T {
    return new Made(event) as T;
  }

  static has(event: object): boolean {
    return #made in event && event.#made;
  }
}

/**
 * As the literal `{ type, data }`, but V8 leaves room in it for the mark: a literal has none, so the mark would be
 * an array of its own beside each event, 40 bytes and a third of the time to make one.
 */
function Envelope(this: { type: string; data: unknown }, type: string, data: unknown): void {
  this.type = type;
  this.data = data;
}
Envelope.prototype = Object.prototype;
const NewEvent = Envelope as unknown as new (type: string, data: unknown) => WorkflowEvent;

function makeEvent(type: string, schema: StandardSchema | null, data: unknown): WorkflowEvent {
  const event = new NewEvent(type, plainData(type, schema ? validated(type, schema, data) : data));
  // Before it is frozen: a language change under way lets frozen objects refuse private fields.
  return Object.freeze(Made.mark(event));
}

/** Checks an event that came from elsewhere against its kind; returns it valid and frozen. */
export function checkEvent(kind: AnyEventKind | undefined, event: WorkflowEvent): WorkflowEvent {
  return Made.has(event) ? event : makeEvent(event.type, kind?.schema ?? null, event.data);
}

/** Takes in an event that its kind made in another thread: it is valid, and ours alone, so nothing is copied. */
export function adoptEvent({ type, data }: WorkflowEvent): WorkflowEvent {
  return Object.freeze(Made.mark({ type, data: adoptPlainData(data) }));
}

function validated(type: string, schema: StandardSchema, data: unknown): unknown {
  const result = schema["~standard"].validate(data);
  if (result instanceof Promise) {
    // The rejection of a validation that nobody waits for must not end the process.
    result.catch(() => undefined);
    throw new EventValidationError(
      `The schema of event ${type} is asynchronous. Events are checked when they are made: use a synchronous schema and do the rest in a step.`,
      { data: { event: type } },
    );
  }
  if (result.issues === undefined) return result.value;
  const path = result.issues[0] ? issuePath(result.issues[0]) : "";
  throw new EventValidationError(`Event ${type} is invalid: ${describeIssues(result.issues)}`, {
    data: {
      event: type,
      path,
      issues: result.issues.map((issue) => ({ path: issuePath(issue), message: issue.message })),
    },
  });
}

function plainData(type: string, data: unknown): unknown {
  try {
    return toPlainData(data);
  } catch (error) {
    if (!(error instanceof PlainDataError)) throw error;
    throw new EventValidationError(`Event ${type} is invalid: ${error.path}: ${error.message}`, {
      cause: error,
      data: { event: type, path: error.path },
    });
  }
}
