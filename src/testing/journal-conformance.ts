/** The contract of `ports/journal.ts` as checks for any test runner. */
import type { JsonObject } from "../core/json.ts";
import type { Tick } from "../core/tick.ts";
import type { Journal, PublishedRecord, RunRecord, TickBatch } from "../ports/journal.ts";
import { assertEqual, assertRejects, assertTrue, readAll, show } from "./assertions.ts";
import { check, reopening, type JournalCheck } from "./journal-check.ts";
import { journalSpaceConformance } from "./journal-space-conformance.ts";
import {
  makeTick,
  positionsIn,
  readTicks,
  recordOf,
  sampleRecord,
  SampleRun,
  snapshotAt,
  withoutSize,
} from "./sample-run.ts";

/**
 * Every rule, for any runner:
 *
 *     test.each(journalConformance)("$name", ({ run }) => run(() => new MyJournal(), { reopen }));
 */
export const journalConformance: readonly JournalCheck[] = [
  check("a run that was created is there, as it was created", async (journal) => {
    const record = sampleRecord("r", { error: { name: "Error", message: "x" }, readOnly: true });
    await journal.createRun(record);
    assertEqual(await recordOf(journal, "r"), record, "The record");
    assertEqual(await readTicks(journal, "r"), [], "Its ticks");
  }),

  check("an unknown run is undefined, and has nothing to read", async (journal) => {
    assertEqual(await recordOf(journal, "nope"), undefined, "The record");
    assertEqual(await readTicks(journal, "nope"), [], "Its ticks");
    assertEqual(await readAll(journal.readPublished("nope", 1)), [], "Its published events");
    assertEqual(await journal.loadSnapshot("nope", 100), undefined, "Its snapshot");
  }),

  check("a run id is taken once", async (journal) => {
    const record = sampleRecord("r");
    await journal.createRun(record);
    await assertRejects(
      () => journal.createRun(sampleRecord("r", { workflow: "other" })),
      { name: "WorkflowRuntimeError", code: "RUN_EXISTS" },
      "A second run of this id",
    );
    assertEqual(await recordOf(journal, "r"), record, "The first run's record");
  }),

  check("of two runs created at once under one id one comes through", async (journal) => {
    const outcomes = await Promise.allSettled(
      ["a", "b"].map(async (workflow) => journal.createRun(sampleRecord("r", { workflow }))),
    );
    assertEqual(outcomes.filter(({ status }) => status === "fulfilled").length, 1, "Runs created");
    const winner = outcomes[0]?.status === "fulfilled" ? "a" : "b";
    assertEqual((await journal.getRun("r"))?.workflow, winner, "The run that is stored");
  }),

  check("runs that are added whole are there whole, and can go on", async (journal) => {
    const run = new SampleRun(journal, "r");
    for (const count of [3, 4]) run.batches.push(run.batch(count));
    const snapshots = [2, 6].map((sequence) => ({ sequence, state: { sequence } }));
    const later = sampleRecord("later", { sequence: 8 });
    await journal.addRuns([
      { record: run.record({ readOnly: true }), snapshots, batches: run.batches },
      { record: later, snapshots: [{ sequence: 8, state: { sequence: 8 } }], batches: [] },
    ]);
    assertEqual(await recordOf(journal, "r"), run.record({ readOnly: true }), "The record");
    assertEqual(await readTicks(journal, "r"), run.ticks, "Its ticks");
    const published = await readAll(journal.readPublished("r", 1));
    assertEqual(
      published.flatMap((batch) => batch.published),
      run.published,
      "What it published",
    );
    assertEqual(await journal.loadSnapshot("r", 5), snapshots[0], "The snapshot before tick 5");
    await run.append(2);
    assertEqual(await readTicks(journal, "r"), run.ticks, "Its ticks, and two more");
    await journal.append("later", new SampleRun(journal, "later").batch(1, 9), { ...later, sequence: 9 });
    assertEqual((await readTicks(journal, "later")).length, 1, "Ticks of a run that began elsewhere");
  }),

  check("of runs that are added together all are stored, or none", async (journal) => {
    await journal.createRun(sampleRecord("taken"));
    for (const last of ["taken", "first"]) {
      const records = ["first", "second", last].map((runId) => sampleRecord(runId, { workflow: "new" }));
      await assertRejects(
        () => journal.addRuns(records.map((record) => ({ record, snapshots: [], batches: [] }))),
        { name: "WorkflowRuntimeError", code: "RUN_EXISTS" },
        "Runs of which one is there",
      );
    }
    const stored = await journal.listRuns({ limit: 9 });
    assertEqual(
      stored.map(({ runId, workflow }) => `${runId} ${workflow}`),
      ["taken sample"],
      "The runs stored",
    );
  }),

  check("runs are listed newest first, then by the largest id", async (journal) => {
    const ids = ["a", "B", "b", "a/1", "ä", "10", "9", "\u{1F600}", "\uFFFD"];
    for (const [index, runId] of ids.entries()) {
      await journal.createRun(sampleRecord(runId, { createdAt: index < 7 ? 5 : 6 }));
    }
    const byCode = (list: readonly string[]): string[] => list.toSorted((a, b) => (a < b ? 1 : -1));
    assertEqual(
      (await journal.listRuns({ limit: 100 })).map(({ runId }) => runId),
      [...byCode(ids.slice(7)), ...byCode(ids.slice(0, 7))],
      "The order",
    );
  }),

  check("a list holds what was asked for: status, workflow, time, number", async (journal) => {
    const statuses = ["running", "idle", "completed", "failed"] as const;
    for (let n = 0; n < 8; n++) {
      const status = statuses[n % 4] ?? "running";
      await journal.createRun(sampleRecord(`r${n}`, { createdAt: n, status, workflow: n < 6 ? "first" : "second" }));
    }
    const list = async (query: Partial<Parameters<Journal["listRuns"]>[0]>): Promise<string> =>
      (await journal.listRuns({ limit: 100, ...query })).map(({ runId }) => runId).join(" ");
    assertEqual(await list({ status: ["idle"] }), "r5 r1", "One status");
    assertEqual(await list({ status: ["failed", "running"] }), "r7 r4 r3 r0", "Two statuses");
    assertEqual(await list({ status: [] }), "", "No status");
    assertEqual(await list({ workflow: "second" }), "r7 r6", "One workflow");
    assertEqual(await list({ workflow: "nope" }), "", "An unknown workflow");
    const parent = { runId: "r3", step: "s", workItem: 1 };
    for (const n of [1, 2]) await journal.createRun(sampleRecord(`r3/${n}`, { createdAt: 10 + n, parent }));
    assertEqual(await list({ parent: "r3" }), "r3/2 r3/1", "The runs that are part of one");
    assertEqual(
      await list({ parent: "r3", limit: 1, before: { createdAt: 12, runId: "r3/2" } }),
      "r3/1",
      "A page of them",
    );
    assertEqual(await list({ parent: "r4" }), "", "The parts of a run without any");
    assertEqual(await list({ parent: null, workflow: "second" }), "r7 r6", "Runs that are part of no other");
    for (const n of [1, 2]) await journal.deleteRun(`r3/${n}`);
    assertEqual(await list({ workflow: "first", status: ["idle", "failed"], limit: 2 }), "r5 r3", "All together");
    assertEqual(await list({ before: { createdAt: 3 } }), "r2 r1 r0", "Before a time");
    assertEqual(await list({ before: { createdAt: 0 } }), "", "Before the first");
    assertEqual(await list({ limit: 3 }), "r7 r6 r5", "At most three");
    assertEqual(await list({ limit: 0 }), "", "None at all");
    assertEqual(await list({ limit: Number.MAX_SAFE_INTEGER }), "r7 r6 r5 r4 r3 r2 r1 r0", "Any number");
  }),

  check("page by page every run is listed once, also those of the same time", async (journal) => {
    const records = Array.from({ length: 23 }, (_, n) =>
      sampleRecord(`r${String(n).padStart(2, "0")}`, {
        createdAt: Math.floor(n / 5),
        status: n % 2 ? "idle" : "running",
      }),
    );
    for (const record of records) await journal.createRun(record);
    const wanted = records.map(({ runId }) => runId).toReversed();
    for (const limit of [1, 2, 5, 7, 23, 100]) {
      const listed: string[] = [];
      let last: RunRecord | undefined;
      do {
        const page = await journal.listRuns({
          limit,
          ...(last && { before: { createdAt: last.createdAt, runId: last.runId } }),
        });
        assertTrue(page.length <= limit, `A page of ${page.length} runs where ${limit} were asked for`);
        listed.push(...page.map(({ runId }) => runId));
        last = page.at(-1);
      } while (last && listed.length <= wanted.length);
      assertEqual(listed, wanted, `All runs in pages of ${limit}`);
    }
    const idle = await journal.listRuns({ limit: 3, status: ["idle"], before: { createdAt: 4, runId: "r21" } });
    assertEqual(
      idle.map(({ runId }) => runId),
      ["r19", "r17", "r15"],
      "A page of one status",
    );
  }),

  check("ticks come back as they were appended, with the run's newest record", async (journal) => {
    const run = await SampleRun.create(journal, "r");
    for (const count of [1, 3, 2]) await run.append(count);
    assertEqual(await readTicks(journal, "r"), run.ticks, "The ticks");
    assertEqual(await recordOf(journal, "r"), run.record(), "The record");
    assertEqual((await journal.listRuns({ limit: 1 })).map(withoutSize), [run.record()], "The record in the list");
    assertEqual(await journal.listRuns({ limit: 1, status: ["idle"] }), [], "Runs of another status");
  }),

  check("a batch that does not follow is refused, and nothing of it is kept", async (journal) => {
    const run = await SampleRun.create(journal, "r");
    const refuse = async (from: number, what: string): Promise<void> => {
      const batch = run.batch(2, from);
      await assertRejects(
        async () => journal.append("r", batch, run.record({ sequence: 999, status: "failed" })),
        { name: "WorkflowRuntimeError", code: "RUN_NOT_OWNED" },
        what,
      );
    };
    await refuse(2, "A first batch that does not begin with 1");
    await run.append(3);
    await refuse(1, "The same batch again");
    await refuse(3, "A batch that overlaps");
    await refuse(5, "A batch after a gap");
    assertEqual(await readTicks(journal, "r"), run.ticks, "The ticks");
    assertEqual(await readAll(journal.readPublished("r", 1)), run.batches, "The published events");
    assertEqual(await recordOf(journal, "r"), run.record(), "The record");
    await run.append(2);
    assertEqual(await readTicks(journal, "r"), run.ticks, "The ticks after the next good batch");
  }),

  check("a batch for a run that is not there is refused", async (journal) => {
    const run = new SampleRun(journal, "nope");
    await assertRejects(
      async () => journal.append("nope", run.batch(1), run.record()),
      { name: "WorkflowRuntimeError", code: "RUN_UNKNOWN" },
      "The batch",
    );
    assertEqual(await recordOf(journal, "nope"), undefined, "The record");
    assertEqual(await readTicks(journal, "nope"), [], "Its ticks");
  }),

  check("of two appenders at once one is refused, and the other's batch is whole", async (journal) => {
    const run = await SampleRun.create(journal, "r");
    await run.append(2);
    const rivals = ["a", "b", "c"].map((name) => ({
      batch: run.batch(3, undefined, () => name),
      record: run.record({ sequence: 5, workflow: name }),
    }));
    const outcomes = await Promise.allSettled(
      rivals.map(async ({ batch, record }) => journal.append("r", batch, record)),
    );
    const winners = rivals.filter((_, index) => outcomes[index]?.status === "fulfilled");
    assertEqual(winners.length, 1, "Batches that were taken");
    assertEqual(await readTicks(journal, "r"), [...run.ticks, ...(winners[0]?.batch.ticks ?? [])], "The ticks");
    assertEqual(await recordOf(journal, "r"), winners[0]?.record, "The record");
  }),

  check("runs written side by side do not mix", async (journal) => {
    // Ids that begin alike, or sort beside one another.
    const runs = await Promise.all(["a", "a/1", "a\u0000", "b", "ab"].map((id) => SampleRun.create(journal, id)));
    await Promise.all(
      runs.map(async (run, index) => {
        for (let n = 0; n < 8; n++) await run.append(1 + ((n + index) % 3));
        await journal.saveSnapshot(run.runId, { sequence: index + 1, state: { of: run.runId } });
      }),
    );
    for (const [index, run] of runs.entries()) {
      assertEqual(await readTicks(journal, run.runId), run.ticks, `The ticks of ${show(run.runId)}`);
      assertEqual(await recordOf(journal, run.runId), run.record(), `The record of ${show(run.runId)}`);
      assertEqual(positionsIn(await readAll(journal.readPublished(run.runId, 1))), run.positions, "Published events");
      assertEqual(
        await journal.loadSnapshot(run.runId, 100),
        { sequence: index + 1, state: { of: run.runId } },
        `The snapshot of ${show(run.runId)}`,
      );
    }
  }),

  check("a range gives the batches that hold it, in order, and no others", async (journal) => {
    const run = await SampleRun.create(journal, "r");
    for (const count of [3, 1, 4, 1, 5]) await run.append(count);
    const end = run.sequence;
    for (let from = 1; from <= end + 2; from++) {
      for (const to of [from - 1, from, from + 2, end, end + 5, Number.MAX_SAFE_INTEGER]) {
        const what = `Ticks ${from} to ${to} of ${end}`;
        const batches = await readAll(journal.read("r", { from, to }));
        const sequences = batches.flatMap(({ ticks }) => ticks.map(({ sequence }) => sequence));
        const isWanted = (sequence: number): boolean => sequence >= from && sequence <= to;
        assertEqual(sequences.filter(isWanted), run.ticks.map(({ sequence }) => sequence).filter(isWanted), what);
        assertConnected(batches, what);
        for (const { from: begin, ticks } of batches) {
          const isOverlapping = begin <= to && begin + ticks.length > from;
          assertTrue(isOverlapping, `${what}: a batch from ${begin} on holds none of them`);
        }
      }
    }
  }),

  check("published events are read from a position on, with the ticks that hold them", async (journal) => {
    const run = await SampleRun.create(journal, "r");
    // Some batches publish nothing, some several events.
    for (const count of [1, 1, 4, 1, 7, 2]) await run.append(count);
    for (let from = 1; from <= run.positions.length + 2; from++) {
      const what = `Published events from ${from} on`;
      const batches = await readAll(journal.readPublished("r", from));
      assertEqual(
        positionsIn(batches).filter((position) => position >= from),
        run.positions.filter((position) => position >= from),
        what,
      );
      const first = batches[0]?.published.at(-1);
      assertTrue(!first || first.position >= from, `${what}: a batch that ends before it`);
      for (const { from: begin, ticks, published } of batches) {
        for (const { position, tick, event } of published) {
          assertEqual(ticks[tick - begin]?.sequence, tick, `${what}: the tick of event ${position}, in its batch`);
          assertEqual(event, run.published[position - 1]?.event, `${what}: the payload of event ${position}`);
        }
      }
    }
  }),

  check("reading can stop anywhere and begin again, while others read and write", async (journal) => {
    const run = await SampleRun.create(journal, "r");
    for (let n = 0; n < 40; n++) await run.append(2);
    for await (const batch of journal.read("r", { from: 1, to: 80 })) if (batch.from > 5) break;
    for await (const batch of journal.readPublished("r", 1)) if (batch.from > 5) break;
    const reader = journal.read("r", { from: 1, to: 80 })[Symbol.asyncIterator]();
    await reader.next();
    await run.append(2);
    const rest: TickBatch[] = [];
    for (let next = await reader.next(); next.done !== true; next = await reader.next()) rest.push(next.value);
    assertConnected(rest, "The rest of a reading that was interrupted");
    assertEqual(rest.at(-1)?.ticks.at(-1)?.sequence, 80, "Its last tick");
  }),

  check("a reader meanwhile sees whole batches without a gap", async (journal) => {
    const run = await SampleRun.create(journal, "r");
    let isWriting = true;
    const writing = (async () => {
      for (let n = 0; n < 30; n++) await run.append(3);
      isWriting = false;
    })();
    while (isWriting) {
      const ticks = await readTicks(journal, "r");
      assertEqual(ticks.length % 3, 0, "Ticks of a batch that is not whole");
      for (const [index, { sequence }] of ticks.entries()) assertEqual(sequence, index + 1, "The next tick");
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    await writing;
  }),

  check("the newest snapshot at or before a sequence is found", async (journal) => {
    await SampleRun.create(journal, "r");
    // Not in order: a slow one may arrive late.
    for (const sequence of [10, 30, 20]) await journal.saveSnapshot("r", snapshotAt(sequence));
    const cases: [number, number | undefined][] = [
      [0, undefined],
      [9, undefined],
      [10, 10],
      [19, 10],
      [20, 20],
      [29, 20],
      [30, 30],
      [Number.MAX_SAFE_INTEGER, 30],
    ];
    for (const [asked, found] of cases) {
      const expected = found === undefined ? undefined : snapshotAt(found);
      assertEqual(await journal.loadSnapshot("r", asked), expected, `The snapshot at or before ${asked}`);
    }
    await journal.saveSnapshot("r", { sequence: 20, state: { again: true } });
    assertEqual(
      await journal.loadSnapshot("r", 25),
      { sequence: 20, state: { again: true } },
      "A snapshot that was saved again",
    );
  }),

  check("a run that began elsewhere begins with its snapshot", async (journal) => {
    const run = new SampleRun(journal, "r");
    const record = sampleRecord("r", { sequence: 7, historyFrom: 8 });
    await journal.createRun(record, snapshotAt(7));
    assertEqual(await recordOf(journal, "r"), record, "The record");
    assertEqual(await journal.loadSnapshot("r", 7), snapshotAt(7), "The snapshot");
    assertEqual(await journal.loadSnapshot("r", 6), undefined, "A snapshot before it");
    await assertRejects(
      async () => journal.append("r", run.batch(1, 1), record),
      { name: "WorkflowRuntimeError", code: "RUN_NOT_OWNED" },
      "A batch from the first tick on",
    );
    await journal.append("r", run.batch(2, 8), record);
    assertEqual(
      (await readTicks(journal, "r")).map(({ sequence }) => sequence),
      [8, 9],
      "The ticks",
    );
    await assertRejects(
      async () => journal.createRun(record, snapshotAt(20)),
      { code: "RUN_EXISTS" },
      "A second run of this id",
    );
    assertEqual(await journal.loadSnapshot("r", 100), snapshotAt(7), "The snapshot after a second run was refused");
  }),

  check("a deleted run leaves nothing, and its id is free", async (journal) => {
    const [run, other] = [await SampleRun.create(journal, "r"), await SampleRun.create(journal, "r2")];
    for (const each of [run, other]) {
      await each.append(3);
      await journal.saveSnapshot(each.runId, snapshotAt(2));
    }
    await journal.deleteRun("r");
    const assertEmpty = async (what: string): Promise<void> => {
      assertEqual(await readTicks(journal, "r"), [], `The ticks of ${what}`);
      assertEqual(await readAll(journal.readPublished("r", 1)), [], `The published events of ${what}`);
      assertEqual(await journal.loadSnapshot("r", 100), undefined, `The snapshot of ${what}`);
    };
    assertEqual(await recordOf(journal, "r"), undefined, "The record of a deleted run");
    await assertEmpty("a deleted run");
    assertEqual((await journal.listRuns({ limit: 10 })).map(withoutSize), [other.record()], "The list");
    await assertRejects(async () => journal.append("r", run.batch(1), run.record()), {}, "A batch for a deleted run");
    const again = await SampleRun.create(journal, "r");
    await assertEmpty("a new run of that id");
    await again.append(2);
    assertEqual(await readTicks(journal, "r"), again.ticks, "The new run's ticks");
    assertEqual(await readTicks(journal, "r2"), other.ticks, "The other run's ticks");
    assertEqual(await journal.loadSnapshot("r2", 100), snapshotAt(2), "The other run's snapshot");
    await journal.deleteRun("nope");
  }),

  check("data that JSON cannot hold comes back the same, and frozen", async (journal) => {
    const ticks = exoticTicks();
    const published: PublishedRecord[] = [
      { position: 1, tick: 2, index: 0 },
      { position: 2, tick: 3, index: -1, event: { type: "Stop", data: exotic() } },
    ];
    await journal.createRun(sampleRecord("r"));
    await journal.append("r", { from: 1, ticks, published }, sampleRecord("r", { sequence: ticks.length }));
    const [batch] = await readAll(journal.read("r", { from: 1, to: ticks.length }));
    for (const [index, tick] of ticks.entries()) assertEqual(batch?.ticks[index], tick, `Tick ${index + 1}`);
    assertEqual(batch?.published, published, "What was published");
    const [again] = await readAll(journal.readPublished("r", 1));
    assertEqual(again?.published, published, "What was published, read by position");
    // Events are handed to steps as they are: nobody may change them.
    for (const tick of batch?.ticks ?? []) assertFrozen(tick, `tick ${tick.sequence}`);
    const state = {
      text: "\u0000 \u2028 \ud800",
      "": [null, -1.5e300, { deep: [[]] }],
      own: JSON.parse(OWN) as JsonObject,
    };
    await journal.saveSnapshot("r", { sequence: 1, state });
    assertEqual(await journal.loadSnapshot("r", 1), { sequence: 1, state }, "A snapshot");
  }),

  check("a long history is written, and read in part or whole", async (journal) => {
    const run = await SampleRun.create(journal, "r");
    await run.append(5_000);
    for (let n = 0; n < 100; n++) await run.append(50);
    const ticks = await readTicks(journal, "r");
    assertEqual(ticks.length, 10_000, "The number of ticks");
    for (const [index, { sequence }] of ticks.entries()) assertEqual(sequence, index + 1, "The next tick");
    const middle = await readAll(journal.read("r", { from: 7_123, to: 7_124 }));
    assertEqual(
      middle.flatMap(({ ticks: some }) => some).filter(({ sequence }) => sequence === 7_123),
      [run.ticks[7_122]],
      "One in the middle",
    );
    const last = run.positions.length;
    const positions = positionsIn(await readAll(journal.readPublished("r", last - 200)));
    assertEqual(
      positions.filter((position) => position >= last - 200),
      run.positions.slice(-201),
      "The newest published events",
    );
  }),

  reopening("what is durable is there after closing and opening again", async (journal, reopen) => {
    const run = await SampleRun.create(journal, "r");
    for (const count of [2, 3]) await run.append(count);
    await journal.saveSnapshot("r", snapshotAt(4));
    await journal.close();
    const again = await reopen();
    assertEqual(await recordOf(again, "r"), run.record(), "The record");
    assertEqual(await readTicks(again, "r"), run.ticks, "The ticks");
    assertEqual(positionsIn(await readAll(again.readPublished("r", 1))), run.positions, "The published events");
    assertEqual(await again.loadSnapshot("r", 5), snapshotAt(4), "The snapshot");
    await assertRejects(async () => again.createRun(run.record()), { code: "RUN_EXISTS" }, "A second run of this id");
    await assertRejects(
      async () => again.append("r", run.batch(1, 3), run.record()),
      { code: "RUN_NOT_OWNED" },
      "A batch that does not follow",
    );
    await again.append("r", run.batch(1), run.record());
  }),

  reopening("who lost a run to a second owner is refused", async (journal, reopen) => {
    const run = await SampleRun.create(journal, "r");
    await run.append(2);
    const second = await reopen();
    await second.append(
      "r",
      run.batch(3, undefined, () => "second"),
      run.record({ sequence: 5 }),
    );
    const refused = await assertRejects(
      async () =>
        journal.append(
          "r",
          run.batch(1, undefined, () => "first"),
          run.record({ sequence: 3 }),
        ),
      {},
      "The first owner's batch",
    );
    // For this run alone, or for all that the storage holds.
    assertTrue(
      ["RUN_NOT_OWNED", "STORAGE_TAKEN_OVER"].includes(String(refused["code"])),
      `The code of the refusal (${String(refused["code"])}) says that there is another owner`,
    );
    assertEqual((await readTicks(second, "r")).length, 5, "Ticks as the second owner sees them");
    assertEqual((await second.getRun("r"))?.sequence, 5, "The sequence in the record");
  }),

  reopening("a write under way at the end is there wholly or not at all", async (journal, reopen) => {
    const run = await SampleRun.create(journal, "r");
    await run.append(2);
    const before = run.ticks;
    const record = run.record();
    const writing = run.append(200).catch(() => undefined);
    await journal.close();
    await writing;
    const again = await reopen();
    const ticks = await readTicks(again, "r");
    const isThere = ticks.length > before.length;
    assertEqual(ticks, isThere ? run.ticks : before, "The ticks");
    assertEqual(await recordOf(again, "r"), isThere ? run.record() : record, "The record");
  }),

  ...journalSpaceConformance,
];

/** Fields called like what every object has. */
const OWN = '{"__proto__":{"x":1},"constructor":2,"hasOwnProperty":3}';

function exotic(): { [key: string]: unknown } {
  return {
    date: new Date(5),
    map: new Map<unknown, unknown>([
      ["a", new Set([1n, "b"])],
      [new Date(1), { inner: Uint8Array.of(1) }],
    ]),
    bytes: Uint8Array.of(0, 127, 255),
    buffer: Uint8Array.of(1, 2, 3).buffer,
    floats: Float64Array.of(0.1, -1e300),
    big: -(2n ** 70n),
    tag: { $tickwork: "Date", value: 1 },
    text: "\u0000 \u2028 \ud800 😀",
    long: "x".repeat(100_000),
    own: JSON.parse(OWN) as unknown,
    empty: ["", [], {}, null],
  };
}

/** One tick for every place where a tick holds data. */
function exoticTicks(): Tick[] {
  const event = { type: "Sample", data: exotic() };
  const step = { step: "s", workerId: 0, workItem: 1, invocation: 1 };
  const error = { name: "NonError", message: "x", thrown: exotic(), data: { when: new Date(1) } };
  const ticks: object[] = [
    { kind: "StartRun", runId: "r", workflow: "w", version: "1", timeout: null, event, store: exotic() },
    { kind: "AddEvent", event: { type: "Sample", data: 5n } },
    { kind: "CollectEvents", ...step, bufferId: "b", callId: "b#0", event, expected: { Sample: 2 } },
    { kind: "RecordEffect", ...step, key: "k", value: exotic() },
    { kind: "EditState", ...step, changes: [{ op: "set", path: ["a", "b"], value: exotic() }] },
    {
      kind: "StepResult",
      ...step,
      outcome: { kind: "returned" },
      outputs: [{ mode: "send", event }],
      changes: [{ op: "set", path: [], value: exotic() }],
      logs: [{ at: 1, message: "m", data: exotic() }],
    },
    {
      kind: "StepResult",
      ...step,
      outcome: { kind: "failed", error, verdict: { retry: true, delay: 5 } },
      outputs: [],
    },
    {
      kind: "StepResult",
      ...step,
      outcome: {
        kind: "waiting",
        waits: [{ waiterId: "w", type: "T", timeout: null, requirements: { when: new Date(2) }, prompt: event }],
      },
      outputs: [],
    },
    { kind: "FailRun", error: { name: "Error", message: "x", cause: error } },
  ];
  return ticks.map((tick, index) => makeTick({ sequence: index + 1, at: 1_000, causedBy: "external", ...tick }));
}

function assertConnected(batches: readonly TickBatch[], what: string): void {
  for (const [index, { from, ticks }] of batches.entries()) {
    assertEqual(ticks[0]?.sequence, from, `${what}: the first tick of a batch`);
    const before = batches[index - 1];
    if (before) assertEqual(from, before.from + before.ticks.length, `${what}: where a batch begins`);
  }
}

/** Plain objects and lists, all the way down; a Date or a Map cannot be. */
function assertFrozen(value: unknown, what: string): void {
  if (typeof value !== "object" || value === null) return;
  const isPlain = Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
  if (!isPlain) return;
  assertTrue(Object.isFrozen(value), `Something in ${what} is not frozen: ${show(value)}`);
  for (const item of Object.values(value)) assertFrozen(item, what);
}
