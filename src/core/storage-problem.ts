/** What is wrong with the storage, named by what can be done about it. */
import { StorageError } from "./errors.ts";

/**
 * - ok: what happens is written down.
 * - nearlyFull: it is, but more than 90 % of what the browser allows is used.
 * - retrying: a write failed, and is tried again.
 * - full: no space is left for this site.
 * - lost: the browser closed the connection; it is opened again.
 * - blocked: an older version of the app, in another tab, keeps the database from being opened.
 * - denied: the browser allows no storage.
 * - newer, replaced, takenOver, deleted: the database is a newer version's or another engine's, or gone.
 */
export type StorageState = "ok" | "nearlyFull" | FailingState;

type FailingState =
  | "retrying"
  | "full"
  | "lost"
  | "blocked"
  | "denied"
  | "newer"
  | "replaced"
  | "takenOver"
  | "deleted";

/**
 * Who can end it: nobody need ("wait": it is tried again until it works), a person ("freeSpace", "allowStorage",
 * "closeTabs": runs then go on by themselves), or only a new engine ("reload").
 */
export type StorageRemedy = "wait" | "freeSpace" | "allowStorage" | "closeTabs" | "reload";

export interface StorageProblem {
  /** The code of the error. */
  readonly code: string;
  readonly message: string;
  readonly remedy: StorageRemedy;
}

const KNOWN: ReadonlyMap<string, readonly [FailingState, StorageRemedy]> = new Map([
  ["STORAGE_QUOTA", ["full", "freeSpace"]],
  ["STORAGE_LOST", ["lost", "wait"]],
  ["STORAGE_BLOCKED", ["blocked", "closeTabs"]],
  ["STORAGE_DENIED", ["denied", "allowStorage"]],
  ["STORAGE_NEWER", ["newer", "reload"]],
  ["STORAGE_REPLACED", ["replaced", "reload"]],
  ["STORAGE_TAKEN_OVER", ["takenOver", "reload"]],
  ["STORAGE_DELETED", ["deleted", "reload"]],
]);

function namesOf(error: StorageError): readonly [FailingState, StorageRemedy] {
  return KNOWN.get(error.code) ?? ["retrying", "wait"];
}

export function storageState(error: StorageError): StorageState {
  return namesOf(error)[0];
}

export function storageProblem(error: StorageError): StorageProblem {
  return { code: error.code, message: error.message, remedy: namesOf(error)[1] };
}

/** What was to be written may still be, by this engine. */
export function mayPass(error: unknown): error is StorageError {
  return error instanceof StorageError && namesOf(error)[1] !== "reload";
}
