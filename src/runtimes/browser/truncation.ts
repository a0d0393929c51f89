/** The beginning of a run's history dropped from the browser's database, in one transaction. */
import { cutBatch, outOfOrder, type StoredSnapshot } from "../../ports/journal.ts";
import { isStill, rowsOf, type StoredBatch } from "./database.ts";
import type { DatabaseConnection } from "./database-connection.ts";
import type { StoredForm } from "./stored-form.ts";
import { sizeOfBatch, sizeOfSnapshot } from "./stored-size.ts";

export type Keyframes = readonly [base: StoredSnapshot, ...later: StoredSnapshot[]];

export async function truncateRun(
  connection: DatabaseConnection,
  form: StoredForm,
  runId: string,
  [base, ...later]: Keyframes,
): Promise<void> {
  const from = base.sequence + 1;
  const before = await connection.read("The run could not be read", (database) => database.get("runs", runId));
  const cut = await cutRow(connection, form, runId, from);
  const rows = await Promise.all([base, ...later].map((snapshot) => form.ofSnapshot(runId, snapshot)));
  await connection.write(
    "The run's history could not be shortened",
    { stores: ["runs", "batches", "snapshots"] },
    async (transaction) => {
      const runs = transaction.objectStore("runs");
      const batches = transaction.objectStore("batches");
      const snapshots = transaction.objectStore("snapshots");
      const run = await runs.get(runId);
      if (!run || !isStill(before, run) || from <= (run.historyFrom ?? 1)) return;
      if (from > run.next) throw outOfOrder(runId, run.next, from);
      let growth = 0;
      // Row by row, for the history may be long.
      let old = await batches.openCursor(IDBKeyRange.bound([runId, 0], [runId, base.sequence]));
      for (; old; old = await old.continue()) {
        growth -= sizeOfBatch(old.value);
        await old.delete();
      }
      for (let each = await snapshots.openCursor(rowsOf(runId)); each; each = await each.continue()) {
        growth -= sizeOfSnapshot(each.value);
        await each.delete();
      }
      if (cut) {
        growth += sizeOfBatch(cut);
        await batches.add(cut);
      }
      for (const row of rows) {
        growth += sizeOfSnapshot(row);
        await snapshots.put(row);
      }
      await runs.put({ ...run, historyFrom: from, ...(run.bytes !== undefined && { bytes: run.bytes + growth }) });
    },
  );
}

/** What is kept of the row that holds this tick and others before it. */
async function cutRow(
  connection: DatabaseConnection,
  form: StoredForm,
  runId: string,
  from: number,
): Promise<StoredBatch | null> {
  const row = await connection.read("The run's history could not be read", async (database) => {
    const range = IDBKeyRange.bound([runId, 0], [runId, from - 1]);
    return (await database.transaction("batches").store.openCursor(range, "prev"))?.value;
  });
  if (!row || row.to < from) return null;
  return form.ofBatch(runId, cutBatch(await form.toBatch(row), from));
}
