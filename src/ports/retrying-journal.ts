/** Writes that fail are tried again, for storage has bad moments: a connection that is lost, a disk that is busy. */
import { StorageError } from "../core/errors.ts";
import type { Clock } from "./clock.ts";
import type { Journal, JournalQuery, RunRecord, StoredSnapshot, TickBatch } from "./journal.ts";
import type { Runtime } from "./runtime.ts";

/** What another attempt cannot mend. */
const FINAL: ReadonlySet<string> = new Set([
  "STORAGE_QUOTA",
  "STORAGE_DENIED",
  "STORAGE_NEWER",
  "STORAGE_REPLACED",
  "STORAGE_TAKEN_OVER",
]);

const DELAYS: readonly number[] = [50, 250, 1000];

/**
 * The same runtime, whose journal tries a failed write again: after each of the delays, in milliseconds, and then no
 * more. Default: 50, 250, 1000. Only `StorageError`s that may pass are worth it; a full disk, storage that is denied or
 * belongs to another engine are told at once. Meanwhile what waits for the write waits, as for a slow disk.
 */
export function withRetries<R extends Runtime & { readonly journal: Journal }>(
  runtime: R,
  { delays = DELAYS }: { readonly delays?: readonly number[] } = {},
): R {
  return { ...runtime, journal: new RetryingJournal(runtime.journal, runtime.clock, delays) };
}

class RetryingJournal implements Journal {
  readonly #inner: Journal;
  readonly #clock: Clock;
  readonly #delays: readonly number[];

  constructor(inner: Journal, clock: Clock, delays: readonly number[]) {
    this.#inner = inner;
    this.#clock = clock;
    this.#delays = delays;
  }

  get durable(): boolean {
    return this.#inner.durable;
  }

  createRun(record: RunRecord, base?: StoredSnapshot): Promise<void> {
    const isDone = async (): Promise<boolean> => (await this.#inner.getRun(record.runId)) !== undefined;
    return this.#retry(() => this.#inner.createRun(record, base), isDone);
  }

  append(runId: string, batch: TickBatch, record: RunRecord): Promise<void> | undefined {
    const last = batch.from + batch.ticks.length - 1;
    const isDone = async (): Promise<boolean> => ((await this.#inner.getRun(runId))?.sequence ?? 0) >= last;
    const first = this.#inner.append(runId, batch, record);
    return first && this.#retry(() => this.#inner.append(runId, batch, record), isDone, first);
  }

  deleteRun(runId: string): Promise<void> {
    return this.#retry(() => this.#inner.deleteRun(runId));
  }

  saveSnapshot(runId: string, snapshot: StoredSnapshot): Promise<void> {
    return this.#retry(() => this.#inner.saveSnapshot(runId, snapshot));
  }

  getRun(runId: string): Promise<RunRecord | undefined> {
    return this.#inner.getRun(runId);
  }

  listRuns(query: JournalQuery): Promise<RunRecord[]> {
    return this.#inner.listRuns(query);
  }

  read(runId: string, range: { readonly from: number; readonly to: number }): AsyncIterable<TickBatch> {
    return this.#inner.read(runId, range);
  }

  readPublished(runId: string, from: number): AsyncIterable<TickBatch> {
    return this.#inner.readPublished(runId, from);
  }

  loadSnapshot(runId: string, atOrBefore: number): Promise<StoredSnapshot | undefined> {
    return this.#inner.loadSnapshot(runId, atOrBefore);
  }

  close(): Promise<void> {
    return this.#inner.close();
  }

  /** `isDone`: it took effect, and only the answer was lost; done again it would be refused. */
  async #retry(
    write: () => Promise<void> | undefined,
    isDone: () => Promise<boolean> = () => Promise.resolve(false),
    first: Promise<void> | undefined = write(),
  ): Promise<void> {
    let attempt = first;
    for (const delay of this.#delays) {
      try {
        return await attempt;
      } catch (error) {
        if (!(error instanceof StorageError) || FINAL.has(error.code)) throw error;
        await this.#pause(delay);
        if (await isDone().catch(() => false)) return;
        attempt = write();
      }
    }
    await attempt;
  }

  #pause(delay: number): Promise<void> {
    return new Promise((resolve) => this.#clock.setTimer(this.#clock.now() + delay, resolve));
  }
}
