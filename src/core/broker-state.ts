/**
 * The state of one run: the fold of its ticks.
 *
 *    new --StartRun--> queued --AdmitRun--> running --stop event--> completed
 *                  '----------------------->  |  ^
 *                                             |  '-ResumeRun-.
 *                                             '--------------+--> failed | cancelled | timedOut
 *
 * A completed run has nothing left to do and its queues are empty. The other ends keep what was not done, so
 * that the run can be resumed.
 *
 * Invariants, cited by the code that keeps them; `invariants.ts` checks them:
 * B1 A work item is in exactly one place: a queue, a slot, the timers (back-off), or `parked` (waiting).
 * B2 A step has at most `numWorkers` busy slots, and no queued work while a slot is free, unless the run ended.
 * B3 `pending` is the number of work items queued, in slots, or backing off, without those that are set aside because
 *    the definition has no place for them (`orphanOf`).
 * B4 A waiter belongs to a work item that is parked, queued or in progress, and is unanswered.
 * B5 A run that ended has no busy slot and is never due.
 * B6 `sequence` and `at` never go back.
 * B8 A stream counts exactly what is alive in it: work items, events that wait in a join, child streams. A stream
 *    with nothing alive is closed and gone.
 * B7 Nothing here is changed in place: each tick makes a new state that shares what it did not touch.
 */
import type { EventRef } from "./event-ref.ts";
import type { JsonObject } from "./json.ts";
import type { Program } from "./program.ts";
import type { SerializedError } from "./serialized-error.ts";
import { noSlots, type Slots } from "./slots.ts";
import { byNumber, byText, SortedMap } from "./sorted-map.ts";
import { StepQueue } from "./step-queue.ts";
import type { WorkflowEvent } from "./event-ref.ts";
import type { ChildOutcome, ParentRun } from "./tick.ts";

export interface BrokerState {
  /** What the ticks are folded with: as recorded, until the run is taken up with changed code. */
  readonly program: Program;
  readonly runId: string;
  /** For a run that a step of another run started. */
  readonly parent?: ParentRun;
  /** For a run that began where another one stood. */
  readonly forkedFrom?: ForkOrigin;
  readonly status: "new" | "queued" | "running" | "completed" | "failed" | "cancelled" | "timedOut";
  readonly sequence: number;
  readonly at: number;
  readonly createdAt: number;
  readonly limit: TimeLimit;
  /** By step index. */
  readonly steps: readonly StepState[];
  readonly pending: number;
  readonly parked: SortedMap<number, ParkedItem>;
  /** By work item. */
  readonly memos: SortedMap<number, WorkItemMemo>;
  readonly waiters: WaiterTable;
  readonly timers: SortedMap<TimerKey, Timer>;
  readonly buffers: SortedMap<string, CollectBuffer>;
  /** Events that wait for the others of their join. */
  readonly joins: SortedMap<string, JoinBuffer>;
  /** Lists that were returned and are being worked on. */
  readonly streams: SortedMap<number, StreamState>;
  /**
   * Events nobody accepts, kept for a wait that may come; oldest first, at most `MAILBOX_LIMIT`. While the run is
   * queued: all its events, the start event first.
   */
  readonly mailbox: readonly EventRef[];
  readonly store: JsonObject;
  /** Events published so far. */
  readonly published: number;
  /** Step ticks that came too late and were ignored. */
  readonly dropped: number;
  /** Times a work item was handed to a worker. */
  readonly starts: number;
  readonly nextWorkItem: number;
  readonly nextWaiter: number;
  readonly nextStream: number;
  readonly outcome?: RunOutcome;
}

/** The run, and the tick after which the fork goes another way. */
export interface ForkOrigin {
  readonly runId: string;
  readonly sequence: number;
}

/** How many early events a run keeps. Beyond it the oldest is dropped. */
export const MAILBOX_LIMIT = 256;

/** A workflow timeout counts the time a run is loaded, not the time it lies on disk. */
export interface TimeLimit {
  /** Milliseconds; null = none. */
  readonly timeout: number | null;
  /** Loaded time used before `loadedAt`. */
  readonly used: number;
  readonly loadedAt: number;
}

export type RunOutcome =
  | { readonly kind: "completed"; readonly event: EventRef }
  | ({ readonly kind: "failed"; readonly error: SerializedError } & Partial<FailedWork>)
  | { readonly kind: "cancelled"; readonly reason?: string }
  | { readonly kind: "timedOut"; readonly activeSteps: readonly string[] };

/** The work whose failure ended a run. */
export interface FailedWork {
  readonly step: string;
  /** Attempts made. */
  readonly attempts: number;
  /** Milliseconds from the first attempt to the last failure. */
  readonly elapsed: number;
}

export interface StepState {
  readonly queue: StepQueue<WorkItem>;
  readonly slots: Slots<InProgress>;
  /** Work items in the timers of this step. */
  readonly delayed: number;
  /** Work items of this step that are parked. */
  readonly waiting: number;
  readonly completed: number;
  /** Failed attempts. */
  readonly failed: number;
  readonly lastError?: string;
}

/** One event on its way through one step, retries included. */
export interface WorkItem {
  readonly id: number;
  readonly event: EventRef;
  /** Tick that made it ready to run: it brought the event, answered its wait, or ended its back-off. */
  readonly causedBy: number;
  /** When it was last queued. */
  readonly since: number;
  /** Times handed to a worker. */
  readonly invocation: number;
  readonly retry?: RetryState;
  /** What came together for it, in order, where its step joins events; `event` then names the set. */
  readonly inputs?: readonly EventRef[];
  readonly lineage?: Lineage;
}

/** What a work item hands on to all that comes of it. */
export interface Lineage {
  /** The innermost stream it is part of. */
  readonly stream: number | null;
  /** How often each error handler stepped in on the way here. */
  readonly recoveries: { readonly [handler: string]: number };
}

/** Events gathered for one set of a join, within one stream or outside any. */
export interface JoinBuffer {
  readonly step: number;
  readonly stream: number | null;
  readonly byType: { readonly [eventType: string]: StepQueue<JoinInput> };
}

export interface JoinInput {
  readonly event: EventRef;
  readonly lineage?: Lineage;
}

/** A returned list, from its first element to the last thing that comes of it. (Idea: LlamaIndex's collection streams.) */
export interface StreamState {
  readonly id: number;
  /** The step that returned the list. */
  readonly producer: number;
  /** Of the work item that returned it, and of what its joins give. */
  readonly lineage?: Lineage;
  readonly openedBy: number;
  /** Work items, waiting join inputs and child streams alive in it (B8). */
  readonly alive: number;
  /** What each of its list joins got so far. */
  readonly members: { readonly [joinStep: string]: StreamMembers };
}

export interface StreamMembers {
  readonly events: StepQueue<EventRef>;
  /** Handed on already: all at the close, or the first `take` before it. */
  readonly released: boolean;
}

export interface RetryState {
  /** Failed attempts so far. */
  readonly failures: number;
  readonly firstAttemptAt: number;
  readonly lastError: SerializedError;
  readonly lastFailedAt: number;
}

/**
 * What a work item was told before, told again when it runs again. Kept beside the item, not in it, so that an
 * answer finds it wherever the item is.
 */
export interface WorkItemMemo {
  readonly step: number;
  readonly answers: readonly Answer[];
  /** Its unanswered waiters. */
  readonly waiters: readonly Waiter[];
  /** Results of collectEvents by call id. */
  readonly collected: { readonly [callId: string]: readonly EventRef[] | null };
  /** Results of side effects by key. */
  readonly effects?: { readonly [key: string]: unknown };
  /** Runs it started, by key. */
  readonly children?: { readonly [key: string]: ChildRun };
}

/** A run that a step started as a part of its own. */
export interface ChildRun {
  readonly runId: string;
  readonly workflow: string;
  /** Sequence of the tick that started it. */
  readonly startedBy: number;
  /** How often the work item had failed when it was started. */
  readonly failures: number;
  /** Absent while it goes on. */
  readonly outcome?: ChildOutcome;
}

export interface Answer {
  readonly waiterId: string;
  /** null: the wait ran out of time. */
  readonly event: EventRef | null;
}

export interface InProgress {
  readonly workItem: WorkItem;
  readonly startedAt: number;
  /** Tick whose turn started it. */
  readonly startedBy: number;
  /** 1, 2, 3 … per run: work started in one turn has an order too. */
  readonly order: number;
}

export interface ParkedItem {
  readonly step: number;
  readonly workItem: WorkItem;
  readonly since: number;
}

export interface Waiter {
  /** Unique in the run. */
  readonly instance: number;
  readonly step: number;
  readonly workItem: number;
  readonly waiterId: string;
  readonly type: string;
  readonly subtypes?: readonly string[];
  readonly requirements?: JsonObject;
  readonly prompt?: WorkflowEvent;
  readonly askedAt: number;
  readonly dueAt: number | null;
}

/** Waiters by instance, and the instances by each event type that answers them. */
export interface WaiterTable {
  readonly byInstance: SortedMap<number, Waiter>;
  readonly byType: SortedMap<string, SortedMap<number, Waiter>>;
}

/** Timers are ordered by due time, then by what they belong to. */
export interface TimerKey {
  readonly due: number;
  readonly id: number;
}

export type Timer =
  /** id: the work item. */
  | { readonly kind: "retry"; readonly step: number; readonly workItem: WorkItem }
  /** id: minus the waiter instance, so that it cannot meet a work item's. */
  | { readonly kind: "waiter"; readonly waiter: number };

/** collectEvents: what one step has gathered under one buffer id. */
export interface CollectBuffer {
  readonly step: number;
  readonly bufferId: string;
  readonly expected: { readonly [eventType: string]: number };
  readonly byType: { readonly [eventType: string]: StepQueue<EventRef> };
}

const compareTimers = (a: TimerKey, b: TimerKey): number => a.due - b.due || a.id - b.id;

export const noWaiters: WaiterTable = { byInstance: SortedMap.empty(byNumber), byType: SortedMap.empty(byText) };
export const noTimers: SortedMap<TimerKey, Timer> = SortedMap.empty(compareTimers);
export const noBuffers: SortedMap<string, CollectBuffer> = SortedMap.empty(byText);
export const noJoins: SortedMap<string, JoinBuffer> = SortedMap.empty(byText);
export const noStreams: SortedMap<number, StreamState> = SortedMap.empty(byNumber);
export const noneParked: SortedMap<number, ParkedItem> = SortedMap.empty(byNumber);
export const noMemos: SortedMap<number, WorkItemMemo> = SortedMap.empty(byNumber);
export const emptyStep: StepState = {
  queue: StepQueue.empty(),
  slots: noSlots,
  delayed: 0,
  waiting: 0,
  completed: 0,
  failed: 0,
};

/** What a run has beside its steps that is not over: before its first tick, and when it has completed. */
export const nothingUnderWay = {
  pending: 0,
  parked: noneParked,
  memos: noMemos,
  waiters: noWaiters,
  timers: noTimers,
  buffers: noBuffers,
  joins: noJoins,
  streams: noStreams,
  mailbox: [],
} satisfies Partial<BrokerState>;

/** The state before the first tick. */
export function initialState(program: Program): BrokerState {
  return {
    program,
    runId: "",
    status: "new",
    sequence: 0,
    at: 0,
    createdAt: 0,
    limit: { timeout: program.timeout, used: 0, loadedAt: 0 },
    steps: program.steps.map(() => emptyStep),
    ...nothingUnderWay,
    store: {},
    published: 0,
    dropped: 0,
    starts: 0,
    nextWorkItem: 1,
    nextWaiter: 1,
    nextStream: 1,
  };
}

/** Running, with nothing to do until an event comes or a wait runs out. */
export function isIdle(state: BrokerState): boolean {
  return state.status === "running" && state.pending === 0;
}

export function hasEnded(state: BrokerState): boolean {
  return state.status !== "running" && state.status !== "new" && state.status !== "queued";
}

/** When the run's time limit is reached if it stays loaded; null = never. */
export function deadlineOf(limit: TimeLimit): number | null {
  return limit.timeout === null ? null : limit.loadedAt + Math.max(0, limit.timeout - limit.used);
}

/** The next moment at which the run needs a tick although nothing happens; null = none. */
export function nextDue(state: BrokerState): number | null {
  if (state.status !== "running") return null;
  const deadline = deadlineOf(state.limit);
  const timer = state.timers.first();
  if (!timer) return deadline;
  return deadline === null ? timer[0].due : Math.min(deadline, timer[0].due);
}
