/** Every journal and every engine there is in Node passes the suites of tickwork/testing. */
import "fake-indexeddb/auto";
import { processRuntime, withRetries } from "tickwork";
import {
  conformanceWorkflows,
  createEngine,
  FaultInjectingJournal,
  isolatedConformanceWorkflows,
  journalConformance,
  MemoryJournal,
  runtimeConformance,
  type Journal,
  type RuntimeUnderTest,
} from "tickwork/testing";
import { describe, expect, test } from "vitest";
import { poolsOf } from "../pool/pools.ts";
import { aesCodec } from "./aes-codec.ts";
import type { StorageCodec } from "../../src/runtimes/browser/storage-codec.ts";
import { withRoom } from "../../src/engine/with-room.ts";
import { IndexedDbJournal } from "../../src/runtimes/browser/indexeddb-journal.ts";

const databases = new WeakMap<Journal, string>();

async function openDatabase(name: string = crypto.randomUUID(), encryption?: StorageCodec): Promise<IndexedDbJournal> {
  const journal = await IndexedDbJournal.open(name, encryption);
  databases.set(journal, name);
  return journal;
}

const codec = aesCodec();
const openEncrypted = (name?: string) => openDatabase(name, codec);
const reopen = (journal: Journal) => openDatabase(databases.get(journal));
const reopenEncrypted = (journal: Journal) => openEncrypted(databases.get(journal));

describe("journals", () => {
  describe("MemoryJournal", () => {
    test.each(journalConformance)("$name", ({ run }) => run(() => new MemoryJournal()));
  });

  describe("IndexedDbJournal", () => {
    test.each(journalConformance)("$name", ({ run }) => run(() => openDatabase(), { reopen }));
  });

  describe("IndexedDbJournal with a codec", () => {
    test.each(journalConformance)("$name", ({ run }) => run(() => openEncrypted(), { reopen: reopenEncrypted }));
  });

  describe("withRetries", () => {
    test.each(journalConformance)("$name", ({ run }) =>
      run(() => withRetries({ ...processRuntime, journal: new MemoryJournal() }).journal),
    );
  });

  describe("withRoom", () => {
    test.each(journalConformance)("$name", ({ run }) =>
      run(() => withRoom(new MemoryJournal(), () => Promise.resolve(false))),
    );
  });

  describe("FaultInjectingJournal without faults", () => {
    test.each(journalConformance)("$name", ({ run }) =>
      run(() => new FaultInjectingJournal(new MemoryJournal(), { durable: true }), {
        // In memory the storage is the journal itself, which nothing closes.
        reopen: (journal) => new FaultInjectingJournal((journal as FaultInjectingJournal).inner, { durable: true }),
      }),
    );
  });
});

describe("engines", () => {
  /** An engine on a journal that can be cut off, and reopened on what it holds. */
  async function crashable(inner: Journal, reopened = async () => inner): Promise<RuntimeUnderTest> {
    const open = async () => {
      const journal = new FaultInjectingJournal(await reopened(), { durable: true });
      return { journal, engine: await createEngine(conformanceWorkflows, { journal }) };
    };
    let current = await open();
    return {
      engine: current.engine,
      crash: async () => {
        current.journal.crash();
        current = await open();
        return current.engine;
      },
    };
  }

  describe("createEngine in memory", () => {
    test.each(runtimeConformance)("$name", ({ run }) =>
      run(async () => ({ engine: await createEngine(conformanceWorkflows, { journal: new MemoryJournal() }) })),
    );
  });

  describe("createEngine on a durable journal", () => {
    test.each(runtimeConformance)("$name", ({ run }) => run(() => crashable(new MemoryJournal())));
  });

  describe("createEngine on IndexedDB", () => {
    test.each(runtimeConformance)("$name", ({ run }) => run(async () => crashable(await openDatabase())));
  });

  describe("createEngine on encrypted IndexedDB", () => {
    test.each(runtimeConformance)("$name", ({ run }) =>
      run(async () => {
        const inner = await openEncrypted();
        // Taken over anew: what the one that crashed was still encoding must not come after all.
        return crashable(inner, async () => reopenEncrypted(inner));
      }),
    );
  });
});

describe("engines with a pool", () => {
  const { pool, workers } = poolsOf("test/runtimes/conformance-steps.worker.ts");

  describe("createEngine in memory", () => {
    test.each(runtimeConformance)("$name", ({ run }) =>
      run(async () => ({
        engine: await createEngine(
          isolatedConformanceWorkflows,
          pool({ size: 3 }, { ...processRuntime, journal: new MemoryJournal() }),
        ),
      })),
    );
  });

  describe("createEngine on a durable journal", () => {
    async function crashable(inner: Journal): Promise<RuntimeUnderTest> {
      const open = async () => {
        const journal = new FaultInjectingJournal(inner, { durable: true });
        const runtime = pool({ size: 3 }, { ...processRuntime, journal });
        return { runtime, engine: await createEngine(isolatedConformanceWorkflows, runtime) };
      };
      let current = await open();
      return {
        engine: current.engine,
        crash: async () => {
          current.runtime.journal.crash();
          // The workers of a pool die with the one that started them.
          await current.runtime.executor.close();
          current = await open();
          return current.engine;
        },
      };
    }
    test.each(runtimeConformance)("$name", ({ run }) => run(() => crashable(new MemoryJournal())));
  });

  test("run their steps there", () => {
    expect(workers.length).toBeGreaterThan(runtimeConformance.length);
  });
});

describe("the suites themselves", () => {
  test("a durable journal must be reopened to pass", async () => {
    const durable = journalConformance.map(async ({ run }) =>
      run(() => new FaultInjectingJournal(new MemoryJournal(), { durable: true })),
    );
    const failed = (await Promise.allSettled(durable)).filter(({ status }) => status === "rejected");
    expect(failed).toHaveLength(4);
  });

  test("every check has a name of its own", () => {
    for (const suite of [journalConformance, runtimeConformance]) {
      expect(new Set(suite.map(({ name }) => name)).size).toBe(suite.length);
    }
  });
});
