/** A journal that fails, is slow, repeats itself or dies, when and where it is told to. */
import { StorageError } from "../core/errors.ts";
import { systemClock, type Clock } from "../ports/clock.ts";
import type { Journal, JournalQuery, RunRecord, StoredSnapshot, TickBatch, WholeRun } from "../ports/journal.ts";

export type JournalOperation = Exclude<keyof Journal, "durable">;

/** What goes wrong, and where. Several effects of one fault come in the order in which they stand here. */
export interface JournalFault {
  /** The operation that it is about. */
  readonly on: JournalOperation;
  /** Only calls about this run. */
  readonly runId?: string;
  /** Only the n-th of the calls that `on` and `runId` name, from 1; default: each of them. */
  readonly call?: number;

  /** The call waits so many milliseconds by the journal's clock. */
  readonly delay?: number;
  /** The call waits until this promise settles. */
  readonly hold?: Promise<unknown>;
  /** The call rejects with this; nothing was done. */
  readonly fail?: unknown;
  /** A write is done twice, as by a driver that tries again; the answer is that of the first. Reads are not repeated. */
  readonly duplicate?: boolean;
  /** It takes effect, and then the call rejects with this: the answer got lost. */
  readonly failAfter?: unknown;
  /** The process dies before or after the call takes effect: see `crash()`. */
  readonly crash?: "before" | "after";
}

export interface FaultInjectingOptions {
  readonly faults?: readonly JournalFault[];
  /** What the journal says of itself; default: what the inner one says. true makes the engine wait for every write. */
  readonly durable?: boolean;
  /** Measures `delay`; default: the machine's. */
  readonly clock?: Clock;
}

/** One call that was made. */
export interface JournalCall {
  readonly operation: JournalOperation;
  /** It was the n-th of this operation, from 1. */
  readonly call: number;
  readonly runId?: string;
  readonly args: readonly unknown[];
  readonly outcome: "pending" | "done" | "failed";
  /** What it rejected with. */
  readonly error?: unknown;
}

type MutableCall = { -readonly [Key in keyof JournalCall]: JournalCall[Key] };

const WRITES: ReadonlySet<JournalOperation> = new Set([
  "createRun",
  "addRuns",
  "append",
  "saveSnapshot",
  "deleteRun",
  "truncate",
  "compact",
]);

/**
 * Wraps any journal. Without faults it does what the inner one does, and records the calls.
 *
 *     const journal = new FaultInjectingJournal(new MemoryJournal(), {
 *       durable: true,
 *       faults: [{ on: "append", call: 3, fail: new StorageError("disk full") }],
 *     });
 */
export class FaultInjectingJournal implements Journal {
  readonly durable: boolean;
  /** What is stored: open the next engine on this, after a crash. */
  readonly inner: Journal;
  /** Resolves when the journal crashed. */
  readonly whenCrashed: Promise<void>;
  readonly #clock: Clock;
  readonly #faults: { readonly fault: JournalFault; seen: number }[] = [];
  readonly #calls: MutableCall[] = [];
  readonly #counts = new Map<JournalOperation, number>();
  #crashed = false;
  #tellCrashed: () => void = () => undefined;

  constructor(
    inner: Journal,
    { faults = [], durable = inner.durable, clock = systemClock }: FaultInjectingOptions = {},
  ) {
    this.inner = inner;
    this.durable = durable;
    this.#clock = clock;
    this.whenCrashed = new Promise((resolve) => {
      this.#tellCrashed = resolve;
    });
    for (const fault of faults) this.inject(fault);
  }

  /** Every call made, in order. */
  get calls(): readonly JournalCall[] {
    return this.#calls;
  }

  get crashed(): boolean {
    return this.#crashed;
  }

  /** Adds a fault; it counts calls from now on. */
  inject(fault: JournalFault): void {
    this.#faults.push({ fault, seen: 0 });
  }

  /**
   * As if the process died: nothing reaches the inner journal any more, also what is waiting to. Every call rejects
   * with `StorageError`, code SIMULATED_CRASH, except `close`. The inner journal stays open.
   */
  crash(): void {
    this.#crashed = true;
    this.#tellCrashed();
  }

  createRun(record: RunRecord, base?: StoredSnapshot): Promise<void> {
    const args = base ? [record, base] : [record];
    return this.#perform("createRun", record.runId, args, () => this.inner.createRun(record, base));
  }

  addRuns(runs: readonly WholeRun[]): Promise<void> {
    return this.#perform("addRuns", runs[0]?.record.runId, [runs], () => this.inner.addRuns(runs));
  }

  getRun(runId: string): Promise<RunRecord | undefined> {
    return this.#perform("getRun", runId, [runId], () => this.inner.getRun(runId));
  }

  listRuns(query: JournalQuery): Promise<RunRecord[]> {
    return this.#perform("listRuns", undefined, [query], () => this.inner.listRuns(query));
  }

  deleteRun(runId: string): Promise<void> {
    return this.#perform("deleteRun", runId, [runId], () => this.inner.deleteRun(runId));
  }

  append(runId: string, batch: TickBatch, record: RunRecord): Promise<void> {
    return this.#perform("append", runId, [runId, batch, record], () => this.inner.append(runId, batch, record));
  }

  read(runId: string, range: { readonly from: number; readonly to: number }): AsyncIterable<TickBatch> {
    return this.#stream("read", runId, [runId, range], () => this.inner.read(runId, range));
  }

  readPublished(runId: string, from: number): AsyncIterable<TickBatch> {
    return this.#stream("readPublished", runId, [runId, from], () => this.inner.readPublished(runId, from));
  }

  saveSnapshot(runId: string, snapshot: StoredSnapshot): Promise<void> {
    return this.#perform("saveSnapshot", runId, [runId, snapshot], () => this.inner.saveSnapshot(runId, snapshot));
  }

  loadSnapshot(runId: string, atOrBefore: number): Promise<StoredSnapshot | undefined> {
    return this.#perform("loadSnapshot", runId, [runId, atOrBefore], () => this.inner.loadSnapshot(runId, atOrBefore));
  }

  truncate(runId: string, base: StoredSnapshot, later: readonly StoredSnapshot[] = []): Promise<void> {
    const args = [runId, base, later];
    return this.#perform("truncate", runId, args, () => this.inner.truncate(runId, base, later));
  }

  compact(runId: string): Promise<boolean> {
    return this.#perform("compact", runId, [runId], () => this.inner.compact(runId));
  }

  /** Closes the inner journal too; after a crash it does nothing. */
  async close(): Promise<void> {
    if (!this.#crashed) await this.#perform("close", undefined, [], () => this.inner.close());
  }

  async #perform<T>(
    operation: JournalOperation,
    runId: string | undefined,
    args: readonly unknown[],
    action: () => Promise<T> | T,
  ): Promise<Awaited<T>> {
    const { call, faults } = this.#begin(operation, runId, args);
    try {
      await this.#before(faults);
      const value = await action();
      if (WRITES.has(operation) && faults.some(({ duplicate }) => duplicate)) {
        // Whatever comes of it: nobody is told.
        await Promise.resolve()
          .then(action)
          .catch(() => undefined);
      }
      this.#after(faults);
      call.outcome = "done";
      return value;
    } catch (error) {
      call.outcome = "failed";
      call.error = error;
      throw error;
    }
  }

  async *#stream(
    operation: JournalOperation,
    runId: string,
    args: readonly unknown[],
    action: () => AsyncIterable<TickBatch>,
  ): AsyncGenerator<TickBatch, void, undefined> {
    const { call, faults } = this.#begin(operation, runId, args);
    try {
      await this.#before(faults);
      for await (const batch of action()) {
        if (this.#crashed) throw simulatedCrash();
        yield batch;
      }
      this.#after(faults);
      call.outcome = "done";
    } catch (error) {
      call.outcome = "failed";
      call.error = error;
      throw error;
    }
  }

  #begin(operation: JournalOperation, runId: string | undefined, args: readonly unknown[]) {
    const count = (this.#counts.get(operation) ?? 0) + 1;
    this.#counts.set(operation, count);
    const call: MutableCall = {
      operation,
      call: count,
      ...(runId !== undefined && { runId }),
      args,
      outcome: "pending",
    };
    this.#calls.push(call);
    const faults: JournalFault[] = [];
    for (const entry of this.#faults) {
      const { fault } = entry;
      if (fault.on !== operation || (fault.runId !== undefined && fault.runId !== runId)) continue;
      entry.seen += 1;
      if (fault.call === undefined || fault.call === entry.seen) faults.push(fault);
    }
    return { call, faults };
  }

  async #before(faults: readonly JournalFault[]): Promise<void> {
    for (const fault of faults) {
      if (fault.delay !== undefined) await this.#pause(fault.delay);
      await fault.hold;
      if ("fail" in fault) throw fault.fail;
      if (fault.crash === "before") this.crash();
    }
    if (this.#crashed) throw simulatedCrash();
  }

  #after(faults: readonly JournalFault[]): void {
    for (const fault of faults) {
      if ("failAfter" in fault) throw fault.failAfter;
      if (fault.crash === "after") this.crash();
    }
    if (this.#crashed) throw simulatedCrash();
  }

  #pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      this.#clock.setTimer(this.#clock.now() + milliseconds, resolve);
    });
  }
}

function simulatedCrash(): StorageError {
  return new StorageError("The journal simulates that the process died.", { code: "SIMULATED_CRASH" });
}
