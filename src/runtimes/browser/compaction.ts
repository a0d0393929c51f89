/**
 * Less space for a run in the browser's database, in pieces of work that are each one transaction: small rows of ticks
 * become few packed ones, and snapshots are packed and thinned out. What stops between two pieces goes on with the next.
 */
import {
  isStill,
  rowsOf,
  type Database,
  type StoredBatch,
  type StoredRun,
  type StoredSnapshotRow,
} from "./database.ts";
import type { DatabaseConnection } from "./database-connection.ts";
import { isPacked } from "./storage-codec.ts";
import type { StoredForm } from "./stored-form.ts";
import { sizeOfBatch, sizeOfData, sizeOfSnapshot } from "./stored-size.ts";

/**
 * Characters of JSON, or encoded bytes of them, in a packed row: enough for gzip to find what repeats, and little enough to unpack one for a single
 * tick or published event. About 1,000 ticks.
 */
const PIECE = 256 * 1024;
/** Rows read in one go. */
const PAGE = 64;

interface Piece {
  readonly run: StoredRun;
  readonly rows: readonly StoredBatch[];
  /** No row comes after these. */
  readonly isLast: boolean;
}

/** Does the next piece of work; says whether there is more. */
export async function compactNext(connection: DatabaseConnection, form: StoredForm, runId: string): Promise<boolean> {
  const piece = await connection.read("The run's history could not be read", (database) => nextPiece(database, runId));
  if (!piece || (piece.run.compacted ?? 0) >= piece.run.sequence) return false;
  const { rows, isLast } = piece;
  const [first, ...others] = rows;
  const packed = first && (await form.toPackedBatch([first, ...others]));
  const snapshots = isLast ? await packSnapshots(connection, form, runId) : [];
  await connection.write(
    "The run's history could not be packed",
    { stores: ["runs", "batches", "snapshots"] },
    async (transaction) => {
      const runs = transaction.objectStore("runs");
      const batches = transaction.objectStore("batches");
      const run = await runs.get(runId);
      // It was deleted meanwhile.
      if (!run || !isStill(piece.run, run)) return;
      if (first && packed) {
        await batches.delete(IDBKeyRange.bound([runId, first.from], [runId, packed.to]));
        await batches.add(packed);
      }
      const compacted = packed?.to ?? piece.run.sequence;
      if (!isLast) {
        const shrunk = packed ? sumOf(rows, sizeOfBatch) - sizeOfBatch(packed) : 0;
        await runs.put({ ...run, compacted, ...(run.bytes !== undefined && { bytes: run.bytes - shrunk }) });
        return;
      }
      // Once in full: now also of a run whose size nobody knew.
      const history = sumOf(await batches.getAll(rowsOf(runId)), sizeOfBatch);
      const kept = thinned(snapshots, history);
      await transaction.objectStore("snapshots").delete(rowsOf(runId));
      for (const snapshot of kept) await transaction.objectStore("snapshots").put(snapshot);
      await runs.put({ ...run, compacted, bytes: history + sumOf(kept, sizeOfSnapshot) });
    },
  );
  return !isLast;
}

/**
 * Of a run's packed snapshots, in their order, so many that they take no more than its history does: the first and the
 * last, and every second, fourth … of those between them.
 */
export function thinned(snapshots: readonly StoredSnapshotRow[], budget: number): readonly StoredSnapshotRow[] {
  const last = snapshots.length - 1;
  for (let stride = 1; ; stride *= 2) {
    const kept = snapshots.filter((_, index) => index === 0 || (last - index) % stride === 0);
    if (kept.length <= 2 || sumOf(kept, sizeOfSnapshot) <= budget) return kept;
  }
}

/** Rows that are not packed yet, as many as make one that is. */
async function nextPiece(database: Database, runId: string): Promise<Piece | null> {
  const run = await database.get("runs", runId);
  if (!run) return null;
  const rows: StoredBatch[] = [];
  let length = 0;
  for (let next = (run.compacted ?? 0) + 1; ;) {
    const range = IDBKeyRange.bound([runId, next], [runId, Number.MAX_SAFE_INTEGER]);
    const page = await database.getAll("batches", range, PAGE);
    for (const row of page) {
      const isOther = isPacked(row.ticks) || row.tickFormat !== rows[0]?.tickFormat;
      if (rows.length > 0 && (isOther || length >= PIECE)) return { run, rows, isLast: false };
      if (!isPacked(row.ticks)) rows.push(row);
      length += sizeOfData(row.ticks);
      next = row.to + 1;
    }
    if (page.length < PAGE) return { run, rows, isLast: true };
  }
}

/** One after the other: they may be large, and only packed ones are held. */
async function packSnapshots(
  connection: DatabaseConnection,
  form: StoredForm,
  runId: string,
): Promise<StoredSnapshotRow[]> {
  const packed: StoredSnapshotRow[] = [];
  const what = "A snapshot could not be read";
  const keys = await connection.read(what, (database) => database.getAllKeys("snapshots", rowsOf(runId)));
  for (const key of keys) {
    const row = await connection.read(what, (database) => database.get("snapshots", key));
    if (row) packed.push(await form.toPackedSnapshot(row));
  }
  return packed;
}

function sumOf<T>(items: readonly T[], sizeOf: (item: T) => number): number {
  let sum = 0;
  for (const item of items) sum += sizeOf(item);
  return sum;
}
