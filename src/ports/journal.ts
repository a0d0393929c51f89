/**
 * The journal port: where ticks, snapshots and run records are kept. JSON only, so that every implementation can
 * write them down. Contract for implementations; the engine is its only caller.
 */
import type { ForkOrigin } from "../core/broker-state.ts";
import { WorkflowRuntimeError } from "../core/errors.ts";
import type { JsonObject } from "../core/json.ts";
import type { ParentRun, Tick } from "../core/tick.ts";
import type { RunStatus } from "../core/run-status.ts";

export interface Journal {
  /** false: nothing survives the process, and `append` may return without a promise. */
  readonly durable: boolean;

  /**
   * Rejects with `WorkflowRuntimeError` when the run exists. Written when it resolves, as a batch is that is not strict.
   * With `base`, a run that began elsewhere: the snapshot is stored with the record, both or neither, and ticks follow
   * from `base.sequence + 1` on.
   */
  createRun(record: RunRecord, base?: StoredSnapshot): Promise<void>;
  /**
   * Stores runs that were recorded elsewhere, with all that belongs to them: all of them or, if one cannot be stored,
   * none. Rejects as `createRun` does when one of them exists. Durable when it resolves; ticks to come follow
   * `record.sequence`.
   */
  addRuns(runs: readonly WholeRun[]): Promise<void>;
  getRun(runId: string): Promise<RunRecord | undefined>;
  /** In the order of `compareRuns`, those that `matchesQuery`. */
  listRuns(query: JournalQuery): Promise<RunRecord[]>;
  deleteRun(runId: string): Promise<void>;

  /**
   * Adds a batch behind everything appended before, and the run's record after it: all of it or nothing. What the
   * journal itself keeps in the record (`bytes`, `historyFrom`, `compacted`) stays. Rejects with code RUN_UNKNOWN for a run that was never created or is gone, and with RUN_NOT_OWNED when `batch.from` is not the
   * next sequence: somebody else writes this run. Storage that belongs to one engine as a whole may refuse every
   * write of an earlier owner instead: `StorageError`, STORAGE_TAKEN_OVER.
   * Resolves when the batch survives this process, and if it is `strict`, a loss of power as well, with all that was
   * written before it; returns undefined when that is so already. Whatever survives is the beginning of what was
   * written: never a batch without those before it.
   */
  append(runId: string, batch: TickBatch, record: RunRecord): Promise<void> | undefined;

  /** Batches that hold ticks with `from <= sequence <= to`, in order; the first may begin earlier. */
  read(runId: string, range: { readonly from: number; readonly to: number }): AsyncIterable<TickBatch>;

  /** The batch that holds the published event at this position, and those after it. */
  readPublished(runId: string, from: number): AsyncIterable<TickBatch>;

  /** Beside those there are. Does nothing for a run that is not there. */
  saveSnapshot(runId: string, snapshot: StoredSnapshot): Promise<void>;
  /** The newest snapshot at or before the sequence. */
  loadSnapshot(runId: string, atOrBefore: number): Promise<StoredSnapshot | undefined>;

  /**
   * Drops the ticks up to and including `base.sequence`, and every snapshot; keeps `base`, which stands by itself, and
   * `later` ones, which refer to no dropped tick. The record says `historyFrom` from then on. All of it or nothing. Does
   * nothing where the history begins there, or later, already, and for a run that is not there. Rejects with
   * RUN_NOT_OWNED for a base that is ahead of the ticks. Who reads meanwhile may find a gap, and begins again.
   */
  truncate(runId: string, base: StoredSnapshot, later?: readonly StoredSnapshot[]): Promise<void>;

  /**
   * Stores a run that ended in less space, where the journal can: one bounded piece of work, after which all is as
   * readable as before. Resolves with true when there is more to do. Snapshots may be thinned out; the first and the
   * last stay.
   */
  compact(runId: string): Promise<boolean>;

  close(): Promise<void>;
}

/** Ticks `from` … `from + ticks.length - 1`, written together. */
export interface TickBatch {
  readonly from: number;
  readonly ticks: readonly Tick[];
  /** The events these ticks published, by reference. */
  readonly published: readonly PublishedRecord[];
  /** Something that cannot be taken back waits for it to leave the run. Means nothing in batches that are read. */
  readonly strict?: boolean;
}

/** A run with its history, to be stored at once. */
export interface WholeRun {
  readonly record: RunRecord;
  /** In their order. Where the history does not begin with its first tick, the first stands before all ticks. */
  readonly snapshots: readonly StoredSnapshot[];
  /** In their order, without a gap, up to `record.sequence`. */
  readonly batches: readonly TickBatch[];
}

/** Where a published event's payload stands; terminal events stand here in full. */
export interface PublishedRecord {
  readonly position: number;
  readonly tick: number;
  readonly index: number;
  readonly event?: { readonly type: string; readonly data: unknown };
}

/** What is known of a run without reading its ticks. Later versions only add fields, and those are optional. */
export interface RunRecord {
  readonly runId: string;
  readonly workflow: string;
  readonly version: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly status: RunStatus;
  readonly sequence: number;
  readonly published: number;
  readonly busy: number;
  readonly queued: number;
  readonly waiting: number;
  readonly waitingFor: readonly string[];
  /** Since when it has been idle; only of an idle run. */
  readonly idleSince?: number;
  /**
   * When an idle run needs a tick although nothing happens, so that it can stay here until then; null: never. Absent
   * for runs that are not idle, and where it is not known: records of earlier versions.
   */
  readonly dueAt?: number | null;
  /** Fingerprint of the definition that an idle run goes on with. */
  readonly shape?: string;
  readonly error?: JsonObject;
  /** It was imported: it is looked at, and never goes on in place. */
  readonly readOnly?: boolean;
  /** Of an imported run: in its file data was hidden, so it cannot be gone on with. */
  readonly redacted?: boolean;
  /** Of an imported run: its workflow, as the file told it. */
  readonly description?: JsonObject;
  /** The run it is a part of. Its own id begins with that run's and a slash. */
  readonly parent?: ParentRun;
  /** The run, and its tick, that it was forked from. That run may be gone. */
  readonly forkedFrom?: ForkOrigin;
  /**
   * Sequence of the first tick that is kept; before it there is a snapshot. Absent: 1, the history is whole. Kept by the
   * journal, once it is there.
   */
  readonly historyFrom?: number;
  /** Work items that are set aside, since the code changed and has no place for them. Absent: none. */
  readonly setAside?: number;
  /**
   * What the run takes in storage, in bytes, without its child runs. Kept by the journal, which knows; absent where it
   * was not measured: in memory, and for runs of earlier versions.
   */
  readonly bytes?: number;
  /** Ticks up to this sequence stand in few packed rows. Kept by the journal; absent: none, as far as it says. */
  readonly compacted?: number;
}

export interface JournalQuery {
  readonly status?: readonly RunStatus[];
  readonly workflow?: string;
  /** Only the runs that steps of this run have started; null: only runs that are part of no other. */
  readonly parent?: string | null;
  readonly limit: number;
  /** Only runs that come after this place in the order: created earlier, or then and with a smaller id. */
  readonly before?: { readonly createdAt: number; readonly runId?: string };
}

/** The order of runs in a list: newest first, then by run id, largest first. */
export function compareRuns(a: { createdAt: number; runId: string }, b: { createdAt: number; runId: string }): number {
  return b.createdAt - a.createdAt || (a.runId < b.runId ? 1 : a.runId > b.runId ? -1 : 0);
}

export function matchesQuery(
  record: RunRecord,
  { status, workflow, parent, before }: Omit<JournalQuery, "limit">,
): boolean {
  if (status && !status.includes(record.status)) return false;
  if (workflow !== undefined && record.workflow !== workflow) return false;
  if (parent !== undefined && (record.parent?.runId ?? null) !== parent) return false;
  if (!before) return true;
  if (before.runId === undefined) return record.createdAt < before.createdAt;
  return compareRuns(record, { createdAt: before.createdAt, runId: before.runId }) > 0;
}

export interface StoredSnapshot {
  readonly sequence: number;
  readonly state: JsonObject;
}

/** For implementations: a batch without the ticks before this sequence, of which it holds at least one. */
export function cutBatch({ from, ticks, published }: TickBatch, sequence: number): TickBatch {
  return {
    from: sequence,
    ticks: ticks.slice(sequence - from),
    published: published.filter(({ tick }) => tick >= sequence),
  };
}

/** For implementations: there is no such run, or no longer. */
export function runGone(runId: string): WorkflowRuntimeError {
  return new WorkflowRuntimeError(`Run ${runId} is no longer stored here: it was deleted, or the browser evicted it.`, {
    code: "RUN_UNKNOWN",
    data: { runId },
  });
}

/** For implementations: the run id is taken. */
export function runExists(runId: string): WorkflowRuntimeError {
  return new WorkflowRuntimeError(`There is a run ${runId} already. Attach to it, or choose another run id.`, {
    code: "RUN_EXISTS",
    data: { runId },
  });
}

/** For implementations: somebody else wrote to this run, so its owner must stop. */
export function outOfOrder(runId: string, expected: number, got: number): WorkflowRuntimeError {
  return new WorkflowRuntimeError(
    `Run ${runId} was written by somebody else: tick ${expected} was to come next, not ${got}.`,
    {
      code: "RUN_NOT_OWNED",
      data: { runId, expected, got },
    },
  );
}
