/**
 * What the engine tells an inspector. Types only: the hub that makes them is `inspection-hub.ts`, transports
 * and user interfaces are elsewhere. Every number in one object comes from the broker state at one sequence.
 */
import type { ForkOrigin } from "../core/broker-state.ts";
import type { Mismatch } from "../core/adopt-program.ts";
import type { Json, JsonObject } from "../core/json.ts";
import type { RunStatus } from "../core/run-status.ts";
import type { SerializedError } from "../core/serialized-error.ts";
import type { EventRole } from "../core/event-ref.ts";
import type { ParentRun, TickKind } from "../core/tick.ts";
import type { RunHold } from "./debug-command.ts";
import type { GraphStatus, StepStatus } from "../graph/graph-status.ts";
import type { WorkflowGraph } from "../graph/workflow-graph.ts";

export type { GraphStatus, ParentRun, RunStatus, StepStatus, TickKind };
export type { Mismatch, MissingStep } from "../core/adopt-program.ts";

/** One row of the list of runs. */
export interface RunSummary {
  readonly runId: string;
  readonly workflow: string;
  readonly version: string;
  /** "idle": nothing to do until an event comes or a wait runs out. */
  readonly status: RunStatus;
  readonly createdAt: number;
  /** Time of the newest tick. */
  readonly updatedAt: number;
  /** Sequence of the newest tick; 0 before the first. */
  readonly sequence: number;
  /** Sequence up to which ticks are on disk. */
  readonly durableSequence: number;
  readonly busy: number;
  readonly queued: number;
  /** Waiters that nobody has answered yet. */
  readonly waiting: number;
  /** Types of the events waited for, at most five. */
  readonly waitingFor: readonly string[];
  /** Since when it has been idle; only of an idle run. */
  readonly idleSince?: number;
  /**
   * It is in the engine's memory. A run that is idle for long is not: it comes back when something happens in it. Nor
   * is one that ended or is paused in the journal.
   */
  readonly loaded: boolean;
  readonly error?: SerializedError;
  /** The run and the piece of work that it is a part of. */
  readonly parent?: ParentRun;
  /** A run opened from a file: readable, never continued in place. */
  readonly readOnly?: boolean;
  /** It was opened from a file in which data is hidden: it cannot be forked either. */
  readonly redacted?: boolean;
  /** The run, and its tick, that it was forked from. That run may be gone. */
  readonly forkedFrom?: ForkOrigin;
  /** Why a run that should go on does not: its workflow is not served here, its code changed, or storage failed. */
  readonly pausedBecause?: string;
  /** Somebody debugs it: its breakpoints, and what is held. Absent: it goes on by itself. */
  readonly held?: RunHold;
  /** The code changed and has no place for this work: the run is paused until it has, or `resumeRun` is called. */
  readonly mismatch?: Mismatch;
  /** Work items that are kept aside, because the run went on although the code had no place for them. */
  readonly setAside?: number;
  /** The history is complete from this tick on; absent: from the first. */
  readonly historyFrom?: number;
  /** What it took in storage when that was last looked at, without its child runs; absent where it is not measured. */
  readonly bytes?: number;
  /**
   * When it is deleted by itself at the earliest, because its workflow says after how many days (`retention.days`); absent:
   * no such time is known. A limit of `retention.runs` has no time: it depends on the runs to come.
   */
  readonly deletesAt?: number;
}

/** One tick without its payloads: a row of the log, a particle on the graph. */
export interface TickSummary {
  readonly sequence: number;
  readonly at: number;
  readonly kind: TickKind;
  /** Sequence of the tick in whose turn this one began; "external" for what came from outside. */
  readonly causedBy: number | "external";
  /** The tick that made its work item ready to run, where that is not when a slot was free for it. */
  readonly broughtBy?: number;
  readonly step?: string;
  readonly workerId?: number;
  readonly workItem?: number;
  /** 1 for the first attempt. */
  readonly attempt?: number;
  /** StepResult only. */
  readonly outcome?: "returned" | "failed" | "waiting";
  /** Milliseconds the step ran; StepResult only. */
  readonly duration?: number;
  /** Type of the event the work item carries; StepResult only. */
  readonly input?: string;
  /** Events this tick brought in, in order; at most 32 listed, `eventCount` is exact. */
  readonly events: readonly TickEventSummary[];
  readonly eventCount: number;
  /** Work items this tick started, at most 32: where the particles arrive. */
  readonly started: readonly { readonly step: string; readonly workItem: number; readonly workerId: number }[];
  /** Message of the error, or another short text that explains the tick; at most 400 characters. */
  readonly note?: string;
  /** How many times the step wrote to its log; absent: never. */
  readonly logs?: number;
  /** Length of the tick's JSON, in characters. */
  readonly size: number;
}

export interface TickEventSummary {
  readonly type: string;
  /** "in" came from outside; "send" ctx.sendEvent; "return" returned; "stream" only published. */
  readonly mode: "in" | "send" | "return" | "stream";
  /** Steps it was delivered to. */
  readonly to: readonly string[];
  /** First characters of its data as JSON. */
  readonly preview: string;
}

/** News for an inspector. At most one batch is in flight; while it is, news is merged. */
export interface InspectionBatch {
  /** 1, 2, 3 … per subscription. */
  readonly number: number;
  /** Runs that are new or changed, each in its newest form. */
  readonly runs: readonly RunSummary[];
  readonly deletedRuns: readonly string[];
  /** Only when one run is inspected. */
  readonly run?: RunNews;
}

export interface RunNews {
  readonly runId: string;
  /** Newest state; its sequence is the end of the range. */
  readonly graph: GraphStatus;
  /** The newest ticks, at most 256 in a batch, oldest first. */
  readonly ticks: readonly TickSummary[];
  /** How many ticks before those were left out of `ticks`; read them with `readTicks` when they are shown. */
  readonly skipped: number;
}

/** Everything about a run at one tick; the answer to `stateAt`. */
export interface RunView {
  readonly runId: string;
  readonly workflow: string;
  readonly graph: GraphStatus;
  /** Cut where it is large, as the result and prompts are (`CutJson`): `readPart` and `readText` give the rest. */
  readonly store: JsonObject;
  /** Changes of the tick itself to the store, for showing what changed: at most 200, their values cut. */
  readonly storeChanges: readonly StoreChange[];
  readonly workItems: readonly WorkItemView[];
  readonly waiters: readonly WaiterView[];
  /** Events that no step accepts and no wait asked for, the newest of those that are kept; absent: none. */
  readonly unclaimed?: readonly UnclaimedEvent[];
  readonly result?: Json;
  readonly error?: SerializedError;
}

export interface UnclaimedEvent {
  readonly type: string;
  /** The tick that brought it. */
  readonly tick: number;
  /** First characters of its data. */
  readonly preview: string;
}

export interface StoreChange {
  readonly path: readonly (string | number)[];
  readonly before?: Json;
  readonly after?: Json;
}

/** One event on its way through one step; at most 200 are listed, those in progress first. */
export interface WorkItemView {
  readonly workItem: number;
  readonly step: string;
  readonly state: "running" | "queued" | "delayed" | "waiting";
  readonly eventType: string;
  readonly workerId?: number;
  /** It has its slot and has not begun: it is held at a breakpoint, or by a pause. In the newest state only. */
  readonly isHeld?: boolean;
  /** The attempt that runs or comes next: 1 for the first. */
  readonly attempt: number;
  readonly since: number;
  readonly dueAt?: number;
  readonly lastError?: string;
  /** Tick that brought the event. */
  readonly causedBy: number;
  /** Runs it started that go on, at most five; absent: none. */
  readonly children?: readonly { readonly runId: string; readonly workflow: string }[];
}

export interface WaiterView {
  readonly waiter: number;
  readonly step: string;
  readonly workItem: number;
  readonly waiterId: string;
  /** Event type waited for. */
  readonly type: string;
  readonly role: EventRole;
  readonly requirements?: JsonObject;
  readonly askedAt: number;
  /** null: waits without limit. */
  readonly dueAt: number | null;
  /** The prompt that was published, if any. */
  readonly prompt?: { readonly type: string; readonly data: unknown };
  /** JSON Schema of the awaited event's data; null when it has none. */
  readonly schema: JsonObject | null;
}

/** A page of a run's ticks. */
export interface TickPage {
  readonly runId: string;
  readonly ticks: readonly TickSummary[];
  /** Newest sequence of the run when the page was read. */
  readonly lastSequence: number;
  /** First tick that is kept; absent: 1. */
  readonly historyFrom?: number;
}

/** One tick in full, for the detail view. */
export interface TickDetail {
  readonly summary: TickSummary;
  /** The tick as it stands in the journal, cut where it is large (`CutJson`): `readPart` and `readText` give the rest. */
  readonly tick: JsonObject;
  /** Kinds of the commands it caused. */
  readonly commands: readonly string[];
}

/** A workflow the engine can start. */
export interface WorkflowDescription {
  readonly name: string;
  readonly version: string;
  readonly description?: string;
  readonly graph: WorkflowGraph;
  readonly startEvent: string;
  readonly stopEvent: string;
  readonly events: { readonly [type: string]: EventDescription };
}

export interface EventDescription {
  readonly type: string;
  readonly role: EventRole;
  /** JSON Schema of what a caller passes in; null when the event has no schema or it cannot be expressed. */
  readonly schema: JsonObject | null;
}
