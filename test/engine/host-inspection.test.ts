import {
  defineWorkflow,
  initialState,
  replay,
  StartEvent,
  StopEvent,
  WorkflowRuntimeError,
  type Workflow,
} from "tickwork";
import { settle } from "tickwork/testing";
import { describe, expect, test } from "vitest";
import type { InspectionBatch } from "../../src/inspection/inspection-event.ts";
import { graphStatus } from "../../src/graph/graph-status.ts";
import { macrotask } from "../../src/ports/macrotask.ts";
import { compile } from "../../src/workflow/compile.ts";
import { Answer, failureOf, gate, Question, readAll, typesOf } from "./fixtures.ts";
import { A, asking, failing, many, open, quick, ticksOf } from "./host-fixtures.ts";

describe("the published events of a run, read back from its journal", () => {
  const readBack = async (
    workflow: Workflow,
    play: (engine: Awaited<ReturnType<typeof open>>["engine"]) => Promise<void>,
  ) => {
    const first = await open({ workflow });
    await play(first.engine);
    await settle();
    await first.engine.close();
    const { engine } = await open({ workflow }, first.journal);
    return typesOf(await readAll((await engine.attach("r")).streamEvents()));
  };

  test("are those of the live stream", async () => {
    const types = await readBack(asking(), async (engine) => {
      const handler = await engine.start("workflow", null, { runId: "r" });
      await settle();
      await handler.sendEvent(Answer());
      await handler.result();
    });
    expect(types).toEqual(["Question", "StopEvent"]);
  });

  test("have no gap where an event came while the run was queued", async () => {
    const blocked = defineWorkflow("w", { timeout: null, numConcurrentRuns: 1 }).step(
      "a",
      { accepts: StartEvent, emits: [Question, StopEvent] },
      async () => (await gate().promise, StopEvent()),
    );
    const types = await readBack(blocked, async (engine) => {
      const before = await engine.start("workflow", null, { runId: "before" });
      const handler = await engine.start("workflow", null, { runId: "r" });
      await handler.sendEvent(Question("?"));
      await handler.sendEvent(StopEvent("early"));
      // Looking at the run writes its ticks: what comes later is another batch.
      await engine.readTicks("r", { from: 1, limit: 1 });
      await before.cancelRun();
      await handler.result();
    });
    expect(types).toEqual(["Question", "StopEvent"]);
  });

  test("are all there for thousands of events, from any place", async () => {
    const chatty = defineWorkflow("w").step("a", { accepts: StartEvent, emits: StopEvent }, (_event, ctx) => {
      for (let n = 0; n < 12_000; n++) ctx.writeEventToStream(A(n));
      return StopEvent();
    });
    const { engine } = await open({ chatty });
    const handler = await engine.start("chatty", null);
    await handler.result();
    await settle();
    expect((await readAll(handler.streamEvents())).map(({ sequence }) => sequence)).toEqual(
      Array.from({ length: 12_001 }, (_, index) => index + 1),
    );
    expect((await readAll(handler.streamEvents({ after: 11_999 }))).length).toBe(2);
  });
});

describe("listRuns", () => {
  /** Runs r1 … r9, three to a millisecond. */
  async function nine() {
    const { engine, clock } = await open({ quick, asking: asking() });
    for (let n = 1; n <= 9; n++) {
      await engine.start(n % 2 === 0 ? "quick" : "asking", n, { runId: `r${n}` });
      if (n % 3 === 0) clock.jumpTo(clock.now() + 1);
    }
    await settle();
    return engine;
  }
  const ids = (list: { runs: readonly { runId: string }[] }) => list.runs.map(({ runId }) => runId);

  test("gives the newest first, then the largest id", async () => {
    expect(ids(await (await nine()).listRuns())).toEqual(["r9", "r8", "r7", "r6", "r5", "r4", "r3", "r2", "r1"]);
  });

  test.each([1, 2, 4, 8, 9])("in pages of %d gives every run once, ties included", async (limit) => {
    const engine = await nine();
    const seen: string[] = [];
    let page = await engine.listRuns({ limit });
    for (;;) {
      seen.push(...ids(page));
      if (page.nextBefore === undefined) break;
      page = await engine.listRuns({ limit, before: page.nextBefore });
    }
    expect(seen).toEqual(["r9", "r8", "r7", "r6", "r5", "r4", "r3", "r2", "r1"]);
  });

  test("before a time gives those created earlier", async () => {
    const engine = await nine();
    const { runs } = await engine.listRuns();
    expect(ids(await engine.listRuns({ before: runs[0]!.createdAt }))).toEqual(["r6", "r5", "r4", "r3", "r2", "r1"]);
  });

  test("of a workflow gives its runs alone", async () => {
    expect(ids(await (await nine()).listRuns({ workflow: "quick" }))).toEqual(["r8", "r6", "r4", "r2"]);
  });

  test("of a status gives the runs that are in it now", async () => {
    const engine = await nine();
    expect(ids(await engine.listRuns({ status: "completed" }))).toEqual(["r8", "r6", "r4", "r2"]);
    expect(ids(await engine.listRuns({ status: "idle" }))).toEqual(["r9", "r7", "r5", "r3", "r1"]);
    expect(ids(await engine.listRuns({ status: "running" }))).toEqual([]);
    expect(ids(await engine.listRuns({ status: ["idle", "completed"], limit: 2 }))).toEqual(["r9", "r8"]);
    expect(ids(await engine.listRuns({ status: [] }))).toEqual([]);
  });

  test("tells what a run waits for", async () => {
    const { runs } = await (await nine()).listRuns({ limit: 1 });
    expect(runs[0]).toMatchObject({ status: "idle", waiting: 1, waitingFor: ["Answer"], busy: 0, queued: 0 });
  });

  test("tells why a run failed", async () => {
    const { engine } = await open({ failing });
    await failureOf(await engine.start("failing", 1));
    expect((await engine.listRuns()).runs[0]).toMatchObject({
      status: "failed",
      error: { name: "TypeError", message: "no" },
    });
  });

  test("with a place that is none is refused", async () => {
    await expect((await nine()).listRuns({ before: "nonsense" })).rejects.toBeInstanceOf(WorkflowRuntimeError);
  });
});

describe("the past of a run", () => {
  async function past() {
    const { engine, journal } = await open({ many });
    const handler = await engine.start("many", null, { runId: "r" });
    await handler.result();
    const ticks = await ticksOf(journal, "r");
    const first = initialState(compile(many).program);
    const at = (sequence: number) => replay(first, ticks.slice(0, sequence));
    return { engine, ticks, at };
  }

  test("stateAt agrees with folding the ticks, at every tick", async () => {
    const { engine, ticks, at } = await past();
    for (let sequence = 1; sequence <= ticks.length; sequence++) {
      const { graph, store } = await engine.stateAt("r", sequence);
      expect(graph).toEqual(graphStatus(at(sequence)));
      expect(store).toEqual(at(sequence).store);
    }
  });

  test("stateAt in any order gives the same", async () => {
    const { engine, ticks, at } = await past();
    for (const sequence of [ticks.length, 1, 60, 59, 61, 3, 0]) {
      expect((await engine.stateAt("r", sequence)).graph.sequence).toBe(at(sequence).sequence);
    }
  });

  test("stateAt beyond the end, or without a sequence, is the newest state", async () => {
    const { engine, ticks } = await past();
    expect((await engine.stateAt("r", 1e9)).graph.sequence).toBe(ticks.length);
    expect(await engine.stateAt("r")).toMatchObject({
      graph: { sequence: ticks.length, status: "completed" },
      result: "done",
    });
  });

  test("stateAt shows what the tick changed in the store", async () => {
    const { engine, ticks } = await past();
    const edit = ticks.filter(({ kind }) => kind === "EditState")[4]!;
    expect((await engine.stateAt("r", edit.sequence)).storeChanges).toEqual([{ path: ["n"], before: 4, after: 5 }]);
  });

  test("readTicks gives each tick once, in pages", async () => {
    const { engine, ticks } = await past();
    const seen: [number, string][] = [];
    for (let from = 1; from <= ticks.length; from += 20) {
      const page = await engine.readTicks("r", { from, limit: 20 });
      expect(page.lastSequence).toBe(ticks.length);
      seen.push(...page.ticks.map(({ sequence, kind }): [number, string] => [sequence, kind]));
    }
    expect(seen).toEqual(ticks.map(({ sequence, kind }) => [sequence, kind]));
  });

  test.each([
    { from: 1, limit: 0 },
    { from: 1e9, limit: 5 },
  ])("readTicks of nothing (%j) is empty", async (range) => {
    const { engine } = await past();
    expect((await engine.readTicks("r", range)).ticks).toEqual([]);
  });

  test("readTick gives the tick as it was written, with what it caused", async () => {
    const { engine, ticks } = await past();
    const detail = await engine.readTick("r", 1);
    expect(detail).toMatchObject({
      tick: JSON.parse(JSON.stringify(ticks[0])),
      summary: { sequence: 1, kind: "StartRun" },
    });
    expect(detail.commands).toContain("RunWorker");
  });

  test.each([0, -1, 1e9])("readTick %d, which is none, is refused", async (sequence) => {
    const { engine } = await past();
    await expect(engine.readTick("r", sequence)).rejects.toMatchObject({ code: "TICK_UNKNOWN" });
  });

  test("depthOverTime agrees with folding the ticks, and ends with the newest", async () => {
    const { engine, ticks, at } = await past();
    const points = await engine.depthOverTime("r", 1000);
    expect(points).toHaveLength(ticks.length);
    for (const { sequence, queued, busy } of points) {
      const { queued: expected, busy: working } = graphStatus(at(sequence));
      expect([queued, busy]).toEqual([expected, working]);
    }
  });

  test("depthOverTime in few points keeps the deepest", async () => {
    const { engine } = await past();
    const deepest = Math.max(...(await engine.depthOverTime("r", 1e4)).map(({ queued }) => queued));
    const few = await engine.depthOverTime("r", 5);
    expect(few.length).toBeLessThanOrEqual(6);
    expect(Math.max(...few.map(({ queued }) => queued))).toBe(deepest);
  });

  test("exportRun holds every tick", async () => {
    const { engine, ticks } = await past();
    const file = await engine.exportRun("r");
    expect(JSON.parse(JSON.stringify(file.ticks))).toEqual(JSON.parse(JSON.stringify(ticks)));
  });

  test("depthOverTime of a long run keeps nobody waiting: a page of ticks asked for after it comes first", async () => {
    const long = defineWorkflow("long", { timeout: null }).step(
      "loop",
      { accepts: [StartEvent, A], emits: [A, StopEvent] },
      ({ data }) => (Number(data) > 0 ? A(Number(data) - 1) : StopEvent()),
    );
    const { engine } = await open({ long });
    await (await engine.start("long", 3_000, { runId: "r" })).result();
    const order: string[] = [];
    const depth = engine.depthOverTime("r", 100).then(() => order.push("depth"));
    // As a message comes, in a task of its own.
    await new Promise<void>(macrotask);
    await engine.readTicks("r", { from: 2_900, limit: 50 }).then(() => order.push("ticks"));
    await depth;
    expect(order).toEqual(["ticks", "depth"]);
  });

  test("of thousands of ticks is read from snapshots and gives the same", async () => {
    const long = defineWorkflow("long").step("loop", { accepts: [StartEvent, A], emits: [A, StopEvent] }, (event) =>
      event.type === "A" && event.data === 2500 ? StopEvent() : A(event.type === "A" ? Number(event.data) + 1 : 0),
    );
    const { engine, journal } = await open({ long });
    const handler = await engine.start("long", null, { runId: "r" });
    await handler.result();
    expect(await journal.loadSnapshot("r", 1e9)).toBeDefined();
    const again = await open({ long }, journal);
    for (const sequence of [2400, 999, 1000, 1001, 1700]) {
      const folded = replay(initialState(compile(long).program), (await ticksOf(journal, "r")).slice(0, sequence));
      expect((await again.engine.stateAt("r", sequence)).graph).toEqual(graphStatus(folded));
    }
  });
});

describe("inspect", () => {
  /** Batches as they come; the next one is let through by `take`. */
  async function watched(runId = "r") {
    const { engine } = await open({ many, asking: asking() });
    const batches: InspectionBatch[] = [];
    const subscription = engine.subscribe(runId, (batch) => batches.push(batch));
    const news = async (count: number) => {
      for (let tries = 0; batches.length < count && tries < 200; tries++) await settle();
      return batches;
    };
    return { engine, batches, subscription, news };
  }

  test("sends one batch and no other before it is taken", async () => {
    const { engine, news } = await watched();
    const handler = await engine.start("asking", null, { runId: "r" });
    await news(1);
    await handler.sendEvent(Answer(1));
    for (let turn = 0; turn < 20; turn++) await settle();
    expect((await news(1)).length).toBe(1);
  });

  test("merges what happened meanwhile: the newest state, every tick once, what is left out counted", async () => {
    const { engine, subscription, news, batches } = await watched();
    const first = await engine.start("asking", null, { runId: "r" });
    await news(1);
    for (let n = 0; n < 400; n++) await first.sendEvent(A(n));
    subscription.acknowledge();
    await news(2);
    const [one, two] = batches.map(({ run }) => run!);
    expect(two!.ticks.length).toBe(256);
    expect(two!.skipped).toBe(two!.ticks[0]!.sequence - 1 - one!.ticks.at(-1)!.sequence);
    expect(two!.ticks.at(-1)!.sequence).toBe(two!.graph.sequence);
    expect(two!.ticks.map(({ sequence }) => sequence)).toEqual(
      Array.from({ length: 256 }, (_, index) => two!.graph.sequence - 255 + index),
    );
    expect(batches.map(({ number }) => number)).toEqual([1, 2]);
  });

  test("of all runs tells of each, without their ticks", async () => {
    const { engine, batches, news } = await watched("*");
    await Promise.all(["x", "y"].map((runId) => engine.start("asking", null, { runId })));
    await news(1);
    expect(batches[0]?.runs.map(({ runId }) => runId).toSorted()).toEqual(["x", "y"]);
    expect(batches[0]?.run).toBeUndefined();
  });

  test("of one run tells of it at once if it is loaded", async () => {
    const { engine } = await open({ asking: asking() });
    await engine.start("asking", null, { runId: "r" });
    await settle();
    const batches: InspectionBatch[] = [];
    engine.inspect("r", (batch) => batches.push(batch));
    for (let tries = 0; batches.length === 0 && tries < 100; tries++) await settle();
    expect(batches[0]?.run?.graph.status).toBe("idle");
  });

  test("tells of deleted runs", async () => {
    const { engine, subscription, batches, news } = await watched("*");
    await engine.start("asking", null, { runId: "r" });
    await news(1);
    subscription.acknowledge();
    await engine.deleteRun("r");
    await news(2);
    expect(batches.at(-1)?.deletedRuns).toEqual(["r"]);
  });

  test("is over when it is closed", async () => {
    const { engine, subscription, batches } = await watched("*");
    subscription.close();
    await engine.start("asking", null, { runId: "r" });
    for (let turn = 0; turn < 20; turn++) await settle();
    expect(batches).toEqual([]);
  });
});
