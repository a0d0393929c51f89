import "fake-indexeddb/auto";
import { defineEvent, defineWorkflow, startEvent, stopEvent } from "tickwork";
import { createEngine, MemoryJournal, type TickBatch } from "tickwork/testing";
import { expect, test } from "vitest";
import { IndexedDbJournal } from "../../src/runtimes/browser/indexeddb-journal.ts";
import { splitBatch } from "../../src/runtimes/browser/split-batch.ts";

const ticks = (from: number, count: number): TickBatch["ticks"] =>
  Array.from({ length: count }, (_, index) => ({ sequence: from + index }) as never);
const published = (...places: readonly number[]): TickBatch["published"] =>
  places.map((tick, index) => ({ position: index + 1, tick, index: 0 }));

test("a batch that is small enough stays as it is", () => {
  const batch = { from: 5, ticks: ticks(5, 3), published: published(6) };
  expect(splitBatch(batch, 3)).toEqual([batch]);
});

test("a larger one is cut, and each event stands with its tick", () => {
  const batch = { from: 5, ticks: ticks(5, 7), published: published(5, 7, 7, 11) };
  const [a, b, c, d] = batch.published;
  expect(splitBatch(batch, 3)).toEqual([
    { from: 5, ticks: ticks(5, 3), published: [a, b, c] },
    { from: 8, ticks: ticks(8, 3), published: [] },
    { from: 11, ticks: ticks(11, 1), published: [d] },
  ]);
});

const Start = startEvent<"Start">("Start");
const Next = defineEvent<"Next">("Next");
const Seen = defineEvent<"Seen">("Seen");
const Stop = stopEvent<"Stop">("Stop");

/** Steps that are faster than any disk. */
const quick = defineWorkflow("quick", { timeout: null })
  .step("begin", { accepts: Start, emits: Next }, () => Next(1000))
  .step("link", { accepts: Next, emits: [Next, Stop], numWorkers: 1 }, ({ data }, ctx) => {
    ctx.writeEventToStream(Seen(data));
    return Number(data) > 1 ? Next(Number(data) - 1) : Stop();
  });

test("for one tick or event of a long run, few others are read", async () => {
  const journal = await IndexedDbJournal.open("split-batch");
  const engine = await createEngine({ quick }, { journal });
  await (await engine.start("quick", null, { runId: "run" })).result();
  const inMemory = new MemoryJournal();
  const reference = await createEngine({ quick }, { journal: inMemory });
  await (await reference.start("quick", null, { runId: "run" })).result();

  const read = async (batches: AsyncIterable<TickBatch>): Promise<TickBatch[]> => {
    const all: TickBatch[] = [];
    for await (const batch of batches) all.push(batch);
    return all;
  };
  const [one, ...others] = await read(journal.read("run", { from: 500, to: 500 }));
  expect([one?.ticks.length, others.length]).toEqual([128, 0]);
  expect(one?.ticks[500 - one.from]?.sequence).toBe(500);
  expect((await journal.readPublished("run", 500).next()).value?.ticks.length).toBeLessThanOrEqual(128);
  const eventsOf = async (kept: MemoryJournal | IndexedDbJournal): Promise<unknown[]> =>
    (await read(kept.readPublished("run", 1))).flatMap((batch) => batch.published);
  expect(await eventsOf(journal)).toEqual(await eventsOf(inMemory));
  await Promise.all([engine.close(), reference.close()]);
});
