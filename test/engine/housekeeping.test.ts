/** Runs that ended are packed, shortened and deleted in the background, and make room when the storage is full. */
import "fake-indexeddb/auto";
import {
  defineEvent,
  defineWorkflow,
  StartEvent,
  StopEvent,
  StorageError,
  type Workflow,
  type WorkflowOptions,
} from "tickwork";
import {
  createEngine,
  FaultInjectingJournal,
  MemoryJournal,
  settle,
  SimulatedClock,
  type Journal,
  type RunRecord,
  type TickBatch,
} from "tickwork/testing";
import type { RunSummary } from "tickwork/client";
import { describe, expect, test, vi } from "vitest";
import { IndexedDbJournal } from "../../src/runtimes/browser/indexeddb-journal.ts";
import { Answer, readAll, single } from "./fixtures.ts";

const DAY = 86_400_000;
const MINUTE = 60_000;
const Next = defineEvent("Next");
const Note = defineEvent("Note");

/** Counts down from its input, a note for each. */
const counting = (options: Pick<WorkflowOptions, "history" | "retention"> = {}, name = "counting") =>
  defineWorkflow(name, { timeout: null, ...options }).step(
    "count",
    { accepts: [StartEvent, Next], emits: [Next, StopEvent] },
    ({ data }, ctx) => {
      const left = Number(data);
      ctx.writeEventToStream(Note({ left, text: `still to go: ${left}` }));
      return left > 0 ? Next(left - 1) : StopEvent("done");
    },
  );

async function open(workflow: Workflow, inner: Journal = new MemoryJournal(), clock = new SimulatedClock()) {
  const journal = new FaultInjectingJournal(inner, { durable: true, clock });
  const engine = await createEngine({ [workflow.name]: workflow }, { journal, clock });
  const ids = async () => (await inner.listRuns({ limit: 100 })).map(({ runId }) => runId).toSorted();
  const end = async (runId: string, count = 3) => {
    await (await engine.start(workflow.name, count, { runId })).result();
    await settle();
  };
  return { engine, journal, inner, clock, ids, end };
}

describe("retention", () => {
  test("deletes runs when their days are over, and none that goes on", async () => {
    const waiting = single(
      async (ctx, { data }) => (data === "wait" ? (await ctx.waitForEvent(Answer, { timeout: null })).data : data),
      { timeout: null, retention: { days: 2 } },
      { waitsFor: Answer },
    );
    const { engine, clock, ids, end } = await open(waiting);
    await end("first", 0);
    await engine.start("single", "wait", { runId: "waits" });
    await clock.advance(1.5 * DAY);
    await end("second", 0);
    expect(await ids()).toEqual(["first", "second", "waits"]);
    const { runs } = await engine.listRuns();
    const left = runs.map(({ runId, deletesAt }) => [runId, deletesAt && (deletesAt - clock.now()) / DAY]);
    expect(Object.fromEntries(left)).toEqual({ first: 0.5, second: 2, waits: undefined });
    await clock.advance(0.6 * DAY);
    await settle();
    expect(await ids()).toEqual(["second", "waits"]);
    await clock.advance(2 * DAY);
    await settle();
    expect(await ids()).toEqual(["waits"]);
    await engine.close();
    expect(clock.pending).toBe(0);
  });

  test("keeps the last runs, a minute after they ended", async () => {
    const { engine, clock, ids, end } = await open(counting({ retention: { runs: 1 } }));
    for (const runId of ["a", "b", "c"]) {
      await end(runId);
      await clock.advance(1_000);
    }
    expect(await ids()).toEqual(["a", "b", "c"]);
    await clock.advance(2 * MINUTE);
    await settle();
    expect(await ids()).toEqual(["c"]);
    await expect(engine.attach("a")).rejects.toMatchObject({ code: "RUN_UNKNOWN" });
  });

  test("does at the next start what was due meanwhile", async () => {
    const { engine, inner, clock, end, ids } = await open(counting({ retention: { days: 1 } }));
    await end("a");
    await engine.close();
    await clock.advance(3 * DAY);
    expect(await ids()).toEqual(["a"]);
    const again = await open(counting({ retention: { days: 1 } }), inner, clock);
    await settle();
    expect(await ids()).toEqual([]);
    await again.engine.close();
  });

  test("waits for those who read or inspect a run", async () => {
    const { engine, clock, ids, end } = await open(counting({ retention: { runs: 0 } }));
    for (const runId of ["read", "inspected", "free"]) await end(runId);
    const reader = (await engine.attach("read")).streamEvents();
    await reader[Symbol.asyncIterator]().next();
    const leave = engine.inspect("inspected", () => undefined);
    await clock.advance(3 * MINUTE);
    await settle();
    expect(await ids()).toEqual(["inspected", "read"]);
    leave();
    expect(await readAll(reader)).toHaveLength(4);
    await clock.advance(3 * MINUTE);
    await settle();
    expect(await ids()).toEqual([]);
  });

  test("takes child runs along with their parent, and not before", async () => {
    const child = counting({ retention: { runs: 0 } }, "child");
    const parent = defineWorkflow("parent", { timeout: null, retention: { days: 1 } }).step(
      "ask",
      { accepts: StartEvent, emits: StopEvent, runs: child },
      async (_event, ctx) => StopEvent(await ctx.runWorkflow(child, 2)),
    );
    const { clock, ids, end } = await open(parent);
    await end("p");
    await clock.advance(0.9 * DAY);
    await settle();
    expect(await ids()).toHaveLength(2);
    await clock.advance(0.2 * DAY);
    await settle();
    expect(await ids()).toEqual([]);
  });

  test("nothing is done, and no timer set, where no workflow says so", async () => {
    const { clock, ids, end, journal } = await open(counting());
    await end("a");
    await clock.advance(1000 * DAY);
    expect([await ids(), clock.pending]).toEqual([["a"], 0]);
    expect(journal.calls.filter(({ operation }) => operation === "deleteRun")).toEqual([]);
  });
});

describe("of runs whose result alone is kept", () => {
  const short = counting({ history: { afterEnd: "result" } });

  test("result, last event, last tick and last states stay", async () => {
    const { engine, clock, end, inner } = await open(short);
    await end("r", 40);
    const { sequence } = (await inner.getRun("r"))!;
    const whole = await engine.stateAt("r");
    await clock.advance(2 * MINUTE);
    await settle();
    expect((await inner.getRun("r"))!).toMatchObject({ status: "completed", historyFrom: sequence, sequence });
    // Also while the run is in memory still.
    expect((await engine.listRuns()).runs).toMatchObject([{ historyFrom: sequence }]);
    const again = (await open(short, inner)).engine;
    expect(await again.result("r")).toBe("done");
    expect(await readAll((await again.attach("r")).streamEvents())).toMatchObject([
      { type: "Note" },
      { type: "StopEvent" },
    ]);
    expect((await again.readTicks("r", { from: 1, limit: sequence - 1 })).ticks).toEqual([]);
    expect((await again.readTicks("r", { from: sequence, limit: 100 })).ticks).toHaveLength(1);
    expect((await again.stateAt("r")).graph).toEqual(whole.graph);
    expect((await again.stateAt("r", sequence - 1)).graph.status).toBe("running");
  });

  test.each(["before", "after"] as const)("also if the process dies %s it is shortened", async (crash) => {
    const { clock, end, inner, journal, engine } = await open(short);
    journal.inject({ on: "truncate", crash });
    await end("r", 40);
    await clock.advance(2 * MINUTE);
    await journal.whenCrashed;
    await engine.close();
    const again = (await open(short, inner, clock)).engine;
    await settle();
    const { sequence, historyFrom } = (await inner.getRun("r"))!;
    expect(historyFrom).toBe(sequence);
    expect(await again.result("r")).toBe("done");
  });
});

describe("packing in the background", () => {
  test("begins when a run ended, and inspectors are told what it takes then", async () => {
    const inner = await IndexedDbJournal.open(crypto.randomUUID());
    const { engine, end } = await open(counting(), inner);
    const news: RunSummary[] = [];
    engine.inspect("*", ({ runs }) => news.push(...runs));
    await end("r", 2_500);
    await vi.waitFor(() => expect(news.at(-1)?.bytes).toBeGreaterThan(0));
    const { bytes, compacted, sequence } = (await inner.getRun("r"))!;
    expect(compacted).toBe(sequence);
    expect(bytes! / sequence).toBeLessThan(60);
    expect(news.at(-1)?.bytes).toBe(bytes);
    expect(await readAll((await engine.attach("r")).streamEvents())).toHaveLength(2_502);
  });

  test.each([1, 2])("goes on in the next life when the process dies at piece %i", async (call) => {
    const inner = await IndexedDbJournal.open(crypto.randomUUID());
    const { engine, journal } = await open(counting(), inner);
    journal.inject({ on: "compact", call, crash: "before" });
    await Promise.all(["r", "s"].map((runId) => engine.start("counting", 1_000, { runId })));
    await journal.whenCrashed;
    const again = await open(counting(), inner);
    for (const runId of ["r", "s"]) {
      expect(await again.engine.result(runId)).toBe("done");
      await vi.waitFor(async () => {
        const { compacted, sequence } = (await inner.getRun(runId))!;
        expect(compacted).toBe(sequence);
      });
      expect((await again.engine.readTicks(runId, { from: 1, limit: 1_000 })).ticks).toHaveLength(1_000);
    }
  });

  test("leaves alone what is small, or goes on", async () => {
    const inner = await IndexedDbJournal.open(crypto.randomUUID());
    const { end, journal } = await open(counting(), inner);
    await end("r", 20);
    await settle();
    expect(journal.calls.filter(({ operation }) => operation === "compact")).toEqual([]);
  });
});

/** Holds so many ticks, and no more. */
class SmallDisk extends MemoryJournal {
  readonly #size: number;
  readonly #used = new Map<string, number>();

  constructor(size: number) {
    super();
    this.#size = size;
  }

  override append(runId: string, batch: TickBatch, record: RunRecord) {
    const used = [...this.#used.values()].reduce((sum, count) => sum + count, 0);
    if (used + batch.ticks.length > this.#size) throw new StorageError("full", { code: "STORAGE_QUOTA" });
    this.#used.set(runId, (this.#used.get(runId) ?? 0) + batch.ticks.length);
    return super.append(runId, batch, record);
  }

  override async deleteRun(runId: string) {
    this.#used.delete(runId);
    return super.deleteRun(runId);
  }
}

describe("when the storage is full", () => {
  test("runs that may go make room, the first to end first, and the others go on", async () => {
    const { engine, clock, end, ids } = await open(
      counting({ retention: { days: 30, whenFull: "delete" } }),
      new SmallDisk(100),
    );
    for (const runId of ["a", "b", "c"]) {
      await end(runId, 28);
      await clock.advance(2 * MINUTE);
    }
    expect(await ids()).toEqual(["a", "b", "c"]);
    await end("d", 28);
    expect(await ids()).toContain("d");
    expect(await ids()).not.toContain("a");
    expect(await engine.result("d")).toBe("done");
  });

  test("runs of which nobody says that they may go stay, and who cannot write says why", async () => {
    const { engine, clock, end, ids } = await open(counting({ retention: { days: 30 } }), new SmallDisk(50));
    await end("a", 28);
    await clock.advance(2 * MINUTE);
    const late = engine.start("counting", 28, { runId: "b" }).then((handler) => handler.result());
    await expect(late).rejects.toMatchObject({ code: "STORAGE_QUOTA" });
    expect(await ids()).toEqual(["a", "b"]);
  });

  test("prune frees what policies and packing give, and deletes only for bytes that are asked for", async () => {
    const inner = await IndexedDbJournal.open(crypto.randomUUID());
    const { engine, clock, end, ids, journal } = await open(counting({ retention: { whenFull: "delete" } }), inner);
    // So that there is something left to pack.
    journal.inject({ on: "compact", call: 1, fail: new Error("later") });
    await end("a", 500);
    await vi.waitFor(() => expect(journal.calls.some(({ operation }) => operation === "compact")).toBe(true));
    await clock.advance(2 * MINUTE);
    const before = (await inner.getRun("a"))!.bytes!;
    const packed = await engine.prune();
    const after = (await inner.getRun("a"))!.bytes!;
    expect(packed).toEqual({ freedBytes: before - after, compactedRuns: ["a"], deletedRuns: [] });
    expect(await engine.prune()).toEqual({ freedBytes: 0, compactedRuns: [], deletedRuns: [] });
    expect(await engine.prune({ bytes: 1 })).toEqual({ freedBytes: after, compactedRuns: [], deletedRuns: ["a"] });
    expect(await ids()).toEqual([]);
    await engine.close();
    await expect(engine.prune()).rejects.toMatchObject({ name: "EngineUnavailableError" });
  });
});
