/** What a run takes in the browser's database, and where it is told. */
import "fake-indexeddb/auto";
import { openDB } from "idb";
import { defineEvent, defineWorkflow, run, StartEvent, StopEvent } from "tickwork";
import { createEngine, settle, SimulatedClock } from "tickwork/testing";
import { expect, test } from "vitest";
import { IndexedDbJournal } from "../../src/runtimes/browser/indexeddb-journal.ts";
import { sizeOfBatch, sizeOfSnapshot } from "../../src/runtimes/browser/stored-size.ts";
import { record } from "../testing/sample-record.ts";

const Next = defineEvent("Next");
const chain = defineWorkflow("chain", { timeout: null }).step(
  "count",
  { accepts: [StartEvent, Next], emits: [Next, StopEvent] },
  (event) => (Number(event.data) > 0 ? Next(Number(event.data) - 1) : StopEvent("x".repeat(500))),
);

/** The size of all rows of a run, looked at by themselves. */
async function measured(database: string, runId: string): Promise<number> {
  const db = await openDB(database);
  const range = IDBKeyRange.bound([runId, 0], [runId, Infinity]);
  const [batches, snapshots] = [await db.getAll("batches", range), await db.getAll("snapshots", range)];
  db.close();
  return [...batches.map(sizeOfBatch), ...snapshots.map(sizeOfSnapshot)].reduce((sum, size) => sum + size, 0);
}

test("a run's record, and its row in the list, say what its ticks and snapshots take", async () => {
  const database = crypto.randomUUID();
  const journal = await IndexedDbJournal.open(database);
  const runtime = { clock: new SimulatedClock(), journal };
  const sizes: number[] = [];
  for (const [runId, length] of [
    ["short", 1],
    ["long", 2_500],
  ] as const) {
    await run(chain, length, { runId, runtime }).result();
    await settle();
    const { bytes } = (await journal.getRun(runId))!;
    expect(bytes).toBe(await measured(database, runId));
    sizes.push(bytes!);
  }
  const [short = 0, long = 0] = sizes;
  expect(short).toBeGreaterThan(500);
  expect(long).toBeGreaterThan(100 * short);
  const engine = await createEngine({ chain }, runtime);
  expect((await engine.listRuns()).runs.find(({ runId }) => runId === "short")).toMatchObject({ bytes: short });
  expect((await engine.exportRun("short"))["run"]).not.toHaveProperty("bytes");
  await engine.close();
});

test("a snapshot that is written again counts once, and one of a deleted run is not kept", async () => {
  const journal = await IndexedDbJournal.open(crypto.randomUUID());
  await journal.createRun(record("r"), { sequence: 1, state: { a: 1 } });
  const before = (await journal.getRun("r"))?.bytes ?? 0;
  for (const text of ["xxxx", "yy"]) await journal.saveSnapshot("r", { sequence: 1, state: { a: 1, text } });
  expect((await journal.getRun("r"))?.bytes).toBe(before + ',"text":"yy"'.length);
  await journal.deleteRun("r");
  await journal.saveSnapshot("r", { sequence: 2, state: {} });
  expect(await journal.loadSnapshot("r", 9)).toBeUndefined();
});

test("a run of an earlier version, of which nobody knows what it takes, does not say it", async () => {
  const database = crypto.randomUUID();
  const first = await IndexedDbJournal.open(database);
  await first.createRun(record("r"));
  await first.close();
  const db = await openDB(database);
  const { bytes: _bytes, ...older } = (await db.get("runs", "r")) as { bytes: number };
  await db.put("runs", older);
  db.close();
  const journal = await IndexedDbJournal.open(database);
  await journal.append("r", { from: 1, ticks: [], published: [] }, record("r"));
  expect(await journal.getRun("r")).not.toHaveProperty("bytes");
});
