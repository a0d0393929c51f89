/**
 * Files for workflows. Events are small JSON that is written down for every run, so a file never travels in one: it is
 * stored here once, by the page or by a step, and events carry its id. Steps read only the bytes they need.
 *
 * Beside a file lies what was derived from it and could be derived again; it goes when the file goes. Files that no
 * one has used for two weeks are swept away when the next one is stored.
 */
import { type DBSchema, deleteDB, type IDBPDatabase, openDB } from "idb";

export interface FileRecord {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly bytes: number;
  readonly storedAt: number;
  readonly usedAt: number;
}

export interface StoredFile extends FileRecord {
  /** Reads from the disk when asked for bytes; holding it costs no memory, but where the browser stores no Blob. */
  readonly blob: Blob;
}

interface FilesSchema extends DBSchema {
  /** Apart from the blobs, so that noting a use does not write the content again. */
  records: { key: string; value: FileRecord; indexes: { usedAt: number } };
  blobs: { key: string; value: Blob | ArrayBuffer };
  derived: { key: [fileId: string, name: string]; value: unknown };
}

const databaseName = "tickwork-demo-files";
const unusedFor = 14 * 24 * 60 * 60 * 1000;

/** The file was swept away, deleted, or stored in another browser. Dropping it again helps; trying again does not. */
export class FileMissingError extends Error {
  override readonly name = "FileMissingError";
  readonly code = "FILE_MISSING";

  constructor(id: string) {
    super(`The file with id ${id} is not stored in this browser any more. Drop it again and start a new run.`);
  }
}

/** The browser would not store the file, mostly because there is no room left. */
class FileNotStoredError extends Error {
  override readonly name = "FileNotStoredError";
  readonly code = "FILE_NOT_STORED";

  constructor(name: string, bytes: number, cause: unknown) {
    const why = cause instanceof Error ? cause.message || cause.name : String(cause);
    super(
      `“${name}” (${bytes.toLocaleString("en")} bytes) could not be stored: ${why} Free some space and try again.`,
      {
        cause,
      },
    );
  }
}

let isBlobStored: Promise<boolean> | null = null;

/**
 * In a private window WebKit stores bytes but no Blob; a transaction that tried never ends, nor begins what comes after
 * it in that database. So it is tried in one of its own.
 */
function storesBlobs(): Promise<boolean> {
  isBlobStored ??= tryBlob().then(
    () => true,
    () => false,
  );
  return isBlobStored;
}

async function tryBlob(): Promise<void> {
  const name = `${databaseName}-${crypto.randomUUID()}`;
  const db = await openDB(name, 1, { upgrade: (empty) => void empty.createObjectStore("blobs") });
  await db.put("blobs", new Blob(["?"]), "?");
  db.close();
  await deleteDB(name);
}

let opened: Promise<IDBPDatabase<FilesSchema>> | null = null;

function database(): Promise<IDBPDatabase<FilesSchema>> {
  opened ??= openDB<FilesSchema>(databaseName, 1, {
    upgrade(db) {
      db.createObjectStore("records", { keyPath: "id" }).createIndex("usedAt", "usedAt");
      db.createObjectStore("blobs");
      db.createObjectStore("derived");
    },
    // A newer version of this page wants to upgrade: let it, and open again when next asked.
    blocking: (_current, _blocked, event) => {
      (event.target as IDBDatabase).close();
      opened = null;
    },
    terminated: () => {
      opened = null;
    },
  }).catch((error: unknown) => {
    opened = null;
    throw error;
  });
  return opened;
}

/** Stores a file and returns its id. With an id of the caller's the same file stored twice is stored once. */
export async function putFile(blob: Blob, name: string, id: string = crypto.randomUUID()): Promise<string> {
  const now = Date.now();
  const record = { id, name, type: blob.type, bytes: blob.size, storedAt: now, usedAt: now };
  try {
    await sweepFiles(now - unusedFor);
    const content = (await storesBlobs()) ? blob : await blob.arrayBuffer();
    const transaction = (await database()).transaction(["records", "blobs"], "readwrite");
    await Promise.all([
      transaction.objectStore("records").put(record),
      transaction.objectStore("blobs").put(content, id),
      transaction.done,
    ]);
  } catch (error) {
    throw new FileNotStoredError(name, blob.size, error);
  }
  return id;
}

/** Throws `FileMissingError` when it is not there. */
export async function getFile(id: string): Promise<StoredFile> {
  const db = await database();
  const [record, content] = await Promise.all([db.get("records", id), db.get("blobs", id)]);
  if (!record || !content) throw new FileMissingError(id);
  const blob = content instanceof ArrayBuffer ? new Blob([content], { type: record.type }) : content;
  const usedAt = Date.now();
  // To the hour is enough for the sweep, and spares a write for each of many chunks.
  if (usedAt - record.usedAt > 60 * 60 * 1000) await db.put("records", { ...record, usedAt });
  return { ...record, blob };
}

export async function deleteFile(id: string): Promise<void> {
  const transaction = (await database()).transaction(["records", "blobs", "derived"], "readwrite");
  await Promise.all([
    transaction.objectStore("records").delete(id),
    transaction.objectStore("blobs").delete(id),
    transaction.objectStore("derived").delete(keysOf(id)),
    transaction.done,
  ]);
}

/** Deletes the files that were last used before that time; returns how many. */
export async function sweepFiles(before: number): Promise<number> {
  const ids = await (await database()).getAllKeysFromIndex("records", "usedAt", IDBKeyRange.upperBound(before, true));
  for (const id of ids) await deleteFile(id);
  return ids.length;
}

/** Keeps something that was computed from a file. It may be gone later, so be ready to compute it again. */
export async function putDerived(fileId: string, name: string, value: unknown): Promise<void> {
  await (await database()).put("derived", value, [fileId, name]);
}

/** What was kept under that name, or undefined. */
export async function getDerived(fileId: string, name: string): Promise<unknown> {
  return await (await database()).get("derived", [fileId, name]);
}

export async function deleteDerived(fileId: string): Promise<void> {
  await (await database()).delete("derived", keysOf(fileId));
}

/** All keys that begin with the file's id: arrays sort after strings, so an empty one ends the range. */
function keysOf(fileId: string): IDBKeyRange {
  return IDBKeyRange.bound([fileId], [fileId, []]);
}
