/** A journal in memory: the same contract, nothing survives the process. */
import {
  compareRuns,
  cutBatch,
  matchesQuery,
  outOfOrder,
  runExists,
  runGone,
  type Journal,
  type JournalQuery,
  type RunRecord,
  type StoredSnapshot,
  type TickBatch,
  type WholeRun,
} from "../../ports/journal.ts";

interface StoredRun {
  record: RunRecord;
  /** Of the first tick. */
  from: number;
  readonly batches: TickBatch[];
  readonly snapshots: StoredSnapshot[];
}

export interface MemoryJournalOptions {
  /**
   * Of the runs that ended, so many are kept, those that ended last; older ones are forgotten with all that belongs to
   * them, as if deleted. Runs that have not ended always stay. null: all are kept. Default null.
   */
  readonly maxFinishedRuns?: number | null;
}

export class MemoryJournal implements Journal {
  readonly durable = false;
  readonly #runs = new Map<string, StoredRun>();
  readonly #maxFinished: number;
  /** Runs that ended, the first to end first: each once, however often its record is written. */
  readonly #finished = new Set<string>();

  constructor({ maxFinishedRuns = null }: MemoryJournalOptions = {}) {
    this.#maxFinished = maxFinishedRuns ?? Number.POSITIVE_INFINITY;
  }

  async createRun(record: RunRecord, base?: StoredSnapshot): Promise<void> {
    if (this.#runs.has(record.runId)) throw runExists(record.runId);
    const from = base ? base.sequence + 1 : 1;
    this.#runs.set(record.runId, { record, from, batches: [], snapshots: base ? [base] : [] });
    this.#noteEnd(record);
  }

  async addRuns(runs: readonly WholeRun[]): Promise<void> {
    const ids = new Set(this.#runs.keys());
    for (const { record } of runs) {
      if (ids.has(record.runId)) throw runExists(record.runId);
      ids.add(record.runId);
    }
    for (const { record, snapshots, batches } of runs) {
      const from = record.sequence + 1;
      this.#runs.set(record.runId, { record, from, batches: [...batches], snapshots: [...snapshots] });
    }
    for (const { record } of runs) this.#noteEnd(record);
  }

  async getRun(runId: string): Promise<RunRecord | undefined> {
    return this.#runs.get(runId)?.record;
  }

  async listRuns({ limit, ...query }: JournalQuery): Promise<RunRecord[]> {
    return Array.from(this.#runs.values(), ({ record }) => record)
      .filter((record) => matchesQuery(record, query))
      .toSorted(compareRuns)
      .slice(0, limit);
  }

  async deleteRun(runId: string): Promise<void> {
    this.#forget(runId);
  }

  append(runId: string, batch: TickBatch, record: RunRecord): undefined {
    const run = this.#runs.get(runId);
    if (!run) throw runGone(runId);
    const expected = nextOf(run);
    if (batch.from !== expected) throw outOfOrder(runId, expected, batch.from);
    run.batches.push(batch);
    run.record = run.record.historyFrom === undefined ? record : { ...record, historyFrom: run.record.historyFrom };
    this.#noteEnd(record);
    return undefined;
  }

  async *read(runId: string, { from, to }: { from: number; to: number }): AsyncIterable<TickBatch> {
    for (const batch of this.#runs.get(runId)?.batches.slice() ?? []) {
      if (batch.from > to) return;
      if (batch.from + batch.ticks.length > from) yield batch;
    }
  }

  async *readPublished(runId: string, from: number): AsyncIterable<TickBatch> {
    for (const batch of this.#runs.get(runId)?.batches.slice() ?? []) {
      const last = batch.published.at(-1);
      if (last && last.position >= from) yield batch;
    }
  }

  async saveSnapshot(runId: string, snapshot: StoredSnapshot): Promise<void> {
    const snapshots = this.#runs.get(runId)?.snapshots;
    // In their order, whatever the order in which they arrive; one of the same sequence stands behind the older.
    const place = snapshots?.findLastIndex(({ sequence }) => sequence <= snapshot.sequence) ?? -1;
    snapshots?.splice(place + 1, 0, snapshot);
  }

  async truncate(runId: string, base: StoredSnapshot, later: readonly StoredSnapshot[] = []): Promise<void> {
    const run = this.#runs.get(runId);
    const from = base.sequence + 1;
    if (!run || from <= run.from) return;
    if (from > nextOf(run)) throw outOfOrder(runId, nextOf(run), from);
    const kept = run.batches.filter((batch) => batch.from + batch.ticks.length > from);
    run.batches.splice(
      0,
      run.batches.length,
      ...kept.map((batch) => (batch.from < from ? cutBatch(batch, from) : batch)),
    );
    run.snapshots.splice(0, run.snapshots.length, base, ...later);
    run.from = from;
    run.record = { ...run.record, historyFrom: from };
  }

  /** Nothing is stored twice here. */
  async compact(): Promise<boolean> {
    return false;
  }

  async loadSnapshot(runId: string, atOrBefore: number): Promise<StoredSnapshot | undefined> {
    return this.#runs.get(runId)?.snapshots.findLast(({ sequence }) => sequence <= atOrBefore);
  }

  async close(): Promise<void> {}

  #noteEnd({ runId, status }: RunRecord): void {
    // One that failed may be carried on.
    this.#finished.delete(runId);
    if (status === "queued" || status === "running" || status === "idle") return;
    this.#finished.add(runId);
    for (const oldest of this.#finished) {
      if (this.#finished.size <= this.#maxFinished) return;
      this.#forget(oldest);
    }
  }

  #forget(runId: string): void {
    this.#runs.delete(runId);
    this.#finished.delete(runId);
  }
}

/** Sequence of the tick to come. */
function nextOf({ batches, from }: StoredRun): number {
  const last = batches.at(-1);
  return last ? last.from + last.ticks.length : from;
}
