/** What becomes of the rows of a run that ended. Reading them afterwards is in the conformance suite. */
import "fake-indexeddb/auto";
import { openDB } from "idb";
import { defineEvent, defineWorkflow, run, StartEvent, StopEvent } from "tickwork";
import { createEngine, MemoryJournal, settle, SimulatedClock } from "tickwork/testing";
import { describe, expect, test } from "vitest";
import { thinned } from "../../src/runtimes/browser/compaction.ts";
import { IndexedDbJournal } from "../../src/runtimes/browser/indexeddb-journal.ts";

const Order = defineEvent("Order");
/** An event of 100 bytes as JSON, no two alike. */
const order = (n: number) => {
  const id = ((n + 1) * 2_654_435_761) % 4_294_967_296;
  return Order({ n, id: id.toString(36), to: `customer-${id % 977}@example.org`, cents: id % 99_991, note: "fragile" });
};
const shop = defineWorkflow("shop", { timeout: null }).step(
  "ship",
  { accepts: [StartEvent, Order], emits: [Order, StopEvent] },
  ({ data }, ctx) => {
    const { n } = data as { n: number };
    ctx.writeEventToStream(Order({ shipped: n }));
    return n === 0 ? StopEvent("done") : order(n - 1);
  },
);

const open = (journal: IndexedDbJournal) => createEngine({ shop }, { journal, clock: new SimulatedClock() });

/**
 * A run of so many ticks in its journal, as a disk that is quick would have it: in groups of twenty. Without an engine,
 * which would pack it by itself.
 */
async function finished(ticks: number) {
  const memory = new MemoryJournal();
  await run(shop, { n: ticks - 2 }, { runId: "r", runtime: { clock: new SimulatedClock(), journal: memory } }).result();
  // Snapshots, and the last ticks in memory, are written behind the result.
  await settle();
  const record = (await memory.getRun("r"))!;
  const database = crypto.randomUUID();
  const journal = await IndexedDbJournal.open(database);
  await journal.createRun(record);
  for await (const batch of memory.read("r", { from: 1, to: record.sequence })) {
    for (let at = 0; at < batch.ticks.length; at += 20) {
      const some = batch.ticks.slice(at, at + 20);
      const [from, to] = [some[0]!.sequence, some.at(-1)!.sequence];
      const published = batch.published.filter(({ tick }) => tick >= from && tick <= to);
      await journal.append("r", { from, ticks: some, published }, record);
    }
  }
  for (let at = record.sequence; at > 0;) {
    const snapshot = await memory.loadSnapshot("r", at);
    if (snapshot) await journal.saveSnapshot("r", snapshot);
    at = (snapshot?.sequence ?? 0) - 1;
  }
  return { database, journal };
}

async function rowsIn(database: string, store: "batches" | "snapshots") {
  const db = await openDB(database);
  const rows = (await db.getAll(store)) as { readonly to: number; readonly ticks: unknown; readonly state: unknown }[];
  db.close();
  return rows;
}

async function ticksOf(journal: IndexedDbJournal) {
  const ticks: unknown[] = [];
  for await (const batch of journal.read("r", { from: 1, to: Number.MAX_SAFE_INTEGER })) ticks.push(...batch.ticks);
  return ticks;
}

describe("a run that ended", () => {
  test("takes less than 60 bytes for a tick with an event of 100", async () => {
    const { database, journal } = await finished(6_000);
    const before = (await rowsIn(database, "batches")).length;
    const { bytes: loose = 0, sequence } = (await journal.getRun("r"))!;
    let pieces = 1;
    while (await journal.compact("r")) pieces += 1;
    const { bytes = 0 } = (await journal.getRun("r"))!;
    const rows = await rowsIn(database, "batches");
    expect(rows.length).toBe(pieces);
    expect(rows.length).toBeLessThan(before / 10);
    expect(loose / sequence).toBeLessThan(600);
    expect(bytes / sequence).toBeLessThan(60);
    const engine = await open(journal);
    expect((await engine.stateAt("r", 3_000)).graph.sequence).toBe(3_000);
    await engine.close();
  });

  test("can be packed a piece at a time, in several lives", async () => {
    const { database, journal: first } = await finished(4_000);
    const ticks = await ticksOf(first);
    await first.close();
    let isMore = true;
    while (isMore) {
      const journal = await IndexedDbJournal.open(database);
      isMore = await journal.compact("r");
      expect(await ticksOf(journal)).toEqual(ticks);
      await journal.close();
    }
    const engine = await open(await IndexedDbJournal.open(database));
    expect(await (await engine.attach("r")).result()).toBe("done");
    await engine.close();
    for (const { ticks: packed } of await rowsIn(database, "batches")) expect(packed).toBeInstanceOf(Uint8Array);
    for (const { state } of await rowsIn(database, "snapshots")) expect(state).toBeInstanceOf(Uint8Array);
  });

  test("says so when a packed part of it is damaged", async () => {
    const { database, journal } = await finished(50);
    await journal.compact("r");
    await journal.close();
    const db = await openDB(database);
    const [row] = (await db.getAll("batches")) as { ticks: Uint8Array }[];
    await db.put("batches", { ...row, ticks: row!.ticks.slice(0, -20) });
    db.close();
    const again = await open(await IndexedDbJournal.open(database));
    await expect(again.readTicks("r", { from: 1, limit: 5 })).rejects.toMatchObject({ code: "HISTORY_DAMAGED" });
  });

  test("of an earlier version, whose size nobody knew, has one then", async () => {
    const { database, journal } = await finished(50);
    const { bytes = 0 } = (await journal.getRun("r"))!;
    const db = await openDB(database);
    const { bytes: _bytes, ...older } = (await db.get("runs", "r")) as { bytes: number };
    await db.put("runs", older);
    db.close();
    await journal.compact("r");
    expect((await journal.getRun("r"))?.bytes).toBeLessThan(bytes);
  });
});

describe("snapshots of a run that ended", () => {
  const rows = (count: number, size: number) =>
    Array.from({ length: count }, (_, index) => ({ runId: "r", sequence: index, state: new Uint8Array(size - 64) }));
  const kept = (count: number, budget: number) => thinned(rows(count, 100), budget).map(({ sequence }) => sequence);

  test("all stay while they take no more than the history", () => {
    expect(kept(5, 500)).toEqual([0, 1, 2, 3, 4]);
  });
  test("every second, every fourth … between the first and the last goes", () => {
    expect(kept(9, 899)).toEqual([0, 2, 4, 6, 8]);
    expect(kept(10, 450)).toEqual([0, 1, 5, 9]);
  });
  test("the first and the last stay, whatever they take", () => {
    expect(kept(9, 0)).toEqual([0, 8]);
    expect(kept(1, 0)).toEqual([0]);
    expect(kept(0, 0)).toEqual([]);
  });
});
