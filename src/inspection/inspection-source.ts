/**
 * What an inspector asks: reads of runs as they are and as they were. Every host answers them, in this process or in a
 * worker, and so does a run file opened from disk.
 */
import type { EventRole } from "../core/event-ref.ts";
import type { JsonObject } from "../core/json.ts";
import type { RunStatus } from "../core/run-status.ts";
import type {
  InspectionBatch,
  RunSummary,
  RunView,
  TickDetail,
  TickPage,
  WaiterView,
  WorkflowDescription,
  WorkItemView,
} from "./inspection-event.ts";
import type { RunComparison } from "./run-comparison.ts";
import type { RunningLogs, RunningLogsQuery } from "./running-logs.ts";
import type { Misfit, MisfitReason, OpenWork } from "./sandbox.ts";
import type { StateDifference } from "./state-difference.ts";
import type { TickQuestions } from "./tick-questions.ts";
import type { DepthPoint, Timeline, TimelineRange } from "./timeline.ts";

/** What an inspector needs; `Engine` and a run file opened from disk both give it. */
export interface InspectionSource extends TickQuestions {
  /** Workflows that can be started here; also those of stored runs whose graph is known. */
  describeWorkflows(): Promise<readonly WorkflowDescription[]>;
  /**
   * The workflow as a run's newest ticks were recorded with it: of a run that ended before the code changed, or is paused
   * because it did, an older one than is served. What only code knows, such as schemas, is then told of the code of now.
   */
  describeRun(runId: string): Promise<WorkflowDescription>;
  listRuns(query?: RunQuery): Promise<RunList>;
  /** Batches of news about all runs ("*") or one run as well; returns unsubscribe. */
  inspect(runId: string, listener: (batch: InspectionBatch) => void): () => void;
  /** State at a tick; newest when `sequence` is left out. Folds from the nearest keyframe. */
  stateAt(runId: string, sequence?: number): Promise<RunView>;
  /** Summaries of ticks `from` … `from + limit - 1`. Sequences start at 1. */
  readTicks(runId: string, range: { from: number; limit: number }): Promise<TickPage>;
  readTick(runId: string, sequence: number): Promise<TickDetail>;
  /** Depth of all queues at about `points` moments over the whole run, for the scrubber. */
  depthOverTime(runId: string, points: number): Promise<readonly DepthPoint[]>;
  /** Work items `from` … `from + limit - 1` of those under way in a step; the first is 0. At most 1,000 at once. */
  readWorkItems(runId: string, query: WorkItemQuery): Promise<WorkItemPage>;
  /**
   * What steps under way have logged and no tick holds yet; of one step or work item if asked. Nothing, where the run is
   * not in the engine's memory. News comes of a run that is inspected when it logs.
   */
  runningLogs(runId: string, query?: RunningLogsQuery): Promise<RunningLogs>;
  /** What passed along each edge of the graph up to a tick; up to the newest when `sequence` is left out. */
  edgeTraffic(runId: string, sequence?: number): Promise<EdgeTraffic>;
  /**
   * What happened between two moments, or in the whole run: spans of work items per step and worker slot. Bounded
   * however long the run is: what cannot be told apart is counted. A long history is read in parts, one per call, see
   * `Timeline.sequence`; after that a call reads what is new.
   */
  timeline(runId: string, range: TimelineRange): Promise<Timeline>;
  /**
   * Open waits of all runs that can be answered here: the run created first comes first, and of a run the wait asked
   * first. A page may hold fewer than `limit` and still have a next one. Loads no run.
   */
  listWaiters(query?: WaiterQuery): Promise<WaiterList>;
  /**
   * What differs between the states after two ticks; 0 is before the first. Where a tick is not kept or not there yet,
   * the nearest is taken, as `stateAt` does: the answer says which were compared.
   */
  stateDifference(runId: string, range: DifferenceRange): Promise<StateDifference>;
  /**
   * What would have come of the recorded ticks if one of them had not come, or another in its place. Folded in a
   * sandbox: no step runs, nothing is written, the run is not touched. Only recorded results are known, see `WhatIf`.
   *
   * Rejects with `WorkflowRuntimeError`: TICK_UNKNOWN; WHAT_IF_INVALID for a change that is no tick, another tick, or
   * leaves out the first; WHAT_IF_HIDDEN for a changed tick of which data is hidden. With the signal's reason when that
   * is aborted.
   */
  whatIf(runId: string, question: WhatIfQuestion, signal?: AbortSignal): Promise<WhatIf>;
  /**
   * Where two runs part, and what the steps of each took. Ticks are the same that are of the same kind and step and came
   * of the same; times, ids and the order of what ran side by side do not count. Of a run and its fork only what came
   * after the fork is compared. Reads up to 100,000 ticks of each, and gives way while it does. Rejects with
   * `WorkflowRuntimeError`, code RUN_UNKNOWN, for a run that is not there.
   */
  compareRuns(a: string, b: string): Promise<RunComparison>;
}

export interface WorkItemQuery {
  readonly step: string;
  /** The state after this tick; default: the newest. */
  readonly sequence?: number;
  readonly from: number;
  readonly limit: number;
}

/** Of one state: those at work first, by slot; then those that back off, those that wait, and the queue in its order. */
export interface WorkItemPage {
  readonly runId: string;
  readonly step: string;
  readonly sequence: number;
  /** Time of that tick. */
  readonly at: number;
  /** Of the step, all pages together. */
  readonly total: number;
  readonly items: readonly WorkItemView[];
}

export interface EdgeTraffic {
  readonly runId: string;
  readonly sequence: number;
  /** Counted from this tick on; absent: from the first. */
  readonly historyFrom?: number;
  /** By the edge's id, `SOURCE>TARGET`; without those that nothing passed along. */
  readonly edges: { readonly [edge: string]: EdgeCount };
}

export interface EdgeCount {
  /** Events. */
  readonly count: number;
  /** Sequence and time of the last tick that sent one. */
  readonly last: number;
  readonly lastAt: number;
}

export interface WaiterQuery {
  /** Only of this run. One that is not there has none. */
  readonly runId?: string;
  readonly workflow?: string;
  /** Only waits for events of these roles; default: those a person answers, "humanResponse" and "inputRequired". */
  readonly role?: EventRole | readonly EventRole[];
  /** At most this many; default 100. */
  readonly limit?: number;
  /** Only what comes behind this page: its `nextBefore`. */
  readonly before?: string;
}

export interface WaiterList {
  readonly waiters: readonly OpenWaiter[];
  /** Pass as `before` for the next page; absent on the last. */
  readonly nextBefore?: string;
}

/** Answer it with `sendEvent(runId, event, { waiter: waiter.waiter })`. */
export interface OpenWaiter {
  readonly runId: string;
  readonly workflow: string;
  /** The run's newest tick when it was read. */
  readonly sequence: number;
  readonly waiter: WaiterView;
}

export interface DifferenceRange {
  readonly from: number;
  readonly to: number;
  /** Only this place of the state store, and its values whole. */
  readonly path?: readonly (string | number)[];
}

export interface WhatIfQuestion {
  readonly atSequence: number;
  readonly change: TickChange;
  /**
   * The tick after which the sandbox is shown, from the changed one on; default: the last. The sandbox that was asked for
   * last is kept while the run is inspected, so going through its ticks does not fold it again.
   */
  readonly viewAt?: number;
}

/** `tick`: in place of the recorded one, as `readTick` gives it; its place in the history stays as it was. */
export type TickChange = { readonly kind: "skip" } | { readonly kind: "replace"; readonly tick: JsonObject };

/**
 * A recorded result counts in the sandbox when the very same work is at work there: the same step, the same events by
 * content, told the same, in the same invocation. What a step read in the state store is recorded nowhere: its result
 * stands even if the store was another. Times are those of the recorded ticks; nothing falls due by itself.
 */
export interface WhatIf {
  readonly runId: string;
  readonly atSequence: number;
  /** The last tick that was folded. */
  readonly lastSequence: number;
  /** The tick in place of the recorded one came to nothing, and why. */
  readonly changeIgnored?: MisfitReason;
  /** Later ticks that did something in the run and nothing in the sandbox, in order; at most 200 listed. */
  readonly withoutEffect: readonly Misfit[];
  readonly withoutEffectCount: number;
  /** Work that was begun in the sandbox and of which no result is known; at most 200 listed. */
  readonly openWork: readonly OpenWork[];
  readonly openWorkCount: number;
  /** False: of a very long history only so many ticks were folded; the difference is that of the run at that tick. */
  readonly isWhole: boolean;
  /** The sandbox after the tick asked for; all but this and the difference is told of its end. */
  readonly view: RunView;
  /** From the run to the sandbox, after the same tick. */
  readonly difference: StateDifference;
}

export interface RunQuery {
  readonly status?: RunStatus | readonly RunStatus[];
  readonly workflow?: string;
  /** Only the runs that steps of this run have started; null: only runs that are part of no other. */
  readonly parent?: string | null;
  /** At most this many; default 100. */
  readonly limit?: number;
  /** Only runs created before this time, or after this page: `nextBefore`. */
  readonly before?: number | string;
}

export interface RunList {
  readonly runs: readonly RunSummary[];
  /** Pass as `before` for the next page; absent on the last. */
  readonly nextBefore?: string;
}
