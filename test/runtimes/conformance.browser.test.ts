/** The journal in a real IndexedDB, and the engine in a real worker, pass the suites of tickwork/testing. */
import { connect } from "tickwork/client";
import { journalConformance, runtimeConformance, type Journal, type RuntimeUnderTest } from "tickwork/testing";
import { afterEach, describe, test } from "vitest";
import { aesCodec } from "./aes-codec.ts";
import { IndexedDbJournal } from "../../src/runtimes/browser/indexeddb-journal.ts";

const databases = new Map<Journal | RuntimeUnderTest, string>();

afterEach(() => {
  for (const name of databases.values()) indexedDB.deleteDatabase(name);
  databases.clear();
});

describe.each([
  ["IndexedDbJournal", undefined],
  ["IndexedDbJournal with a codec", aesCodec()],
])("%s", (_, codec) => {
  const open = async (name: string = crypto.randomUUID()): Promise<Journal> => {
    const journal = await IndexedDbJournal.open(name, codec);
    databases.set(journal, name);
    return journal;
  };

  test.each(journalConformance)("$name", ({ run }) =>
    run(() => open(), { reopen: (journal) => open(databases.get(journal)) }),
  );
});

const engines: Record<string, (name: string) => Worker> = {
  connect: (name) => new Worker(new URL("./conformance.worker.ts", import.meta.url), { type: "module", name }),
  "connect to an engine with a pool": (name) =>
    new Worker(new URL("./conformance-pool.worker.ts", import.meta.url), { type: "module", name }),
};

describe.each(Object.entries(engines))("%s", (_engine, start) => {
  const open = (): RuntimeUnderTest => {
    const name = crypto.randomUUID();
    let worker: Worker | undefined;
    const engine = connect(() => (worker = start(name)));
    const runtime: RuntimeUnderTest = {
      engine,
      crash: async () => {
        worker?.terminate();
        // What is asked while it is noticed may reject; then a new worker answers.
        while (
          !(await engine.listRuns().then(
            () => true,
            () => false,
          ))
        ) {
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
        return engine;
      },
    };
    databases.set(runtime, name);
    return runtime;
  };

  test.each(runtimeConformance)("$name", ({ run }) => run(open));
});
