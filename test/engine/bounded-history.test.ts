/** Runs that keep only their newest ticks: what was dropped is missed by nobody who does not look at the past. */
import "fake-indexeddb/auto";
import { defineEvent, defineWorkflow, replay, StartEvent, StopEvent, WorkflowConfigurationError } from "tickwork";
import {
  createEngine,
  FaultInjectingJournal,
  MemoryJournal,
  settle,
  SimulatedClock,
  type Journal,
  type JournalFault,
} from "tickwork/testing";
import { describe, expect, test } from "vitest";
import { IndexedDbJournal } from "../../src/runtimes/browser/indexeddb-journal.ts";
import { parseRunFile, startOfRunFile } from "../../src/serialize/run-file.ts";
import { compile } from "../../src/workflow/compile.ts";
import { readAll, throughJson } from "./fixtures.ts";

const Item = defineEvent("Item");
const Seen = defineEvent("Seen");

/** Lists its items in one tick, works through them one by one, and ends with their sum and the last. */
const listing = (keepTicks?: number) =>
  defineWorkflow("listing", { timeout: null, ...(keepTicks !== undefined && { history: { keepTicks } }) })
    .step("list", { accepts: StartEvent, emits: Item }, ({ data }, ctx) => {
      const of = Number(data);
      for (let n = 1; n <= of; n++) ctx.sendEvent(Item({ n, of, text: `item ${n}` }));
    })
    .step("work", { accepts: Item, emits: StopEvent, numWorkers: 1 }, async ({ data }, ctx) => {
      const { n, of, text } = data as { n: number; of: number; text: string };
      const sum = Number(await ctx.store.get("sum", 0)) + n;
      await ctx.store.set("sum", sum);
      if (n % 10 === 0) ctx.writeEventToStream(Seen(text));
      return n === of ? StopEvent({ sum, text }) : undefined;
    });
const ITEMS = 1_500;
const RESULT = { sum: (ITEMS * (ITEMS + 1)) / 2, text: `item ${ITEMS}` };

const journals: [string, () => Journal | Promise<Journal>][] = [
  ["in memory", () => new MemoryJournal()],
  ["that is durable", () => new FaultInjectingJournal(new MemoryJournal(), { durable: true })],
  ["in IndexedDB", () => IndexedDbJournal.open(crypto.randomUUID())],
];

async function finished(createJournal: () => Journal | Promise<Journal>, keepTicks?: number) {
  const journal = await createJournal();
  const engine = await createEngine({ listing: listing(keepTicks) }, { journal, clock: new SimulatedClock() });
  const handler = await engine.start("listing", ITEMS, { runId: "r" });
  const events = readAll(handler.streamEvents());
  expect(await handler.result()).toEqual(RESULT);
  while ((await engine.listRuns()).runs[0]?.loaded) await settle();
  const record = (await journal.getRun("r"))!;
  return { journal, engine, handler, record, from: record.historyFrom ?? 1, events: await events };
}

describe.each(journals)("a run that keeps 300 ticks, on a journal %s,", (_, createJournal) => {
  test("has those it keeps as if it had kept all", async () => {
    const [all, some] = [await finished(createJournal), await finished(createJournal, 300)];
    const { from, record } = some;
    expect(all.from).toBe(1);
    // It says so wherever it is looked at.
    expect(from).toBeGreaterThan(1_000);
    expect((await some.engine.listRuns()).runs).toMatchObject([{ historyFrom: from }]);
    const page = await some.engine.readTicks("r", { from: 1, limit: 1_000 });
    expect(page).toMatchObject({ historyFrom: from, ticks: [], lastSequence: record.sequence });
    // At least so many, and not many more than a stretch between snapshots.
    expect(record.sequence - from + 1).toBeGreaterThanOrEqual(300);
    // And they are the same.
    const range = { from, limit: 2_000 };
    expect((await some.engine.readTicks("r", range)).ticks).toEqual((await all.engine.readTicks("r", range)).ticks);
    for (const sequence of [from - 1, from, from + 1, from + 150, record.sequence - 1, record.sequence]) {
      expect((await some.engine.stateAt("r", sequence)).graph).toEqual((await all.engine.stateAt("r", sequence)).graph);
    }
    expect((await some.engine.stateAt("r", 5)).graph.sequence).toBe(from - 1);
    expect((await some.engine.depthOverTime("r", 10))[0]?.sequence).toBeGreaterThanOrEqual(from - 1);
    expect(some.events).toEqual(all.events);
  });

  test("exports what it keeps", async () => {
    const { engine, from } = await finished(createJournal, 300);
    const parsed = parseRunFile(throughJson(await engine.exportRun("r")));
    expect(parsed.base?.sequence).toBe(from - 1);
    const state = replay(startOfRunFile(parsed, compile(listing()).program), parsed.ticks);
    expect(state.outcome).toMatchObject({ kind: "completed", event: { data: RESULT } });
  });
});

describe("a run whose history was cut", () => {
  const open = async (inner: Journal, keepTicks = 300) => {
    const clock = new SimulatedClock();
    const journal = new FaultInjectingJournal(inner, { durable: true, clock });
    return { journal, engine: await createEngine({ listing: listing(keepTicks) }, { journal, clock }) };
  };

  test("goes on after a crash with work whose events were dropped with their ticks", async () => {
    const inner = new MemoryJournal();
    const { journal, engine } = await open(inner, 0);
    journal.inject({ on: "truncate", call: 1, crash: "after" });
    await engine.start("listing", ITEMS, { runId: "r" });
    await journal.whenCrashed;
    const { historyFrom = 1, queued } = (await inner.getRun("r"))!;
    // Those that wait were all listed in the second tick.
    expect(historyFrom).toBeGreaterThan(1_000);
    expect(queued).toBeGreaterThan(0);
    const again = await open(inner);
    const { sum, text } = (await again.engine.result("r")) as typeof RESULT;
    expect(text).toBe(RESULT.text);
    // The item at work when the process died is worked through again, and may have been added before: no other.
    expect(sum).toBeGreaterThanOrEqual(RESULT.sum);
    expect(sum).toBeLessThanOrEqual(RESULT.sum + ITEMS);
  });

  test("gives a reader who comes late what is kept, and says what is missing to one who asked for more", async () => {
    const inner = new MemoryJournal();
    const { engine, events } = await finished(() => inner, 300);
    await engine.close();
    const again = (await open(inner)).engine;
    const read = async (after?: number) =>
      readAll((await again.attach("r")).streamEvents(after === undefined ? {} : { after }));
    const kept = await read();
    const first = kept[0]!.sequence;
    expect(first).toBeGreaterThan(2);
    expect(kept).toEqual(events.slice(first - 1));
    await expect(read(1)).rejects.toMatchObject({ code: "STREAM_GAP", data: { from: 2, to: first - 1 } });
    expect(await read(first - 1)).toEqual(kept);
  });

  test("is read anew by whoever looked at its past while it was cut", async () => {
    const inner = new MemoryJournal();
    const { journal, engine } = await open(inner);
    let release: () => void = () => undefined;
    const hold = new Promise<void>((resolve) => (release = resolve));
    journal.inject({ on: "truncate", call: 1, hold });
    await engine.start("listing", ITEMS, { runId: "r" });
    while (!journal.calls.some(({ operation }) => operation === "truncate")) await settle();
    // Begun before the cut: it has read the snapshot, and the ticks after it are gone when it wants them.
    journal.inject({ on: "read", call: 1, hold });
    const looking = [engine.stateAt("r", 900), engine.readTicks("r", { from: 800, limit: 50 }), engine.exportRun("r")];
    await settle();
    release();
    const [view, page, file] = (await Promise.all(looking)) as [
      { graph: { sequence: number } },
      { historyFrom?: number },
      { base?: { sequence: number } },
    ];
    const from = page.historyFrom ?? 1;
    expect(view.graph.sequence).toBeGreaterThanOrEqual(900);
    expect(() => parseRunFile(throughJson(file))).not.toThrow();
    expect(from === 1 || from > 800).toBe(true);
    expect(await engine.result("r")).toEqual(RESULT);
  });

  const error = new Error("disk");
  const faults: [string, Omit<JournalFault, "on" | "call">][] = [
    ["fails", { fail: error }],
    ["takes effect, and its answer is lost", { failAfter: error }],
    ["is made twice", { duplicate: true }],
    ["is the last that the process does not do", { crash: "before" }],
    ["is the last that the process does", { crash: "after" }],
  ];
  describe.each([1, 2])("ends the same when cut %i", (call) => {
    test.each(faults)("%s", async (_what, fault) => {
      const inner = new MemoryJournal();
      const { journal, engine } = await open(inner, 100);
      journal.inject({ on: "truncate", call, ...fault });
      await engine.start("listing", ITEMS, { runId: "r" });
      const result = engine.result("r").catch((reason: unknown) => reason);
      if (fault.crash) await journal.whenCrashed;
      else expect(await result).toEqual(RESULT);
      await engine.close();
      // Whatever is there now can be loaded, also where a snapshot was made before.
      const again = await open(inner, 100);
      expect(await again.engine.result("r")).toEqual(RESULT);
      const { historyFrom = 1, sequence } = (await inner.getRun("r"))!;
      for (const asked of [historyFrom, Math.floor((historyFrom + sequence) / 2), sequence]) {
        expect((await again.engine.stateAt("r", asked)).graph.sequence).toBe(asked);
      }
      await again.engine.close();
    });
  });
});

test.each([-1, 1.5, Number.NaN, "all"])("a history of %s ticks is refused", (keepTicks) => {
  expect(() => listing(keepTicks as number)).toThrow(WorkflowConfigurationError);
});
