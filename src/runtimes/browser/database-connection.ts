/**
 * An engine's connection to its database. One connection at a time may write: the one opened last. Opening raises a
 * number in the database, and every write checks it in its own transaction. So a tab that was frozen, lost its lock
 * meanwhile and thaws cannot write over what its successor did, whatever it believes.
 *
 * Nothing foreign may be awaited inside a transaction, or it would commit by itself.
 */
import type { IDBPTransaction } from "idb";
import { StorageError, WorkflowRuntimeError } from "../../core/errors.ts";
import { mayPass } from "../../core/storage-problem.ts";
import { openDatabase, toStorageError, type Database, type Owner, type TickworkDatabase } from "./database.ts";

type DataStore = "runs" | "batches" | "snapshots";
type StoreName = DataStore | "meta";
type WriteTransaction = IDBPTransaction<TickworkDatabase, StoreName[], "readwrite">;

export interface WriteOptions {
  /** Stores it reads or writes. */
  readonly stores: readonly DataStore[];
  /**
   * "relaxed", the default: handed to the system when it resolves, so it survives this process. "strict": on the disk,
   * and with it every relaxed write before. That holds where transactions go to one log in their order: LevelDB in
   * Chromium (a synchronous write flushes its log, see "Synchronous Writes" in its documentation), SQLite's write-ahead
   * log in the other browsers. The take-over is strict: what a new owner reads, and shows, is on the disk.
   */
  readonly durability?: "strict" | "relaxed";
  /** It only deletes: a full disk must not refuse it. Default false. */
  readonly isDeletion?: boolean;
}

interface Opened {
  readonly database: Database;
  readonly owner: Owner;
}

export class DatabaseConnection {
  readonly #name: string;
  /** Why the database can no longer be used, for good. */
  #lost: StorageError | null = null;
  /** null: not open yet, or the connection was lost. */
  #opened: Opened | null = null;
  /** Who we are to the database, since it was opened. */
  #owner: Owner | null = null;
  /** The disk was too full to say that we own it: the first write that finds room says so. */
  #isUnrecorded = false;
  #reopening: Promise<Opened> | null = null;

  /** Can be used once it is open. */
  constructor(name: string) {
    this.#name = name;
  }

  /**
   * Opens the database and takes it over: connections that had it before can no longer write. Resolves with how often
   * it was taken over, this time included. Also where the disk is full: somebody must be able to delete runs.
   */
  async open(): Promise<number> {
    const database = await openDatabase(this.#name, (error) => this.#onLost(error));
    try {
      const { owner, isRecorded } = await takeOver(database);
      this.#owner = owner;
      this.#isUnrecorded = !isRecorded;
      this.#opened = { database, owner };
      return owner.epoch;
    } catch (error) {
      database.close();
      throw toStorageError(error, "The database could not be taken over");
    }
  }

  /** Rejects with `StorageError` that begins with `what`. A connection that was lost is opened again. */
  async read<T>(what: string, action: (database: Database) => Promise<T>): Promise<T> {
    for (let isSecond = false; ; isSecond = true) {
      const opened = await this.#use();
      try {
        return await action(opened.database);
      } catch (error) {
        const problem = this.#failed(error, what, opened);
        if (isSecond || problem.code !== "STORAGE_LOST") throw problem;
      }
    }
  }

  /**
   * All that the action does, or nothing: also when it throws. `WorkflowRuntimeError`s of its own come out as they are.
   * After STORAGE_LOST nobody knows whether it was done; the next call opens the database again.
   */
  async write(
    what: string,
    { stores, durability = "relaxed", isDeletion = false }: WriteOptions,
    action: (transaction: WriteTransaction) => Promise<unknown>,
  ): Promise<void> {
    const opened = await this.#use();
    try {
      const names: StoreName[] = [...stores, "meta"];
      const transaction = opened.database.transaction(names, "readwrite", { durability });
      // An abort tells `done` as well as the requests; whoever is first, says why.
      transaction.done.catch(() => undefined);
      try {
        // Asked first, so answered first.
        await Promise.all([this.#assertOwner(transaction, opened.owner, isDeletion), action(transaction)]);
      } catch (error) {
        abort(transaction);
        // Requests only know that the transaction was aborted, it knows why: a full disk, for one.
        throw isAbort(error) ? (transaction.error ?? error) : error;
      }
      await transaction.done;
      if (!isDeletion) this.#isUnrecorded = false;
    } catch (error) {
      if (error instanceof WorkflowRuntimeError) throw error;
      throw this.#failed(error, what, opened);
    }
  }

  close(): void {
    this.#opened?.database.close();
  }

  #use(): Promise<Opened> {
    if (this.#lost) return Promise.reject(this.#lost);
    if (this.#opened) return Promise.resolve(this.#opened);
    if (!this.#owner) return Promise.reject(new StorageError("The database is not open yet."));
    this.#reopening ??= this.#reopen(this.#owner).finally(() => {
      this.#reopening = null;
    });
    return this.#reopening;
  }

  /** As the owner that it was. Who took the database over meanwhile, or deleted it, is not undone. */
  async #reopen(owner: Owner): Promise<Opened> {
    try {
      const database = await openDatabase(this.#name, (error) => this.#onLost(error), { isKnown: true });
      const opened = { database, owner };
      this.#opened = opened;
      return opened;
    } catch (error) {
      const problem = toStorageError(error, "The database could not be opened again");
      if (!mayPass(problem)) this.#lost = problem;
      throw problem;
    }
  }

  #onLost(error: StorageError): void {
    this.#opened = null;
    if (!mayPass(error)) this.#lost ??= error;
  }

  #failed(error: unknown, what: string, opened: Opened): StorageError {
    const problem = this.#lost ?? toStorageError(error, what);
    if (problem.code === "STORAGE_LOST" && this.#opened === opened) {
      opened.database.close();
      this.#opened = null;
    }
    return problem;
  }

  async #assertOwner(transaction: WriteTransaction, self: Owner, isDeletion: boolean): Promise<void> {
    const meta = transaction.objectStore("meta");
    const owner = await meta.get("owner");
    if (owner?.epoch === self.epoch && owner.id === self.id) return;
    if (owner === undefined && this.#isUnrecorded) {
      if (!isDeletion) await meta.put(self, "owner");
      return;
    }
    // For good: nothing can be right that this connection still wants to write.
    this.#lost ??= new StorageError("Another tab has taken over this app's engine. This one has stopped.", {
      code: "STORAGE_TAKEN_OVER",
    });
    throw this.#lost;
  }
}

async function takeOver(database: Database): Promise<{ owner: Owner; isRecorded: boolean }> {
  const transaction = database.transaction("meta", "readwrite", { durability: "strict" });
  transaction.done.catch(() => undefined);
  const epoch = ((await transaction.store.get("owner"))?.epoch ?? 0) + 1;
  const owner = { epoch, id: crypto.randomUUID() };
  try {
    await transaction.store.put(owner, "owner");
    await transaction.done;
    return { owner, isRecorded: true };
  } catch (error) {
    const reason = transaction.error ?? error;
    if (!(reason instanceof DOMException && reason.name === "QuotaExceededError")) throw reason;
    await dismissOwner(database);
    return { owner, isRecorded: false };
  }
}

/**
 * To delete takes no room. Those who took the database over since then, because each found the one before silent, all
 * find no owner: the first of them who writes is it.
 */
async function dismissOwner(database: Database): Promise<void> {
  const transaction = database.transaction("meta", "readwrite", { durability: "strict" });
  await Promise.all([transaction.store.delete("owner"), transaction.done]);
}

function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

function abort(transaction: WriteTransaction): void {
  try {
    transaction.abort();
  } catch {
    // It has ended already.
  }
}
