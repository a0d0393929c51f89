import "fake-indexeddb/auto";
import { openDB } from "idb";
import { describe, expect, test } from "vitest";
import { IndexedDbJournal } from "../../src/runtimes/browser/indexeddb-journal.ts";
import { Answer, failureOf, single } from "../engine/fixtures.ts";
import { createEngine, settle } from "tickwork/testing";
import { record } from "../testing/sample-record.ts";

const TAKEN = { name: "StorageError", code: "STORAGE_TAKEN_OVER" };

/** Two journals of one database, of which the second took it over. */
async function two() {
  const name = crypto.randomUUID();
  const first = await IndexedDbJournal.open(name);
  await first.createRun(record("r"));
  const second = await IndexedDbJournal.open(name);
  return { name, first, second };
}

describe("a journal that was taken over", () => {
  test.each([
    ["createRun", (journal: IndexedDbJournal) => journal.createRun(record("other"))],
    ["append", (journal: IndexedDbJournal) => journal.append("r", { from: 1, ticks: [], published: [] }, record("r"))],
    ["deleteRun", (journal: IndexedDbJournal) => journal.deleteRun("r")],
    ["saveSnapshot", (journal: IndexedDbJournal) => journal.saveSnapshot("r", { sequence: 1, state: {} })],
  ])("refuses %s, and changes nothing", async (_, write) => {
    const { first, second } = await two();
    await expect(write(first)).rejects.toMatchObject(TAKEN);
    expect((await second.listRuns({ limit: 9 })).map(({ runId }) => runId)).toEqual(["r"]);
    expect(await second.loadSnapshot("r", 9)).toBeUndefined();
  });

  test("refuses everything from its first refused write on", async () => {
    const { first } = await two();
    await expect(first.deleteRun("r")).rejects.toMatchObject(TAKEN);
    await expect(first.listRuns({ limit: 9 })).rejects.toMatchObject(TAKEN);
  });

  test("leaves the one that took it over at work", async () => {
    const { first, second } = await two();
    await first.deleteRun("r").catch(() => undefined);
    await second.deleteRun("r");
    expect(await second.listRuns({ limit: 9 })).toEqual([]);
  });
});

test("an engine whose database was taken over pauses its runs, and its successor ends them", async () => {
  const name = crypto.randomUUID();
  const workflows = { single: single(async (ctx) => (await ctx.waitForEvent(Answer)).data, {}, { waitsFor: Answer }) };
  const frozen = await createEngine(workflows, { journal: await IndexedDbJournal.open(name) });
  const before = await frozen.start("single", null, { runId: "r" });
  await settle();
  const next = await createEngine(workflows, { journal: await IndexedDbJournal.open(name) });

  const thawed = failureOf(before);
  await expect(before.sendEvent(Answer("of the old"))).rejects.toMatchObject(TAKEN);
  expect(await thawed).toMatchObject(TAKEN);

  const after = await next.attach("r");
  await after.sendEvent(Answer("of the new"));
  expect(await after.result()).toBe("of the new");
});

test("a database of the first version is brought up to date and keeps its runs", async () => {
  const name = crypto.randomUUID();
  const old = await openDB(name, 1, {
    upgrade(database) {
      database.createObjectStore("runs", { keyPath: "runId" }).createIndex("created", ["createdAt", "runId"]);
      database
        .createObjectStore("batches", { keyPath: ["runId", "from"] })
        .createIndex("published", ["runId", "lastPosition"]);
      database.createObjectStore("snapshots", { keyPath: ["runId", "sequence"] });
    },
  });
  await old.put("runs", { ...record("r"), next: 1 });
  old.close();
  const journal = await IndexedDbJournal.open(name);
  expect(await journal.listRuns({ limit: 9 })).toEqual([record("r")]);
  await journal.deleteRun("r");
  expect(await journal.listRuns({ limit: 9 })).toEqual([]);
});
