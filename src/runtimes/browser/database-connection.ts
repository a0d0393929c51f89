/**
 * An engine's connection to its database. One connection at a time may write: the one opened last. Opening raises a
 * number in the database, and every write checks it in its own transaction. So a tab that was frozen, lost its lock
 * meanwhile and thaws cannot write over what its successor did, whatever it believes.
 *
 * Nothing foreign may be awaited inside a transaction, or it would commit by itself.
 */
import type { IDBPTransaction } from "idb";
import { StorageError, WorkflowRuntimeError } from "../../core/errors.ts";
import { openDatabase, toStorageError, type Database, type TickworkDatabase } from "./database.ts";

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
}

interface Opened {
  readonly database: Database;
  readonly epoch: number;
}

export class DatabaseConnection {
  readonly #name: string;
  /** Why the database can no longer be used. */
  #lost: StorageError | null = null;
  #opened: Opened | null = null;

  /** Can be used once it is open. */
  constructor(name: string) {
    this.#name = name;
  }

  /**
   * Opens the database and takes it over: connections that had it before can no longer write. Resolves with how often
   * it was taken over, this time included.
   */
  async open(): Promise<number> {
    const database = await openDatabase(this.#name, (error) => {
      this.#lost = error;
    });
    try {
      const epoch = await takeOver(database);
      this.#opened = { database, epoch };
      return epoch;
    } catch (error) {
      database.close();
      throw toStorageError(error, "The database could not be taken over");
    }
  }

  /** Rejects with `StorageError` that begins with `what`. */
  async read<T>(what: string, action: (database: Database) => Promise<T>): Promise<T> {
    const { database } = this.#assertOpen();
    try {
      return await action(database);
    } catch (error) {
      throw this.#lost ?? toStorageError(error, what);
    }
  }

  /** All that the action does, or nothing: also when it throws. `WorkflowRuntimeError`s of its own come out as they are. */
  async write(
    what: string,
    { stores, durability = "relaxed" }: WriteOptions,
    action: (transaction: WriteTransaction) => Promise<unknown>,
  ): Promise<void> {
    const { database, epoch } = this.#assertOpen();
    try {
      const names: StoreName[] = [...stores, "meta"];
      const transaction = database.transaction(names, "readwrite", { durability });
      // An abort tells `done` as well as the requests; whoever is first, says why.
      transaction.done.catch(() => undefined);
      try {
        // Asked first, so answered first.
        await Promise.all([this.#assertOwner(transaction, epoch), action(transaction)]);
      } catch (error) {
        abort(transaction);
        throw error;
      }
      await transaction.done;
    } catch (error) {
      if (error instanceof WorkflowRuntimeError) throw error;
      throw this.#lost ?? toStorageError(error, what);
    }
  }

  close(): void {
    this.#opened?.database.close();
  }

  #assertOpen(): Opened {
    if (this.#lost) throw this.#lost;
    if (this.#opened) return this.#opened;
    throw new StorageError("The database is not open yet.");
  }

  async #assertOwner(transaction: WriteTransaction, epoch: number): Promise<void> {
    const owner = await transaction.objectStore("meta").get("owner");
    if (owner?.epoch === epoch) return;
    // For good: nothing can be right that this connection still wants to write.
    this.#lost ??= new StorageError("Another tab has taken over this app's engine. This one has stopped.", {
      code: "STORAGE_TAKEN_OVER",
    });
    throw this.#lost;
  }
}

async function takeOver(database: Database): Promise<number> {
  const transaction = database.transaction("meta", "readwrite", { durability: "strict" });
  const epoch = ((await transaction.store.get("owner"))?.epoch ?? 0) + 1;
  await transaction.store.put({ epoch }, "owner");
  await transaction.done;
  return epoch;
}

function abort(transaction: WriteTransaction): void {
  try {
    transaction.abort();
  } catch {
    // It has ended already.
  }
}
