/**
 * The engine interface that every host gives: in this process, in a worker, later another tab or a server.
 * Inspector and users' code do not care which it is.
 */
import type { WorkflowEvent } from "../core/event-ref.ts";
import type { JsonObject } from "../core/json.ts";
import type { StorageProblem, StorageState } from "../core/storage-problem.ts";
import type { DebugCommand } from "./debug-command.ts";
import type { InspectionSource } from "./inspection-source.ts";

/** Commands and reads that need no types of a particular workflow. */
export interface EngineControl extends InspectionSource {
  /** Where the connection stands, for an engine that is elsewhere. */
  readonly connection?: EngineConnection;
  /** Calls back when `connection` changed; returns unsubscribe. */
  onConnectionChange?(listener: () => void): () => void;
  startRun(workflow: string, input: unknown, options?: { runId?: string }): Promise<string>;
  sendEvent(runId: string, event: WorkflowEvent, options?: SendOptions): Promise<void>;
  cancelRun(runId: string, reason?: string): Promise<void>;
  /**
   * Takes up a run that is paused (`RunSummary.pausedBecause`). Rejects with the reason if it still cannot go on: code
   * RUN_CODE_CHANGED where the workflow has no place for some of its work. With `onMismatch: "bestEffort"` it then goes
   * on without that work, which is kept. Does nothing to a run that goes on already.
   */
  resumeRun(runId: string, options?: ResumeRunOptions): Promise<void>;
  /**
   * Holds a run to look at it: sets its breakpoints, pauses it, lets one thing happen, lets it go on. What is held then
   * is told in `RunSummary.held`, `StepStatus.held` and `WorkItemView.isHeld`.
   *
   * Held are beginnings: a work item has its slot and its step is not called yet; while the run is paused, timers that
   * are due wait as well, in their order, and are not lost. Everything else goes on: what steps at work return is
   * recorded, events are taken, `cancelRun` ends the run at once. So does its time limit, which is a moment fixed in its
   * log. Child runs are runs of their own, with breakpoints of their own. The time a work item was held counts as part of
   * the time its step took.
   *
   * Nothing of it is in the log. A replay never pauses, and a run that is taken up again, after a crash or a reload, has
   * no breakpoints and goes on. All who debug a run share one set; when the last connection (page) that asked for
   * something is gone, the run goes on by itself.
   *
   * Rejects with `WorkflowRuntimeError`: RUN_UNKNOWN, RUN_ENDED, RUN_READ_ONLY, and STEP_UNKNOWN for a breakpoint before
   * a step that the run does not have. Absent where runs are only looked at.
   */
  debugRun?(runId: string, command: DebugCommand): Promise<void>;
  deleteRun(runId: string): Promise<void>;
  /** The run's whole history as JSON, its children's too: a run file. Its form is `tickwork/run-file.schema.json`. */
  exportRun(runId: string): Promise<JsonObject>;
  /**
   * Stores the run of a run file, given as JSON or as the file itself (a `Blob`), with its history and its children, to be looked at: it is read-only, and can be
   * forked, exported and deleted. Resolves with its id: the one it had, or `runId`. All or nothing: a file that is
   * refused leaves nothing behind. Its workflow need not be served here.
   *
   * Rejects with `ContextSerdeError`: RUN_FILE_UNREADABLE for what is no run file or one that is damaged,
   * RUN_FILE_TOO_LARGE, RUN_FILE_FROM_FUTURE, HISTORY_DAMAGED; and with `WorkflowRuntimeError`, RUN_EXISTS, when there
   * is a run of that id.
   */
  importRun(file: unknown, options?: ImportRunOptions): Promise<string>;
  /**
   * Starts a new run that begins where another one stood, and goes on by itself with the definition served here.
   * Resolves with its id when it is stored. Any run can be forked: one that goes on, one that ended, an imported one.
   *
   * The fork has the state store, the queued work and the open waits of that moment; work that was in progress starts
   * anew, timers that fell due since then fire at once, and of the time limit it has what was left. Its history begins
   * with that state, its stream behind the events published until then. Child runs that had ended keep their results;
   * those that went on start anew as the fork's own. It is part of no other run. `RunSummary.forkedFrom` says where it
   * comes from.
   *
   * Rejects with `WorkflowRuntimeError`: RUN_UNKNOWN, WORKFLOW_UNKNOWN, RUN_EXISTS, TICK_UNKNOWN for a tick that is not
   * kept, RUN_COMPLETED for one after which nothing is left to do; and with `ContextSerdeError`, RUN_CODE_CHANGED, as
   * `resumeRun` does.
   */
  forkRun(runId: string, options?: ForkRunOptions): Promise<string>;
  /** Resolves with the stop event's data; rejects as `handler.result()` does. */
  result(runId: string): Promise<unknown>;
  storage(): Promise<StorageStatus>;
  /** Tries at once what waits for storage to work again: somebody made room, or allowed it. */
  retryStorage?(): Promise<void>;
  /**
   * Frees space: does what policies say, packs runs that ended, and, for `bytes`, deletes those that may go when the
   * storage is full. Tells what it did.
   */
  prune?(options?: PruneOptions): Promise<PruneReport>;
  /** Asks that what is stored is not evicted; only where somebody can be asked, so in a page. */
  requestPersistence?(): Promise<boolean>;
}

export interface EngineConnection {
  /**
   * starting: not ready yet. waiting: another tab has the engine and it cannot be called from here, see `reason`.
   * restarting: the engine died or its tab was closed, the next one starts. failed: it will not come back by itself;
   * `reason` says why.
   */
  readonly state: ConnectionState;
  readonly reason: string | null;
  /** While waiting: what calls reject with, for programs that tell the reasons apart. */
  readonly code?: string;
  /** Name of the database that it was last found at; absent: none was found yet. */
  readonly database?: string;
  /** It runs in another tab. */
  readonly isElsewhere: boolean;
  /** What to tell people when another tab runs another version of the app; null: none does. */
  readonly otherVersion: string | null;
}

export type ConnectionState = "starting" | "waiting" | "ready" | "restarting" | "failed" | "closed";

export interface ImportRunOptions {
  /** The id it gets here; default: the one it has in the file. Its children's ids begin with it. */
  readonly runId?: string;
}

export interface ForkRunOptions {
  /** After this tick; default: the newest. */
  readonly atSequence?: number;
  /** The id of the new run; default: a generated one. */
  readonly runId?: string;
  /** See `OnMismatch`: "pause" refuses the fork. Default: what the engine was told. */
  readonly onMismatch?: OnMismatch;
  /** A new time limit in milliseconds, from now; null = none. Default: what was left. */
  readonly timeout?: number | null;
}

export interface ResumeRunOptions {
  /** See `OnMismatch`; default: what the engine was told, "pause" if nothing. */
  readonly onMismatch?: OnMismatch;
}

/**
 * What becomes of a run when its workflow has no place for some of its work any more.
 * - "pause": it is not taken up, loses nothing, and can be taken up by code that has a place for that work again.
 * - "bestEffort": it goes on. The work is set aside: kept in the run, never started, and found by later code that has
 *   a place for it. Hooks are told (`onProblem`, code WORK_SET_ASIDE). If the run completes, that work is dropped.
 */
export type OnMismatch = "pause" | "bestEffort";

export interface PruneOptions {
  /**
   * So many bytes are to be freed: runs that ended are deleted for it too, those that ended first first, where their
   * workflow allows that (`retention: { whenFull: "delete" }`). Default: only what nobody misses is done, that is what
   * policies say anyway, and packing what ended.
   */
  readonly bytes?: number;
}

export interface PruneReport {
  /** As far as is known: of runs of earlier versions nobody knows what they took. */
  readonly freedBytes: number;
  readonly compactedRuns: readonly string[];
  /** Without their child runs, which went with them. */
  readonly deletedRuns: readonly string[];
}

export interface SendOptions {
  /** Only to this step. */
  readonly step?: string;
  /**
   * Only to this waiter (`WaiterView.waiter`). Rejects with WAITER_GONE when it was answered meanwhile, and with
   * EVENT_INVALID for an event it does not wait for: of another type, or with other values in its `requirements`.
   */
  readonly waiter?: number;
}

export interface StorageStatus {
  /** Ticks are written to disk. */
  readonly durable: boolean;
  /** The browser promised not to evict the data. */
  readonly persisted: boolean;
  /** Bytes used by this origin and available to it; absent where the platform does not say. */
  readonly usage?: number;
  readonly quota?: number;
  /** This engine owns the database. */
  readonly leader: boolean;
  readonly lastDurableSequence: number;
  /** How writing goes. "nearlyFull" warns; every other state than "ok" pauses the runs. */
  readonly state: StorageState;
  /** Why ticks cannot be written at the moment, and who can end that. */
  readonly problem?: StorageProblem;
}
