/** A full disk is not the end: writes that found it full are tried once more when there is room again. */
import { StorageError } from "../core/errors.ts";
import type { Journal } from "../ports/journal.ts";

/**
 * The same journal. A run that cannot be created or written for want of space (STORAGE_QUOTA) calls `makeRoom`, waits for
 * it, and is written again if it says that this is worth it; otherwise, and if it fails again, the error comes out.
 * Snapshots are left out: they are shortcuts.
 */
export function withRoom(journal: Journal, makeRoom: () => Promise<boolean>): Journal {
  const again = async (error: unknown, write: () => Promise<void> | undefined): Promise<void> => {
    const isFull = error instanceof StorageError && error.code === "STORAGE_QUOTA";
    if (!isFull || !(await makeRoom())) throw error;
    await write();
  };
  return {
    durable: journal.durable,
    createRun: (record, base) => {
      const write = (): Promise<void> => journal.createRun(record, base);
      return write().catch((error: unknown) => again(error, write));
    },
    addRuns: (runs) => {
      const write = (): Promise<void> => journal.addRuns(runs);
      return write().catch((error: unknown) => again(error, write));
    },
    append: (runId, batch, record) => {
      const write = (): Promise<void> | undefined => journal.append(runId, batch, record);
      return write()?.catch((error: unknown) => again(error, write));
    },
    getRun: (runId) => journal.getRun(runId),
    listRuns: (query) => journal.listRuns(query),
    deleteRun: (runId) => journal.deleteRun(runId),
    read: (runId, range) => journal.read(runId, range),
    readPublished: (runId, from) => journal.readPublished(runId, from),
    saveSnapshot: (runId, snapshot) => journal.saveSnapshot(runId, snapshot),
    loadSnapshot: (runId, atOrBefore) => journal.loadSnapshot(runId, atOrBefore),
    truncate: (runId, base, later) => journal.truncate(runId, base, later),
    compact: (runId) => journal.compact(runId),
    close: () => journal.close(),
  };
}
