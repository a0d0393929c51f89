/** Rows that are rewritten, and histories that come whole, with a codec: packed first, encoded last, in their order. */
import "fake-indexeddb/auto";
import { openDB } from "idb";
import { createEngine, MemoryJournal, settle, type Journal } from "tickwork/testing";
import type { StorageCodec } from "tickwork/worker";
import { describe, expect, test } from "vitest";
import { deferred } from "../../src/engine/deferred.ts";
import type { StoredBatch, StoredSnapshotRow } from "../../src/runtimes/browser/database.ts";
import { IndexedDbJournal } from "../../src/runtimes/browser/indexeddb-journal.ts";
import { sizeOfBatch, sizeOfSnapshot } from "../../src/runtimes/browser/stored-size.ts";
import { sampleRecord, SampleRun } from "../../src/testing/sample-run.ts";
import { failureOf, single } from "../engine/fixtures.ts";
import { aesCodec } from "./aes-codec.ts";
import { dump } from "./database-dump.ts";

const SECRET = "Pssst-4711";
const UNREADABLE = { name: "StorageError", code: "STORAGE_UNREADABLE" };
const failed = { status: "failed", error: { message: SECRET } } as const;
const snapshot = (sequence: number) => ({ sequence, state: { note: `${SECRET} ${sequence}` } });
const both = [
  ["with a codec", aesCodec()],
  ["without one", undefined],
] as const;

/** Forty ticks in ten batches, and a snapshot; it has failed. */
async function written(journal: Journal, runId = "r"): Promise<SampleRun> {
  const run = new SampleRun(journal, runId);
  await journal.createRun(run.record());
  for (let count = 0; count < 10; count++) await append(journal, run);
  await journal.saveSnapshot(runId, snapshot(20));
  return run;
}

async function append(journal: Journal, run: SampleRun): Promise<void> {
  run.batches.push(run.batch(4, run.sequence + 1, (sequence) => `${SECRET} ${sequence}`));
  await journal.append(run.runId, run.batches.at(-1)!, run.record(failed));
}

async function compact(journal: Journal): Promise<void> {
  while (await journal.compact("r"));
}

async function sequencesOf(journal: Journal): Promise<number[]> {
  const read: number[] = [];
  for await (const { ticks } of journal.read("r", { from: 1, to: 99 })) {
    for (const tick of ticks) {
      expect(tick).toMatchObject({ event: { data: `${SECRET} ${tick.sequence}` } });
      read.push(tick.sequence);
    }
  }
  return read;
}

const upTo = (last: number, first = 1) => Array.from({ length: last - first + 1 }, (_, index) => first + index);

/** A codec that waits where it is told to. */
function heldCodec() {
  const codec = aesCodec();
  const held = deferred<void>();
  const waits = new Set<string>();
  const encode: StorageCodec["encode"] = async (bytes, place) => {
    if (waits.delete(place.kind)) await held.promise;
    return codec.encode(bytes, place);
  };
  return {
    codec: { encode, decode: codec.decode },
    holdNext: (kind: string) => waits.add(kind),
    release: held.resolve,
  };
}

describe.each(both)("on the disk, %s,", (_, codec) => {
  const isPlain = codec === undefined;

  test("what a run holds once it was packed, and cut after that", async () => {
    const name = crypto.randomUUID();
    const journal = await IndexedDbJournal.open(name, codec);
    const run = await written(journal);
    await compact(journal);
    expect((await dump(name)).includes(SECRET)).toBe(isPlain);
    expect(await sequencesOf(journal)).toEqual(upTo(40));
    expect(await journal.loadSnapshot("r", 30)).toEqual(snapshot(20));
    const positions: number[] = [];
    for await (const { published } of journal.readPublished("r", 1))
      positions.push(...published.map((p) => p.position));
    expect(positions).toEqual(run.positions);

    await journal.truncate("r", snapshot(18), [snapshot(30)]);
    expect((await dump(name)).includes(SECRET)).toBe(isPlain);
    expect(await sequencesOf(journal)).toEqual(upTo(40, 19));
    expect(await journal.loadSnapshot("r", 29)).toEqual(snapshot(18));
    expect(await journal.loadSnapshot("r", 40)).toEqual(snapshot(30));
    expect(await journal.getRun("r")).toMatchObject({ ...failed, historyFrom: 19, compacted: 40 });
  });

  test("what an imported run holds, packed and not", async () => {
    const workflows = {
      single: single(async (ctx, { data }) => {
        await ctx.store.set("secret", data);
        for (let n = 0; n < 50; n++) await ctx.once(`effect ${n}`, () => `${String(data)} ${n} ${"-".repeat(200)}`);
        throw new Error(`It was ${String(data)}`);
      }),
    };
    const elsewhere = await createEngine(workflows, { journal: new MemoryJournal() });
    await failureOf(await elsewhere.start("single", SECRET, { runId: "r" }));
    const file = await elsewhere.exportRun("r");
    const name = crypto.randomUUID();
    const journal = await IndexedDbJournal.open(name, codec);
    const engine = await createEngine(workflows, { journal });
    await engine.importRun(file);
    for (const isPacked of [false, true]) {
      if (isPacked) await engine.prune();
      expect((await dump(name)).includes(SECRET)).toBe(isPlain);
      expect((await engine.listRuns()).runs).toMatchObject([{ runId: "r", error: { message: `It was ${SECRET}` } }]);
      expect((await engine.exportRun("r"))["ticks"]).toEqual(file["ticks"]);
    }
    expect((await journal.getRun("r"))?.compacted).toBeGreaterThan(50);
    await engine.close();
  });

  test("the size of a run is that of what is stored", async () => {
    const name = crypto.randomUUID();
    const journal = await IndexedDbJournal.open(name, codec);
    await written(journal);
    const measured = async (): Promise<number> => {
      const database = await openDB(name);
      const batches: StoredBatch[] = await database.getAll("batches");
      const snapshots: StoredSnapshotRow[] = await database.getAll("snapshots");
      database.close();
      return [...batches.map(sizeOfBatch), ...snapshots.map(sizeOfSnapshot)].reduce((sum, size) => sum + size, 0);
    };
    const bytes = async () => (await journal.getRun("r"))?.bytes;
    const loose = await bytes();
    expect(loose).toBe(await measured());
    await compact(journal);
    expect(await bytes()).toBe(await measured());
    expect(await bytes()).toBeLessThan((loose ?? 0) / 2);
    await journal.truncate("r", snapshot(18));
    expect(await bytes()).toBe(await measured());
  });
});

test("what was stored without a codec is encoded when it is packed with one", async () => {
  const name = crypto.randomUUID();
  const plain = await IndexedDbJournal.open(name);
  const run = await written(plain);
  await plain.close();
  const journal = await IndexedDbJournal.open(name, aesCodec());
  await append(journal, run);
  await compact(journal);
  expect(await dump(name)).not.toContain(SECRET);
  expect(await sequencesOf(journal)).toEqual(upTo(44));
});

describe("what cannot be decoded", () => {
  const codec = aesCodec();
  const wrong: [string, StorageCodec | undefined][] = [
    ["another key", aesCodec()],
    ["no codec", undefined],
    ["a codec that gives other text", { encode: codec.encode, decode: async () => new TextEncoder().encode("Hello!") }],
  ];

  test.each(wrong)("is neither packed nor cut, with %s", async (_, other) => {
    const name = crypto.randomUUID();
    await written(await IndexedDbJournal.open(name, codec));
    const again = await IndexedDbJournal.open(name, other);
    const before = await dump(name);
    await expect(again.compact("r")).rejects.toMatchObject(UNREADABLE);
    await expect(again.truncate("r", snapshot(18))).rejects.toMatchObject(UNREADABLE);
    expect(await dump(name)).toBe(before);
  });

  test("an error stays as it is when its run's row is written anew", async () => {
    const name = crypto.randomUUID();
    const first = await IndexedDbJournal.open(name, codec);
    await written(first);
    await compact(first);
    const other = await IndexedDbJournal.open(name, aesCodec());
    await other.saveSnapshot("r", snapshot(40));
    await other.truncate("r", snapshot(40));
    expect(await other.getRun("r")).toMatchObject({ error: UNREADABLE, historyFrom: 41 });
    const right = await IndexedDbJournal.open(name, codec);
    expect(await right.getRun("r")).toMatchObject(failed);
  });

  test("a plain row in the place of a packed one is noticed", async () => {
    const name = crypto.randomUUID();
    const journal = await IndexedDbJournal.open(name, codec);
    await written(journal);
    const database = await openDB(name);
    const plain = ((await database.getAll("batches")) as StoredBatch[])[0]!;
    await compact(journal);
    const [packed] = (await database.getAll("batches")) as StoredBatch[];
    const ticks = { encoded: (plain.ticks as { encoded: Uint8Array }).encoded, isPacked: true };
    await database.put("batches", { ...packed, ticks });
    database.close();
    await expect(sequencesOf(journal)).rejects.toMatchObject(UNREADABLE);
  });
});

describe("while something is being encoded", () => {
  test("a cut waits for the ticks and snapshots before it, and keeps what comes after it", async () => {
    const { codec, holdNext, release } = heldCodec();
    const journal = await IndexedDbJournal.open(crypto.randomUUID(), codec);
    const run = await written(journal);
    holdNext("ticks");
    const all = [append(journal, run)];
    holdNext("snapshot");
    all.push(journal.saveSnapshot("r", snapshot(30)), journal.truncate("r", snapshot(42)));
    all.push(append(journal, run), journal.saveSnapshot("r", snapshot(46)));
    await settle();
    release();
    await Promise.all(all);
    expect(await sequencesOf(journal)).toEqual(upTo(48, 43));
    expect(await journal.loadSnapshot("r", 41)).toBeUndefined();
    expect(await journal.loadSnapshot("r", 45)).toEqual(snapshot(42));
    expect(await journal.loadSnapshot("r", 99)).toEqual(snapshot(46));
    expect(await journal.getRun("r")).toMatchObject({ sequence: 48, historyFrom: 43 });
  });

  test.each([
    ["packed", "packed", (journal: Journal) => journal.compact("r").then(() => undefined)],
    ["cut", "snapshot", (journal: Journal) => journal.truncate("r", snapshot(5))],
  ] as const)("a run that is deleted and comes back as another one is not %s", async (_, kind, rewrite) => {
    const { codec, holdNext, release } = heldCodec();
    const journal = await IndexedDbJournal.open(crypto.randomUUID(), codec);
    await written(journal);
    holdNext(kind);
    const rewriting = rewrite(journal);
    await settle();
    await journal.deleteRun("r");
    const other = new SampleRun(journal, "r");
    const batch = other.batch(8, 1, (sequence) => `${SECRET} ${sequence}`);
    const record = sampleRecord("r", { sequence: 8 });
    await journal.addRuns([{ record, batches: [batch], snapshots: [] }]);
    release();
    await rewriting;
    expect(await sequencesOf(journal)).toEqual(upTo(8));
    expect(await journal.getRun("r")).not.toHaveProperty("historyFrom");
    expect(await journal.getRun("r")).not.toHaveProperty("compacted");
  });
});
