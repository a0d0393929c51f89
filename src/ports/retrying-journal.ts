/** Writes that fail are tried again, for storage has bad moments, and some bad hours. */
import { StorageError, WorkflowError } from "../core/errors.ts";
import { mayPass } from "../core/storage-problem.ts";
import type { Clock } from "./clock.ts";
import type { Journal, JournalQuery, RunRecord, StoredSnapshot, TickBatch, WholeRun } from "./journal.ts";
import type { Runtime } from "./runtime.ts";
import { PATIENCE, RETRY_DELAYS, StorageHealth } from "./storage-health.ts";

/**
 * The same runtime, whose journal tries a failed write again: after each of the delays, in milliseconds. Default: 50,
 * 250, 1000, 5000, 30000.
 *
 * Ticks of a run that goes on are tried until they are written, after the last delay again and again. Meanwhile the
 * runtime's `health` says what is wrong, nothing with an effect begins in the engine, and what would leave it waits; it
 * all goes on by itself. What somebody outside waits for (a run being created, and its first ticks; a deletion) is
 * given up after the third delay, and at once when the storage is full and no room could be made.
 *
 * Only `StorageError`s that may pass are worth it. Of those that cannot (storage that belongs to another engine or a
 * newer version, or was deleted) and of every other error the run is told at once, and stops.
 */
export function withRetries<R extends Runtime & { readonly journal: Journal }>(
  runtime: R,
  { delays = RETRY_DELAYS }: { readonly delays?: readonly number[] } = {},
): R & { readonly health: StorageHealth } {
  const health = new StorageHealth(runtime.clock, delays);
  return { ...runtime, health, journal: new RetryingJournal(runtime.journal, runtime.clock, delays, health) };
}

/** How often a write is tried. */
interface Persistence {
  /** Until it succeeds, or never can. */
  readonly endless?: boolean;
  /** On a full disk room is made for it. Not for what makes room, which would wait for itself, nor for shortcuts. */
  readonly needsRoom?: boolean;
  /** Refused as done already: whether that was an attempt of ours whose answer got lost. */
  readonly wasDone?: (refusal: WorkflowError) => Promise<boolean>;
}

class RetryingJournal implements Journal {
  readonly #inner: Journal;
  readonly #clock: Clock;
  readonly #delays: readonly number[];
  readonly #health: StorageHealth;

  constructor(inner: Journal, clock: Clock, delays: readonly number[], health: StorageHealth) {
    this.#inner = inner;
    this.#clock = clock;
    this.#delays = delays;
    this.#health = health;
  }

  get durable(): boolean {
    return this.#inner.durable;
  }

  createRun(record: RunRecord, base?: StoredSnapshot): Promise<void> {
    return this.#write(() => this.#inner.createRun(record, base), {
      needsRoom: true,
      endless: isPartOfOther(record),
      wasDone: (refusal) => this.#isStored(record, refusal),
    });
  }

  addRuns(runs: readonly WholeRun[]): Promise<void> {
    const [first] = runs;
    return this.#write(() => this.#inner.addRuns(runs), {
      needsRoom: true,
      // All or nothing: where one of them is, all are.
      wasDone: async (refusal) => first !== undefined && this.#isStored(first.record, refusal),
    });
  }

  append(runId: string, batch: TickBatch, record: RunRecord): Promise<void> | undefined {
    const append = (): Promise<void> | undefined => this.#inner.append(runId, batch, record);
    let first: Promise<void> | undefined;
    try {
      first = append();
    } catch (error) {
      first = callAsync(() => {
        throw error;
      });
    }
    if (!first) return undefined;
    const last = batch.from + batch.ticks.length - 1;
    return this.#write(
      append,
      {
        needsRoom: true,
        // Who starts a run waits for its first ticks; a run that is part of another is waited for by that one.
        endless: batch.from > 1 || isPartOfOther(record),
        // Nobody else writes this run, and this batch is the last: later ones wait for it.
        wasDone: async ({ code }) => code === "RUN_NOT_OWNED" && (await this.#inner.getRun(runId))?.sequence === last,
      },
      first,
    );
  }

  async deleteRun(runId: string): Promise<void> {
    await this.#write(() => this.#inner.deleteRun(runId));
    // There may be room now.
    this.#health.retryNow();
  }

  saveSnapshot(runId: string, snapshot: StoredSnapshot): Promise<void> {
    return this.#write(() => this.#inner.saveSnapshot(runId, snapshot));
  }

  truncate(runId: string, base: StoredSnapshot, later?: readonly StoredSnapshot[]): Promise<void> {
    return this.#write(() => this.#inner.truncate(runId, base, later));
  }

  /** Nothing waits for it: it is taken up again later. */
  compact(runId: string): Promise<boolean> {
    return this.#inner.compact(runId);
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

  /** The id is taken, by what was to be written. */
  async #isStored({ runId, createdAt, sequence }: RunRecord, { code }: WorkflowError): Promise<boolean> {
    if (code !== "RUN_EXISTS") return false;
    const stored = await this.#inner.getRun(runId);
    return stored?.createdAt === createdAt && stored.sequence === sequence;
  }

  async #write(
    write: () => Promise<void> | undefined,
    { endless = false, needsRoom = false, wasDone }: Persistence = {},
    first: Promise<void> = callAsync(write),
  ): Promise<void> {
    let attempt = first;
    let failures = 0;
    try {
      for (;;) {
        try {
          return await attempt;
        } catch (error) {
          // Asked only after a failure, and of a refusal: a look at the record alone could not tell whose tick it saw.
          if (failures > 0 && error instanceof WorkflowError && (await wasDone?.(error).catch(() => false))) return;
          if (!mayPass(error)) {
            if (error instanceof StorageError) this.#health.failedForGood(error);
            throw error;
          }
          failures += 1;
          if (endless && failures === 1) this.#health.began();
          const hasRoom = isFull(error) && needsRoom && (await this.#makeRoom(failures));
          const isTried =
            hasRoom || (await (endless ? this.#health.nextAttempt(error) : this.#isWorthIt(error, failures)));
          if (!isTried) throw error;
          attempt = callAsync(write);
        }
      }
    } finally {
      if (endless && failures > 0) this.#health.ended();
    }
  }

  /** At once; a second refusal has to wait for a person. */
  async #makeRoom(failures: number): Promise<boolean> {
    return failures === 1 && this.#health.freeSpace();
  }

  /** Somebody waits to be told. */
  async #isWorthIt(error: StorageError, failures: number): Promise<boolean> {
    if (failures > PATIENCE || isFull(error)) return false;
    const delay = this.#delays[failures - 1];
    if (delay === undefined) return false;
    await new Promise<void>((resolve) => this.#clock.setTimer(this.#clock.now() + delay, resolve));
    return true;
  }
}

function isFull({ code }: StorageError): boolean {
  return code === "STORAGE_QUOTA";
}

/** Nobody outside waits for what happens in it first. */
function isPartOfOther({ parent }: RunRecord): boolean {
  return parent !== undefined;
}

/** Also what is thrown is a failed attempt. */
async function callAsync(write: () => Promise<void> | undefined): Promise<void> {
  await write();
}
