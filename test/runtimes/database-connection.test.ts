import "fake-indexeddb/auto";
import { forceCloseDatabase } from "fake-indexeddb";
import { deleteDB, openDB } from "idb";
import { processRuntime, withRetries } from "tickwork";
import { createEngine } from "tickwork/testing";
import { afterEach, describe, expect, test, vi } from "vitest";
import { IndexedDbJournal } from "../../src/runtimes/browser/indexeddb-journal.ts";
import { Answer, failureOf, single } from "../engine/fixtures.ts";
import { record } from "../testing/sample-record.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

const asking = single(async (ctx) => (await ctx.waitForEvent(Answer)).data, {}, { waitsFor: Answer });

/** Every connection that is opened from now on, as the browser sees it. */
function connections(): IDBDatabase[] {
  const opened: IDBDatabase[] = [];
  const open = indexedDB.open.bind(indexedDB);
  vi.spyOn(indexedDB, "open").mockImplementation((...args) => {
    const request = open(...args);
    request.addEventListener("success", () => opened.push(request.result));
    return request;
  });
  return opened;
}

/** As a browser does that clears this site's data, or Safari when the device slept. */
const closeAll = (opened: IDBDatabase[]): void => {
  for (const database of opened.splice(0)) forceCloseDatabase(database as never);
};

describe("a connection that the browser closed", () => {
  test("is opened again, by the same owner, and a run goes on as if nothing had been", async () => {
    const opened = connections();
    const name = crypto.randomUUID();
    const journal = await IndexedDbJournal.open(name);
    const engine = await createEngine({ single: asking }, withRetries({ ...processRuntime, journal }));
    const handler = await engine.start("single", null);
    closeAll(opened);
    await handler.sendEvent(Answer("yes"));
    expect(await handler.result()).toBe("yes");
    expect((await (await openDB(name)).get("meta", "owner")).epoch).toBe(1);
  });

  test("is opened again for a read, and once for all who ask", async () => {
    const opened = connections();
    const journal = await IndexedDbJournal.open(crypto.randomUUID());
    await journal.createRun(record("r"));
    closeAll(opened);
    const reads = await Promise.all([journal.getRun("r"), journal.getRun("r"), journal.listRuns({ limit: 9 })]);
    const there = { ...record("r"), bytes: 0 };
    expect(reads).toEqual([there, there, [there]]);
    expect(opened).toHaveLength(1);
  });

  test("is not opened again over an engine that took over meanwhile", async () => {
    const opened = connections();
    const name = crypto.randomUUID();
    const journal = await IndexedDbJournal.open(name);
    closeAll(opened);
    await IndexedDbJournal.open(name);
    await expect(journal.createRun(record("r"))).rejects.toMatchObject({ code: "STORAGE_TAKEN_OVER" });
  });

  test("because a newer version of the app is there says so", async () => {
    const opened = connections();
    const name = crypto.randomUUID();
    const journal = await IndexedDbJournal.open(name);
    closeAll(opened);
    (await openDB(name, 99)).close();
    await expect(journal.getRun("r")).rejects.toMatchObject({ code: "STORAGE_NEWER" });
  });
});

describe("a database that was deleted while it was open", () => {
  test.each([
    ["by another tab", (name: string, _opened: IDBDatabase[]) => deleteDB(name)],
    [
      "by the browser",
      (name: string, opened: IDBDatabase[]) => {
        closeAll(opened);
        return deleteDB(name);
      },
    ],
  ])("%s is not made anew: the run says why it stopped, and nothing of it comes back", async (_, remove) => {
    const opened = connections();
    const name = crypto.randomUUID();
    const journal = await IndexedDbJournal.open(name);
    const engine = await createEngine({ single: asking }, withRetries({ ...processRuntime, journal }));
    const handler = await engine.start("single", null);
    await remove(name, opened);
    await expect(handler.sendEvent(Answer("yes"))).rejects.toMatchObject({ code: "STORAGE_DELETED" });
    expect(await failureOf(handler)).toMatchObject({ code: "STORAGE_DELETED" });
    expect(await engine.storage()).toMatchObject({ state: "deleted" });
    expect((await indexedDB.databases()).map((database) => database.name)).not.toContain(name);
  });

  test("and made anew by another engine belongs to that one", async () => {
    const opened = connections();
    const name = crypto.randomUUID();
    const journal = await IndexedDbJournal.open(name);
    closeAll(opened);
    await deleteDB(name);
    // Its first owner as well: only who it is tells them apart.
    await IndexedDbJournal.open(name);
    await expect(journal.createRun(record("r"))).rejects.toMatchObject({ code: "STORAGE_TAKEN_OVER" });
  });
});

/** As Chromium does it: whatever writes is refused as a whole, what only deletes is not. Returns how to make room. */
function fillDisk(): () => void {
  const full = new DOMException("No room.", "QuotaExceededError");
  const spies = (["add", "put"] as const).map((method) =>
    vi.spyOn(IDBObjectStore.prototype, method).mockImplementation(function (this: IDBObjectStore) {
      vi.spyOn(this.transaction, "error", "get").mockReturnValue(full);
      this.transaction.abort();
      throw new DOMException("Aborted.", "AbortError");
    }),
  );
  return () => {
    for (const spy of spies) spy.mockRestore();
  };
}

describe("a database that is taken over while the disk is full", () => {
  const idsIn = async (journal: IndexedDbJournal): Promise<string[]> =>
    (await journal.listRuns({ limit: 9 })).map(({ runId }) => runId);

  /** With a run in it. */
  async function journalOf(name: string): Promise<IndexedDbJournal> {
    const journal = await IndexedDbJournal.open(name);
    await journal.createRun(record("r"));
    return journal;
  }

  test("can be read and deleted from, so that there is room again; the one before can write no more", async () => {
    const name = crypto.randomUUID();
    const before = await journalOf(name);
    const makeRoom = fillDisk();
    const journal = await IndexedDbJournal.open(name);
    await expect(journal.createRun(record("s"))).rejects.toMatchObject({ code: "STORAGE_QUOTA" });
    await expect(before.deleteRun("r")).rejects.toMatchObject({ code: "STORAGE_TAKEN_OVER" });
    expect(await idsIn(journal)).toEqual(["r"]);
    await journal.deleteRun("r");
    makeRoom();
    await journal.createRun(record("s"));
    expect(await idsIn(journal)).toEqual(["s"]);
  });

  test("belongs to the first that writes, of several who took it over: the others can write no more", async () => {
    const name = crypto.randomUUID();
    await journalOf(name);
    const makeRoom = fillDisk();
    const frozen = await IndexedDbJournal.open(name);
    const journal = await IndexedDbJournal.open(name);
    makeRoom();
    await journal.createRun(record("s"));
    await expect(frozen.createRun(record("t"))).rejects.toMatchObject({ code: "STORAGE_TAKEN_OVER" });
    expect((await idsIn(journal)).toSorted()).toEqual(["r", "s"]);
  });

  test("belongs to whoever takes it over later, once it has been written", async () => {
    const name = crypto.randomUUID();
    await journalOf(name);
    let makeRoom = fillDisk();
    const frozen = await IndexedDbJournal.open(name);
    makeRoom();
    await frozen.createRun(record("s"));
    makeRoom = fillDisk();
    const journal = await IndexedDbJournal.open(name);
    makeRoom();
    await expect(frozen.createRun(record("t"))).rejects.toMatchObject({ code: "STORAGE_TAKEN_OVER" });
    expect((await idsIn(journal)).toSorted()).toEqual(["r", "s"]);
  });
});

test("a transaction that the browser aborted says why, not only that it was", async () => {
  const journal = await IndexedDbJournal.open(crypto.randomUUID());
  const full = new DOMException("No room.", "QuotaExceededError");
  vi.spyOn(IDBObjectStore.prototype, "add").mockImplementationOnce(function (this: IDBObjectStore) {
    vi.spyOn(this.transaction, "error", "get").mockReturnValue(full);
    this.transaction.abort();
    throw new DOMException("Aborted.", "AbortError");
  });
  await expect(journal.createRun(record("r"))).rejects.toMatchObject({ code: "STORAGE_QUOTA", cause: full });
  await journal.createRun(record("r"));
});

test("what an output waits for is written strictly, the rest as quickly as can be", async () => {
  const journal = await IndexedDbJournal.open(crypto.randomUUID());
  const durabilities: unknown[] = [];
  // Called as it is: with the database as `this`.
  // eslint-disable-next-line typescript/unbound-method
  const { transaction } = IDBDatabase.prototype;
  vi.spyOn(IDBDatabase.prototype, "transaction").mockImplementation(function (this: IDBDatabase, ...args) {
    durabilities.push(args[2]?.durability);
    return transaction.apply(this, args);
  });
  const tick = { kind: "Wakeup", sequence: 1, at: 1, causedBy: "external", due: 1 } as const;
  await journal.createRun(record("r"));
  await journal.append("r", { from: 1, ticks: [tick], published: [] }, record("r"));
  await journal.append("r", { from: 2, ticks: [{ ...tick, sequence: 2 }], published: [], strict: true }, record("r"));
  await journal.deleteRun("r");
  expect(durabilities).toEqual(["relaxed", "relaxed", "strict", "strict"]);
});
