/**
 * The journal in IndexedDB: one record per batch of ticks, one transaction per append. Nothing foreign is awaited
 * inside a transaction, or it would commit by itself.
 *
 * One journal at a time may write to a database: the one opened last. Opening raises a number in the database, and
 * every write checks it in its own transaction. So a tab that was frozen, lost its lock meanwhile and thaws cannot
 * write over what its successor did, whatever it believes.
 */
import { StorageError } from "../../core/errors.ts";
import { WorkflowRuntimeError } from "../../core/errors.ts";
import type { JsonObject } from "../../core/json.ts";
import {
  compareRuns,
  matchesQuery,
  outOfOrder,
  runExists,
  type Journal,
  type JournalQuery,
  type PublishedRecord,
  type RunRecord,
  type StoredSnapshot,
  type TickBatch,
} from "../../ports/journal.ts";
import { decodeValue, encodeValue } from "../../serialize/serializer.ts";
import { decodeTicks, encodeTick, TICK_FORMAT } from "../../serialize/tick-codec.ts";
import {
  openDatabase,
  toStorageError,
  type Database,
  type Owner,
  type StoredBatch,
  type StoredRun,
} from "./database.ts";

/** Batches read in one go. */
const PAGE = 32;

interface Connection {
  /** Why the database can no longer be used. */
  lost: StorageError | null;
}

export class IndexedDbJournal implements Journal {
  readonly durable = true;
  readonly #name: string;
  readonly #connection: Connection = { lost: null };
  #opened: { readonly database: Database; readonly epoch: number } | null = null;

  /** Can be used once it is open. */
  constructor(name: string) {
    this.#name = name;
  }

  static async open(name: string): Promise<IndexedDbJournal> {
    const journal = new IndexedDbJournal(name);
    await journal.open();
    return journal;
  }

  /** Opens the database and takes it over: journals that had it before can no longer write. */
  async open(): Promise<void> {
    const database = await openDatabase(this.#name, (error) => {
      this.#connection.lost = error;
    });
    try {
      this.#opened = { database, epoch: await takeOver(database) };
    } catch (error) {
      database.close();
      throw toStorageError(error, "The database could not be taken over");
    }
  }

  get #database(): Database {
    if (this.#opened) return this.#opened.database;
    throw new StorageError("The database is not open yet.");
  }

  createRun(record: RunRecord, base?: StoredSnapshot): Promise<void> {
    const { runId } = record;
    const snapshot = base && { runId, sequence: base.sequence, state: JSON.stringify(base.state) };
    return this.#guard("The run could not be stored", async () => {
      const transaction = this.#database.transaction(["runs", "snapshots", "meta"], "readwrite");
      const runs = transaction.objectStore("runs");
      const [owner, known] = await Promise.all([transaction.objectStore("meta").get("owner"), runs.getKey(runId)]);
      this.#assertOwner(transaction, owner);
      if (known !== undefined) throw runExists(runId);
      await Promise.all([
        runs.add({ ...record, next: base ? base.sequence + 1 : 1 }),
        snapshot && transaction.objectStore("snapshots").put(snapshot),
        transaction.done,
      ]);
    });
  }

  getRun(runId: string): Promise<RunRecord | undefined> {
    return this.#guard("The run could not be read", async () => {
      const stored = await this.#database.get("runs", runId);
      return stored && toRecord(stored);
    });
  }

  listRuns({ limit, ...query }: JournalQuery): Promise<RunRecord[]> {
    return this.#guard("The runs could not be listed", async () => {
      if (typeof query.parent === "string") {
        const family = await this.#database.getAll("runs", IDBKeyRange.bound(`${query.parent}/`, `${query.parent}0`));
        return family
          .filter((run) => matchesQuery(run, query))
          .map(toRecord)
          .toSorted(compareRuns)
          .slice(0, limit);
      }
      const { before } = query;
      const range = before === undefined ? null : IDBKeyRange.upperBound([before.createdAt, before.runId ?? ""], true);
      const found: RunRecord[] = [];
      let cursor = await this.#database.transaction("runs").store.index("created").openCursor(range, "prev");
      while (cursor && found.length < limit) {
        if (matchesQuery(cursor.value, query)) found.push(toRecord(cursor.value));
        cursor = await cursor.continue();
      }
      return found;
    });
  }

  deleteRun(runId: string): Promise<void> {
    return this.#guard("The run could not be deleted", async () => {
      const transaction = this.#database.transaction(["runs", "batches", "snapshots", "meta"], "readwrite");
      this.#assertOwner(transaction, await transaction.objectStore("meta").get("owner"));
      await Promise.all([
        transaction.objectStore("runs").delete(runId),
        transaction.objectStore("batches").delete(allOf(runId)),
        transaction.objectStore("snapshots").delete(allOf(runId)),
        transaction.done,
      ]);
    });
  }

  append(runId: string, batch: TickBatch, record: RunRecord): Promise<void> {
    const to = batch.from + batch.ticks.length - 1;
    const last = batch.published.at(-1);
    const stored: StoredBatch = {
      runId,
      from: batch.from,
      to,
      tickFormat: TICK_FORMAT,
      ticks: JSON.stringify(batch.ticks.map(encodeTick)),
      published: batch.published.map((event) => encodeValue(event) as JsonObject),
      ...(last && { lastPosition: last.position }),
    };
    return this.#guard("The run's history could not be written", async () => {
      const transaction = this.#database.transaction(["runs", "batches", "meta"], "readwrite", {
        durability: "relaxed",
      });
      const runs = transaction.objectStore("runs");
      const [owner, run] = await Promise.all([transaction.objectStore("meta").get("owner"), runs.get(runId)]);
      this.#assertOwner(transaction, owner);
      if (!run || run.next !== batch.from) {
        transaction.abort();
        await transaction.done.catch(() => undefined);
        throw run ? outOfOrder(runId, run.next, batch.from) : runGone(runId);
      }
      await Promise.all([
        transaction.objectStore("batches").add(stored),
        runs.put({ ...record, next: to + 1 }),
        transaction.done,
      ]);
    });
  }

  async *read(runId: string, { from, to }: { from: number; to: number }): AsyncGenerator<TickBatch, void, undefined> {
    let next = await this.#firstBatch(runId, from);
    while (next <= to) {
      const range = IDBKeyRange.bound([runId, next], [runId, to]);
      const page = await this.#guard("The run's history could not be read", () =>
        this.#database.getAll("batches", range, PAGE),
      );
      for (const stored of page) if (stored.to >= from) yield decodeBatch(stored);
      const last = page.at(-1);
      if (!last || page.length < PAGE) return;
      next = last.to + 1;
    }
  }

  async *readPublished(runId: string, from: number): AsyncGenerator<TickBatch, void, undefined> {
    let position = from;
    for (;;) {
      const range = IDBKeyRange.bound([runId, position], [runId, Number.MAX_SAFE_INTEGER]);
      const page = await this.#guard("The run's events could not be read", () =>
        this.#database.getAllFromIndex("batches", "published", range, PAGE),
      );
      for (const stored of page) yield decodeBatch(stored);
      const last = page.at(-1);
      if (last?.lastPosition === undefined || page.length < PAGE) return;
      position = last.lastPosition + 1;
    }
  }

  saveSnapshot(runId: string, { sequence, state }: StoredSnapshot): Promise<void> {
    return this.#guard("A snapshot could not be written", async () => {
      const transaction = this.#database.transaction(["snapshots", "meta"], "readwrite");
      this.#assertOwner(transaction, await transaction.objectStore("meta").get("owner"));
      await transaction.objectStore("snapshots").put({ runId, sequence, state: JSON.stringify(state) });
      await transaction.done;
    });
  }

  loadSnapshot(runId: string, atOrBefore: number): Promise<StoredSnapshot | undefined> {
    return this.#guard("A snapshot could not be read", async () => {
      const range = IDBKeyRange.bound([runId, 0], [runId, atOrBefore]);
      const cursor = await this.#database.transaction("snapshots").store.openCursor(range, "prev");
      if (!cursor) return undefined;
      return { sequence: cursor.value.sequence, state: JSON.parse(cursor.value.state) as JsonObject };
    });
  }

  async close(): Promise<void> {
    this.#opened?.database.close();
  }

  #assertOwner(transaction: { abort(): void; readonly done: Promise<void> }, owner: Owner | undefined): void {
    if (owner?.epoch === this.#opened?.epoch) return;
    transaction.abort();
    transaction.done.catch(() => undefined);
    // For good: nothing can be right that this journal still wants to write.
    this.#connection.lost ??= new StorageError("Another tab has taken over this app's engine. This one has stopped.", {
      code: "STORAGE_TAKEN_OVER",
    });
    throw this.#connection.lost;
  }

  /** Where the batch begins that holds this tick. */
  #firstBatch(runId: string, sequence: number): Promise<number> {
    return this.#guard("The run's history could not be read", async () => {
      const range = IDBKeyRange.bound([runId, 0], [runId, sequence]);
      const cursor = await this.#database.transaction("batches").store.openKeyCursor(range, "prev");
      return cursor ? cursor.primaryKey[1] : sequence;
    });
  }

  async #guard<T>(what: string, action: () => Promise<T>): Promise<T> {
    if (this.#connection.lost) throw this.#connection.lost;
    try {
      return await action();
    } catch (error) {
      if (error instanceof WorkflowRuntimeError) throw error;
      throw this.#connection.lost ?? toStorageError(error, what);
    }
  }
}

async function takeOver(database: Database): Promise<number> {
  const transaction = database.transaction("meta", "readwrite", { durability: "strict" });
  const epoch = ((await transaction.store.get("owner"))?.epoch ?? 0) + 1;
  await transaction.store.put({ epoch }, "owner");
  await transaction.done;
  return epoch;
}

function allOf(runId: string): IDBKeyRange {
  return IDBKeyRange.bound([runId, 0], [runId, Number.MAX_SAFE_INTEGER]);
}

function toRecord({ next: _next, ...record }: StoredRun): RunRecord {
  return record;
}

function decodeBatch({ from, tickFormat, ticks, published }: StoredBatch): TickBatch {
  return {
    from,
    ticks: decodeTicks(JSON.parse(ticks) as JsonObject[], tickFormat),
    published: published.map((event) => decodeValue(event) as PublishedRecord),
  };
}

function runGone(runId: string): WorkflowRuntimeError {
  return new WorkflowRuntimeError(`Run ${runId} is no longer stored here: it was deleted, or the browser evicted it.`, {
    code: "RUN_UNKNOWN",
    data: { runId },
  });
}
