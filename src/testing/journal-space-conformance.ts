/** The part of the journal's contract that is about space: histories that are cut, and stored in less. */
import type { Journal } from "../ports/journal.ts";
import { assertEqual, assertRejects, assertTrue, readAll } from "./assertions.ts";
import { check, reopening, type JournalCheck } from "./journal-check.ts";
import { positionsIn, readTicks, recordOf, sampleRecord, SampleRun, snapshotAt } from "./sample-run.ts";

export const journalSpaceConformance: readonly JournalCheck[] = [
  check("a history that was cut begins behind its base, and its record says so", async (journal) => {
    const run = await sampleOf(journal, "r", [3, 4, 5]);
    for (const sequence of [2, 6, 9]) await journal.saveSnapshot("r", snapshotAt(sequence));
    await journal.truncate("r", snapshotAt(5), [snapshotAt(8)]);
    await assertCut(journal, run, 5);
    const found = async (sequence: number) => (await journal.loadSnapshot("r", sequence))?.sequence;
    assertEqual(await found(4), undefined, "A snapshot before the base");
    assertEqual(await journal.loadSnapshot("r", 7), snapshotAt(5), "The base");
    assertEqual(await found(100), 8, "The newest snapshot: all that were not handed over are gone");
    assertEqual(await readAll(journal.read("r", { from: 1, to: 5 })), [], "What was dropped");
    // Whoever writes the run may not know yet that its history was cut.
    await run.append(2);
    await assertCut(journal, run, 5);
    await journal.truncate("r", snapshotAt(9));
    await assertCut(journal, run, 9);
  }),

  check("a history can be cut behind every tick, packed or not", async (journal) => {
    for (const isPacked of [false, true]) {
      for (let sequence = 1; sequence <= 10; sequence++) {
        const runId = `${sequence} ${isPacked}`;
        const run = await sampleOf(journal, runId, [1, 2, 3, 4]);
        if (isPacked) await compact(journal, runId);
        await journal.truncate(runId, snapshotAt(sequence));
        await assertCut(journal, run, sequence);
        await run.append(3);
        await assertCut(journal, run, sequence);
        await compact(journal, runId);
        await assertCut(journal, run, sequence);
      }
    }
  }),

  check("what was cut before, or is not there, or not yet, is not cut", async (journal) => {
    const run = await sampleOf(journal, "r", [6]);
    await journal.truncate("r", snapshotAt(4));
    for (const sequence of [2, 4]) await journal.truncate("r", { sequence, state: { other: true } });
    await assertRejects(
      async () => journal.truncate("r", snapshotAt(7)),
      { name: "WorkflowRuntimeError", code: "RUN_NOT_OWNED" },
      "A base ahead of the ticks",
    );
    await assertCut(journal, run, 4);
    assertEqual(await journal.loadSnapshot("r", 100), snapshotAt(4), "The base");
    await journal.truncate("nope", snapshotAt(1));
    assertEqual(await journal.getRun("nope"), undefined, "A run that is not there");
  }),

  check("a run that began elsewhere can be cut further", async (journal) => {
    const run = new SampleRun(journal, "r");
    await journal.createRun(sampleRecord("r", { sequence: 7, historyFrom: 8 }), snapshotAt(7));
    await journal.append("r", run.batch(4, 8), sampleRecord("r", { sequence: 11 }));
    await journal.truncate("r", snapshotAt(9));
    assertEqual((await journal.getRun("r"))?.historyFrom, 10, "Where its history begins");
    assertEqual(
      (await readTicks(journal, "r")).map(({ sequence }) => sequence),
      [10, 11],
      "Its ticks",
    );
  }),

  check("compacting changes nothing that is read, and is done at some time", async (journal) => {
    const other = await sampleOf(journal, "r2", [2, 2]);
    const run = await sampleOf(
      journal,
      "r",
      Array.from({ length: 150 }, (_, n) => 1 + (n % 4)),
    );
    for (const sequence of [3, 100, 200]) await journal.saveSnapshot("r", snapshotAt(sequence));
    const record = await recordOf(journal, "r");
    await compact(journal, "r");
    await assertWhole(journal, run);
    assertEqual(await recordOf(journal, "r"), record, "The record");
    assertEqual(await journal.loadSnapshot("r", 50), snapshotAt(3), "The first snapshot");
    assertEqual(await journal.loadSnapshot("r", 1_000), snapshotAt(200), "The last snapshot");
    assertEqual(await journal.compact("r"), false, "Whether there is more to do then");
    for (const count of [3, 1]) await run.append(count);
    await assertWhole(journal, run);
    await compact(journal, "r");
    await assertWhole(journal, run);
    await assertWhole(journal, other);
    await journal.deleteRun("r");
    assertEqual(await readTicks(journal, "r"), [], "The ticks of a packed run that was deleted");
    for (const runId of ["r", "nope"]) assertEqual(await journal.compact(runId), false, "Of a run that is not there");
  }),

  check("who reads while a run is compacted sees every tick and event once", async (journal) => {
    const run = await sampleOf(
      journal,
      "r",
      Array.from({ length: 120 }, () => 2),
    );
    const ticks = journal.read("r", { from: 1, to: 240 })[Symbol.asyncIterator]();
    const events = journal.readPublished("r", 1)[Symbol.asyncIterator]();
    const [firstTicks, firstEvents] = [await ticks.next(), await events.next()];
    await compact(journal, "r");
    const [restOfTicks, restOfEvents] = [await rest(ticks), await rest(events)];
    const seen = [firstTicks.value, ...restOfTicks].flatMap((batch) => batch?.ticks ?? []);
    assertEqual(seen, run.ticks, "The ticks");
    const positions = [firstEvents.value, ...restOfEvents].flatMap((batch) => (batch ? positionsIn([batch]) : []));
    assertEqual(positions, run.positions, "The published events");
  }),

  reopening("a run that is packed or cut is there after opening again", async (journal, reopen) => {
    const runs = [await sampleOf(journal, "packed", [2, 3, 4]), await sampleOf(journal, "cut", [2, 3, 4])] as const;
    await compact(journal, "packed");
    await journal.truncate("cut", snapshotAt(6));
    await journal.close();
    const again = await reopen();
    await assertWhole(again, runs[0]);
    await assertCut(again, runs[1], 6);
  }),
];

async function sampleOf(journal: Journal, runId: string, counts: readonly number[]): Promise<SampleRun> {
  const run = await SampleRun.create(journal, runId);
  for (const count of counts) await run.append(count);
  return run;
}

/** All there is to do. */
async function compact(journal: Journal, runId: string): Promise<void> {
  for (let piece = 1; await journal.compact(runId); piece++) {
    assertTrue(piece < 1_000, "Compacting a small run comes to an end");
  }
}

async function assertWhole(journal: Journal, run: SampleRun): Promise<void> {
  assertEqual(await readTicks(journal, run.runId), run.ticks, "The ticks");
  for (let from = 1; from <= run.positions.length; from += 7) {
    const batches = await readAll(journal.readPublished(run.runId, from));
    const published = batches.flatMap((batch) => batch.published).filter(({ position }) => position >= from);
    assertEqual(published, run.published.slice(from - 1), `The published events from ${from} on`);
  }
}

async function assertCut(journal: Journal, run: SampleRun, base: number): Promise<void> {
  const what = `of a history cut behind tick ${base}`;
  assertEqual(
    await readTicks(journal, run.runId),
    run.ticks.filter(({ sequence }) => sequence > base),
    `The ticks ${what}`,
  );
  const batches = await readAll(journal.readPublished(run.runId, 1));
  assertEqual(
    batches.flatMap(({ published }) => published),
    run.published.filter(({ tick }) => tick > base),
    `The published events ${what}`,
  );
  for (const { from, ticks, published } of batches) {
    for (const { tick } of published) assertEqual(ticks[tick - from]?.sequence, tick, `The tick of an event ${what}`);
  }
  assertEqual(await recordOf(journal, run.runId), { ...run.record(), historyFrom: base + 1 }, `The record ${what}`);
}

async function rest<T>(iterator: AsyncIterator<T>): Promise<T[]> {
  const values: T[] = [];
  for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) values.push(next.value);
  return values;
}
