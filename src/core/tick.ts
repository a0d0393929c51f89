/**
 * Ticks: the inputs of the reducer, and all that is ever written to a journal.
 *
 * A tick says everything the reducer needs: time, ids, retry verdicts and delays are fields, made where the tick
 * is made, so that folding a journal on any machine at any time gives the same state.
 */
import type { WorkflowEvent } from "./event-ref.ts";
import type { Json, JsonObject } from "./json.ts";
import type { Program } from "./program.ts";
import type { SerializedError } from "./serialized-error.ts";

interface TickRecord {
  /** 1, 2, 3 … per run. */
  readonly sequence: number;
  /** Milliseconds since the epoch; never smaller than the tick before. */
  readonly at: number;
  /** The sequence of the tick that led to this one. */
  readonly causedBy: number | "external";
}

/** What a step's invocation belongs to. A tick of a step counts only while exactly this one is in progress. */
export interface InvocationId {
  readonly step: string;
  readonly workerId: number;
  readonly workItem: number;
  /** Counts how often the work item was handed to a worker: retries, re-runs after a wait, resumes. */
  readonly invocation: number;
}

/** Where a child run belongs. */
export interface ParentRun {
  readonly runId: string;
  readonly step: string;
  readonly workItem: number;
}

/** Always the first tick: what is run, and with what. */
export interface StartRunTick extends TickRecord {
  readonly kind: "StartRun";
  readonly runId: string;
  readonly workflow: string;
  readonly version: string;
  /** Milliseconds; null = no limit. */
  readonly timeout: number | null;
  readonly event: WorkflowEvent;
  readonly store: JsonObject;
  /** The run it is a part of, for a run that a step started. */
  readonly parent?: ParentRun;
  /**
   * What this tick and those after it are folded with, whatever the code of the workflow is then. Absent in histories
   * that are older than this field: they are folded with the definition at hand.
   */
  readonly program?: Program;
  /** The run waits its turn (`numConcurrentRuns`); an AdmitRun tick lets it begin. */
  readonly queued?: true;
}

/** A queued run may begin. */
export interface AdmitRunTick extends TickRecord {
  readonly kind: "AdmitRun";
}

/** An event from outside. */
export interface AddEventTick extends TickRecord {
  readonly kind: "AddEvent";
  readonly event: WorkflowEvent;
  /** Only to this step. */
  readonly target?: string;
  /** Only to this waiter. */
  readonly waiter?: number;
}

/** An invocation ended: it returned, failed, or waits. */
export interface StepResultTick extends TickRecord, InvocationId {
  readonly kind: "StepResult";
  readonly outcome: StepOutcome;
  /** What the step sent, streamed and returned, in that order of calls. Empty unless it returned. */
  readonly outputs: readonly StepOutput[];
  /** The step returned a list, maybe an empty one: a stream opens, its elements are the outputs of mode "element". */
  readonly list?: true;
  /** Edits of the state that come with the result, where the workflow commits them so. Only if it returned. */
  readonly changes?: readonly StateChange[];
  readonly logs?: readonly LogRecord[];
}

export type StepOutcome =
  | { readonly kind: "returned" }
  | { readonly kind: "failed"; readonly error: SerializedError; readonly verdict: RetryVerdict }
  | { readonly kind: "waiting"; readonly waits: readonly WaitRequest[] };

/** Decided by the retry policy when the step failed, and never again. */
export type RetryVerdict = { readonly retry: false } | { readonly retry: true; readonly delay: number };

export interface StepOutput {
  readonly mode: "send" | "return" | "element" | "stream";
  readonly event: WorkflowEvent;
  readonly target?: string;
}

export interface WaitRequest {
  /** Names the wait within its work item. */
  readonly waiterId: string;
  /** Type of the event waited for. */
  readonly type: string;
  /** Types that extend it and answer too, where the step takes these. */
  readonly subtypes?: readonly string[];
  /** Fields of the event's data that must be equal. */
  readonly requirements?: JsonObject;
  /** Published once, when the waiter is registered. */
  readonly prompt?: WorkflowEvent;
  /** Milliseconds from this tick; null = no limit. */
  readonly timeout: number | null;
}

export interface LogRecord {
  readonly at: number;
  readonly message: string;
  readonly data?: Json;
}

/** A running step adds its event to a set; the reducer answers at once, and again the same on a retry. */
export interface CollectEventsTick extends TickRecord, InvocationId {
  readonly kind: "CollectEvents";
  readonly bufferId: string;
  /** Names the call within the work item, so that a re-run gets the same answer. */
  readonly callId: string;
  /** What is collected, when it is not the work item's own event. */
  readonly event?: WorkflowEvent;
  /** How many events of each type make a full set. */
  readonly expected: { readonly [eventType: string]: number };
}

/** A side effect of a running step is done; its result is told again to every later invocation. */
export interface RecordEffectTick extends TickRecord, InvocationId {
  readonly kind: "RecordEffect";
  readonly key: string;
  readonly value: unknown;
}

/** A running step starts another workflow as part of this run. */
export interface StartChildTick extends TickRecord, InvocationId {
  readonly kind: "StartChild";
  /** Names the child within its work item. */
  readonly key: string;
  readonly childRunId: string;
  /** Name of the child's workflow. */
  readonly workflow: string;
  /** How often the work item had failed when it was started: a child that failed is not what a retry gets. */
  readonly failures: number;
}

/** A child run ended. It belongs to its work item, whichever invocation of that is at work now. */
export interface EndChildTick extends TickRecord {
  readonly kind: "EndChild";
  readonly step: string;
  readonly workItem: number;
  readonly childRunId: string;
  readonly outcome: ChildOutcome;
}

export type ChildOutcome =
  | { readonly kind: "completed"; readonly result: unknown }
  | { readonly kind: "failed"; readonly error: SerializedError };

/** A change of the state store; `set` without a path replaces the whole. */
export interface EditStateTick extends TickRecord {
  readonly kind: "EditState";
  readonly step?: string;
  readonly workItem?: number;
  readonly changes: readonly StateChange[];
}

export type StateChange =
  | { readonly op: "set"; readonly path: readonly string[]; readonly value: Json }
  | { readonly op: "remove"; readonly path: readonly string[] };

/** Retries due at or before `due` may start. */
export interface WakeupTick extends TickRecord {
  readonly kind: "Wakeup";
  readonly due: number;
}

/** A wait ran out of time. `waiter` names this one instance: a later wait with the same id is another. */
export interface WaiterTimeoutTick extends TickRecord {
  readonly kind: "WaiterTimeout";
  readonly waiter: number;
}

/** The run used up its loaded time. */
export interface TimeoutTick extends TickRecord {
  readonly kind: "Timeout";
}

export interface CancelRunTick extends TickRecord {
  readonly kind: "CancelRun";
  readonly reason?: string;
}

/** The run was loaded again: work that was in progress starts anew. */
export interface ResumeRunTick extends TickRecord {
  readonly kind: "ResumeRun";
  /** The code changed: from here on the run has this definition. Work it has no place for is set aside and kept. */
  readonly program?: Program;
  /** What the author's migrate function answered: done before the run gets that definition. */
  readonly migration?: Migration;
  /** Gives the run a new limit, from now; left out, it has what was left of the old one. */
  readonly timeout?: number | null;
  /** Until when it was loaded before, for its time limit; left out, until its last tick. */
  readonly loadedUntil?: number;
  /** It waits its turn (`numConcurrentRuns`); an AdmitRun tick lets it go on. */
  readonly queued?: true;
}

/** A run's work in the words of newer code. */
export interface Migration {
  /** New names of steps and of event types, by the recorded ones. */
  readonly steps?: { readonly [recorded: string]: string };
  readonly types?: { readonly [recorded: string]: string };
  /** Events in place of those that tick brought, at that index. */
  readonly events?: readonly { readonly tick: number; readonly index: number; readonly event: WorkflowEvent }[];
  readonly store?: JsonObject;
}

/** The run is idle: streams in which nothing can happen any more fail it. */
export interface IdleCheckTick extends TickRecord {
  readonly kind: "IdleCheck";
}

/** Something other than a step broke; the run cannot go on. */
export interface FailRunTick extends TickRecord {
  readonly kind: "FailRun";
  readonly error: SerializedError;
}

export type Tick =
  | StartRunTick
  | AdmitRunTick
  | AddEventTick
  | StepResultTick
  | CollectEventsTick
  | EditStateTick
  | RecordEffectTick
  | StartChildTick
  | EndChildTick
  | WakeupTick
  | WaiterTimeoutTick
  | TimeoutTick
  | CancelRunTick
  | ResumeRunTick
  | IdleCheckTick
  | FailRunTick;

export type TickKind = Tick["kind"];

/**
 * A tick before the control loop has stamped it. It is stamped in place, so whoever submits one gives it away;
 * a maker that is called often leaves room for the stamp by setting both to 0.
 */
export type UnstampedTick = { [Kind in TickKind]: Unstamped<Extract<Tick, { kind: Kind }>> }[TickKind];
type Unstamped<T extends TickRecord> = Omit<T, "sequence" | "at"> & { sequence?: number; at?: number };
