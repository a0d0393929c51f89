/**
 * What crosses between an engine and a worker of its pool. Types and names only, so that both sides review the same
 * page. One job is one invocation of a step; a call is something it asks for, a callback a function that came along.
 *
 *    engine                          worker
 *      |  <- ready ------------------- |   serveSteps was called
 *      |  -- run --------------------> |   busy
 *      |  <- log, call, waits -------- |
 *      |  -- callback, reply --------> |
 *      |  -- abort ------------------> |   the result is not wanted any more
 *      |  <- done | failed | ended --- |   free
 */
import type { WorkflowEvent } from "../core/event-ref.ts";
import type { Json, JsonObject } from "../core/json.ts";
import type { SerializedError } from "../core/serialized-error.ts";

/** Raised when either side would misunderstand the other. */
export const PROTOCOL = 1;

export type ToWorker =
  | {
      readonly tickwork: "run";
      readonly job: number;
      readonly workflow: string;
      readonly step: string;
      /** The event, or those that its join gathered. */
      readonly input: WorkflowEvent | readonly WorkflowEvent[];
      readonly facts: InvocationFacts;
    }
  | { readonly tickwork: "abort"; readonly job: number; readonly reason: SerializedError }
  | { readonly tickwork: "reply"; readonly job: number; readonly call: number; readonly reply: Reply }
  /** Run the function that this call brought along, with this value. */
  | { readonly tickwork: "callback"; readonly job: number; readonly call: number; readonly value: unknown };

export type FromWorker =
  /** `alive` is the name of a Web Lock that it holds until it dies; null where the platform tells of its death. */
  | { readonly tickwork: "ready"; readonly protocol: number; readonly alive: string | null }
  | { readonly tickwork: "call"; readonly job: number; readonly call: number; readonly request: Request }
  /** Waits that were begun side by side. */
  | { readonly tickwork: "waits"; readonly job: number; readonly waits: readonly Wait[] }
  /** What a callback gave. */
  | { readonly tickwork: "answer"; readonly job: number; readonly call: number; readonly reply: Reply }
  | { readonly tickwork: "log"; readonly job: number; readonly message: string; readonly data: Json | undefined }
  | {
      readonly tickwork: "done";
      readonly job: number;
      readonly outputs: readonly Output[];
      readonly returned: WorkflowEvent | readonly WorkflowEvent[] | undefined;
    }
  /** `breach`: the step broke its contract, so it is not tried again. */
  | { readonly tickwork: "failed"; readonly job: number; readonly error: SerializedError; readonly breach: boolean }
  /** An aborted job does nothing any more. */
  | { readonly tickwork: "ended"; readonly job: number };

/** What a step finds in its context, as of the invocation's begin. */
export interface InvocationFacts {
  readonly runId: string;
  readonly workerId: number;
  readonly workItem: number;
  readonly retry: {
    readonly attempt: number;
    readonly elapsed: number;
    readonly lastError: SerializedError | null;
    readonly lastFailedAt: number | null;
  };
}

export type Request =
  | { readonly method: "get"; readonly path: string }
  | { readonly method: "set"; readonly path: string; readonly value: unknown }
  /** Its callback takes the draft and gives it back changed. */
  | { readonly method: "edit" }
  | { readonly method: "getState" }
  | { readonly method: "setState"; readonly state: unknown }
  | { readonly method: "clear" }
  /** Its callback has the effect. */
  | { readonly method: "once"; readonly key: string }
  /** By its name: the step there declares the same workflows. */
  | {
      readonly method: "runWorkflow";
      readonly workflow: string;
      readonly input: unknown;
      readonly options: { readonly key?: string };
    };

export interface Wait {
  readonly call: number;
  readonly type: string;
  readonly waiterEvent?: WorkflowEvent;
  readonly waiterId?: string;
  readonly requirements?: JsonObject;
  readonly timeout?: number | null;
}

/** What a step sent or streamed, in the order of its calls. */
export interface Output {
  readonly mode: "send" | "stream";
  readonly event: WorkflowEvent;
  readonly target?: string;
}

export type Reply =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: SerializedError };

/** A worker's module may send messages of its own: those are left alone. */
export function isPoolMessage(message: unknown): message is { readonly tickwork: unknown } {
  return typeof message === "object" && message !== null && "tickwork" in message;
}
