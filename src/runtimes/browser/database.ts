/** The schema of the browser database, in one place: names and versions here are on users' disks. */
import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import { StorageError } from "../../core/errors.ts";
import type { JsonObject } from "../../core/json.ts";
import type { RunRecord } from "../../ports/journal.ts";
import type { EncodedData, StoredData } from "./storage-codec.ts";

const VERSION = 3;
const OPEN_DEADLINE = 10_000;

export interface TickworkDatabase extends DBSchema {
  runs: {
    key: string;
    value: StoredRun;
    indexes: { created: [number, string] };
  };
  batches: {
    key: [string, number];
    value: StoredBatch;
    /** Batches that published something, by their last event's position. */
    indexes: { published: [string, number] };
  };
  snapshots: {
    key: [string, number];
    value: StoredSnapshotRow;
  };
  /** Facts about the whole database, one record. */
  meta: {
    key: "owner";
    value: Owner;
  };
}

/** Who may write. Each engine that takes the database raises the number; writes of those before it are refused. */
export interface Owner {
  readonly epoch: number;
  /** Random: a database that was deleted and made anew counts from 1 again. Absent from owners of earlier versions. */
  readonly id?: string;
}

export interface StoredRun extends RunRecord {
  /** Sequence of the tick to come: what an append must begin with. */
  readonly next: number;
  /** The record's error, where a codec encoded it. */
  readonly encodedError?: EncodedData;
}

export interface StoredBatch {
  readonly runId: string;
  readonly from: number;
  readonly to: number;
  /** The format of the ticks; absent in those of the first. */
  readonly tickFormat?: number;
  /**
   * JSON text: writing and reading it is several times faster than structured clone. Of a packed row, gzipped bytes of
   * `[ticks, published]`.
   */
  readonly ticks: StoredData;
  /** Empty in a packed row. */
  readonly published: JsonObject[] | EncodedData;
  /** Absent when nothing was published, so that the index holds only those that did. */
  readonly lastPosition?: number;
}

export interface StoredSnapshotRow {
  readonly runId: string;
  readonly sequence: number;
  readonly state: StoredData;
}

export type Database = IDBPDatabase<TickworkDatabase>;

export interface OpenOptions {
  /** It was there before: if it is not, it is not made, and that is an error. Default false. */
  readonly isKnown?: boolean;
}

/** A run's batches, or its snapshots. */
export function rowsOf(runId: string): IDBKeyRange {
  return IDBKeyRange.bound([runId, 0], [runId, Number.MAX_SAFE_INTEGER]);
}

/** The rows that were found with it are its rows still: it was not deleted and stored anew, under its id, meanwhile. */
export function isStill(before: StoredRun | undefined, { createdAt, next }: StoredRun): boolean {
  return before?.createdAt === createdAt && before.next === next;
}

/**
 * Opens the database, making it if need be. `onLost` is called when it can no longer be used: another tab wants
 * to upgrade or delete it, or the browser closed it.
 */
export async function openDatabase(
  name: string,
  onLost: (error: StorageError) => void,
  { isKnown = false }: OpenOptions = {},
): Promise<Database> {
  if (typeof indexedDB === "undefined") {
    throw new StorageError(
      "This browser gives no access to IndexedDB here (private mode, or storage blocked for this site).",
      {
        code: "STORAGE_DENIED",
      },
    );
  }
  let timer: ReturnType<typeof setTimeout> | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(
        new StorageError(
          `The database "${name}" did not open within ${OPEN_DEADLINE / 1000} s. Close other tabs of this app, they may hold an older version.`,
          {
            code: "STORAGE_BLOCKED",
          },
        ),
      );
    }, OPEN_DEADLINE);
  });
  const opening = open(name, onLost, isKnown);
  try {
    return await Promise.race([opening, deadline]);
  } catch (error) {
    // It may still open, for nobody: it must not stand in anybody's way.
    opening.then(
      (database) => database.close(),
      () => undefined,
    );
    throw toStorageError(error, `The database "${name}" could not be opened`);
  } finally {
    clearTimeout(timer);
  }
}

async function open(name: string, onLost: (error: StorageError) => void, isKnown: boolean): Promise<Database> {
  let isGone = false;
  const opening = openDB<TickworkDatabase>(name, VERSION, {
    upgrade(database, from, _to, transaction) {
      if (isKnown && from === 0) {
        isGone = true;
        // Whoever opens it is told.
        transaction.done.catch(() => undefined);
        transaction.abort();
        return;
      }
      // One step per version, for those who come from further back. Version 3 has no new stores: its rows may be packed
      // or encoded, which those before it cannot read.
      if (from < 2) database.createObjectStore("meta");
      if (from > 0) return;
      database.createObjectStore("runs", { keyPath: "runId" }).createIndex("created", ["createdAt", "runId"]);
      database
        .createObjectStore("batches", { keyPath: ["runId", "from"] })
        .createIndex("published", ["runId", "lastPosition"]);
      database.createObjectStore("snapshots", { keyPath: ["runId", "sequence"] });
    },
    blocking(_current, newer, event) {
      // Another tab brings a newer version, or deletes the data: let it, and say why we stop.
      (event.target as IDBDatabase).close();
      onLost(newer === null ? databaseDeleted() : databaseReplaced());
    },
    terminated() {
      onLost(new StorageError("The browser closed the connection to the database.", { code: "STORAGE_LOST" }));
    },
  });
  try {
    return await opening;
  } catch (error) {
    throw isGone ? databaseDeleted() : error;
  }
}

/**
 * For good: its runs are not written anew. A person cleared this site's data, or the app did, and what they wanted gone
 * must not come back, under another name perhaps. A browser that needs room does not take it from a site that is open.
 */
function databaseDeleted(): StorageError {
  return new StorageError(
    "This app's database was deleted while it was open: its runs are gone, and are not written anew. Reload this page.",
    { code: "STORAGE_DELETED" },
  );
}

function databaseReplaced(): StorageError {
  return new StorageError("Another tab brought a newer version of this app's database. Reload this page.", {
    code: "STORAGE_REPLACED",
  });
}

/** How Safari says, after a suspension, that the process behind its databases is another one now: as UnknownError. */
const SERVER_LOST = /connection to indexed database server lost/i;

/** Names what went wrong, by what can be done about it. */
export function toStorageError(error: unknown, what: string): StorageError {
  if (error instanceof StorageError) return error;
  const name = error instanceof Error || error instanceof DOMException ? error.name : "";
  const message = error instanceof Error ? error.message : String(error);
  if (name === "InvalidStateError" || name === "AbortError" || SERVER_LOST.test(message)) {
    return new StorageError(`${what}: the connection to the database was lost (${message}). It is opened again.`, {
      cause: error,
      code: "STORAGE_LOST",
    });
  }
  switch (name) {
    case "QuotaExceededError":
      return new StorageError(`${what}: the storage of this site is full. Delete runs, or free space on the disk.`, {
        cause: error,
        code: "STORAGE_QUOTA",
      });
    case "VersionError":
      return new StorageError(`${what}: it was made by a newer version of this app. Reload the page to get it.`, {
        cause: error,
        code: "STORAGE_NEWER",
      });
    case "SecurityError":
    case "NotAllowedError":
    case "InvalidAccessError":
      return new StorageError(
        `${what}: this browser does not allow storage for this site. Allow it, or leave private mode.`,
        { cause: error, code: "STORAGE_DENIED" },
      );
    default:
      return new StorageError(`${what}: ${message}`, { cause: error });
  }
}
