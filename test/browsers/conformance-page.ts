/**
 * The suites of tickwork/testing in whatever browser opens this page: for those that no test runner can drive. What
 * came of them stands in `globalThis.report`.
 */
import { connect } from "tickwork/client";
import { journalConformance, runtimeConformance, type Journal, type RuntimeUnderTest } from "tickwork/testing";
import { IndexedDbJournal } from "../../src/runtimes/browser/indexeddb-journal.ts";
import { aesCodec } from "../runtimes/aes-codec.ts";

interface Report {
  passed: number;
  readonly failed: { readonly name: string; readonly error: string }[];
  isDone: boolean;
}

declare global {
  var report: Report;
}
globalThis.report = { passed: 0, failed: [], isDone: false };

async function attempt(name: string, check: () => Promise<void>): Promise<void> {
  try {
    await check();
    report.passed += 1;
  } catch (error) {
    report.failed.push({ name, error: String(error) });
  }
}

for (const codec of [undefined, aesCodec()]) {
  const names = new Map<Journal, string>();
  const open = async (name: string = crypto.randomUUID()): Promise<Journal> => {
    const journal = await IndexedDbJournal.open(name, codec);
    names.set(journal, name);
    return journal;
  };
  const where = codec ? "journal with a codec" : "journal";
  for (const { name, run } of journalConformance) {
    await attempt(`${where}: ${name}`, () => run(() => open(), { reopen: (journal) => open(names.get(journal)) }));
  }
  for (const name of names.values()) indexedDB.deleteDatabase(name);
}

for (const { name, run } of runtimeConformance) await attempt(`worker: ${name}`, () => run(openEngine));
report.isDone = true;

/** As in `conformance.browser.test.ts`. */
function openEngine(): RuntimeUnderTest {
  const name = crypto.randomUUID();
  let worker: Worker | undefined;
  const engine = connect(() => {
    const url = new URL("../runtimes/conformance.worker.ts", import.meta.url);
    worker = new Worker(url, { type: "module", name });
    return worker;
  });
  const answers = (): Promise<boolean> =>
    engine.listRuns().then(
      () => true,
      () => false,
    );
  return {
    engine,
    crash: async () => {
      worker?.terminate();
      while (!(await answers())) await new Promise((resolve) => setTimeout(resolve, 5));
      return engine;
    },
  };
}
