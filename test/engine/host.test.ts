import {
  constantDelay,
  defineEvent,
  defineWorkflow,
  EngineUnavailableError,
  initialState,
  replay,
  StartEvent,
  StopEvent,
  WorkflowConfigurationError,
  WorkflowRuntimeError,
  type Tick,
  type Workflow,
} from "tickwork";
import {
  createEngine,
  MemoryJournal,
  settle,
  SimulatedClock,
  type Journal,
  type RunRecord,
  type TickBatch,
} from "tickwork/testing";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { InspectionBatch } from "../../src/inspection/inspection-event.ts";
import { graphStatus } from "../../src/graph/graph-status.ts";
import { compile } from "../../src/workflow/compile.ts";
import { Answer, failureOf, gate, Question, readAll, stateOf, typesOf } from "./fixtures.ts";

const A = defineEvent("A");
const asking = (name = "asking") =>
  defineWorkflow(name, { timeout: null }).step("ask", { accepts: StartEvent, emits: StopEvent }, async (_event, ctx) =>
    StopEvent((await ctx.waitForEvent(Answer, { waiterEvent: Question("?"), timeout: null })).data),
  );
const quick = defineWorkflow("quick").step("a", { accepts: StartEvent, emits: StopEvent }, (event) =>
  StopEvent(event.data),
);
const failing = defineWorkflow("failing").step("a", { accepts: StartEvent, emits: StopEvent }, () =>
  Promise.reject(new TypeError("no")),
);
const many = defineWorkflow("many", { state: z.object({ n: z.number().default(0) }) })
  .step("split", { accepts: StartEvent, emits: A }, (_event, ctx) =>
    Array.from({ length: 50 }, (_, n) => n).forEach((n) => ctx.sendEvent(A(n))),
  )
  .step(
    "work",
    { accepts: A, emits: StopEvent, numWorkers: 2, retryPolicy: constantDelay({ delay: 0 }) },
    async (event, ctx) => {
      await ctx.store.edit((draft) => void (draft.n += 1));
      if (event.data === 7 && ctx.retryInfo().attempt === 0) throw new Error("once");
      return ctx.collectEvents(
        event,
        Array.from({ length: 50 }, () => A),
      )
        ? StopEvent("done")
        : undefined;
    },
  );

async function open(
  workflows: Record<string, Workflow>,
  journal: Journal = new MemoryJournal(),
  clock = new SimulatedClock(),
) {
  return { engine: await createEngine(workflows, { journal, clock }), journal, clock };
}

/** A durable journal on top of the one in memory: appends wait to be let through, or fail. */
class DurableJournal implements Journal {
  readonly durable = true;
  readonly #inner = new MemoryJournal();
  #held: (() => void)[] | null = null;
  failure: Error | null = null;
  appends = 0;

  hold(): void {
    this.#held ??= [];
  }
  release(): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const resume of held) resume();
  }
  async append(runId: string, batch: TickBatch, record: RunRecord): Promise<void> {
    this.appends += 1;
    if (this.#held) await new Promise<void>((resolve) => this.#held?.push(resolve));
    if (this.failure) throw this.failure;
    await Promise.resolve();
    this.#inner.append(runId, batch, record);
  }
  createRun = (record: RunRecord) => this.#inner.createRun(record);
  addRuns: Journal["addRuns"] = (runs) => this.#inner.addRuns(runs);
  getRun = (runId: string) => this.#inner.getRun(runId);
  listRuns: Journal["listRuns"] = (query) => this.#inner.listRuns(query);
  deleteRun = (runId: string) => this.#inner.deleteRun(runId);
  read: Journal["read"] = (runId, range) => this.#inner.read(runId, range);
  readPublished: Journal["readPublished"] = (runId, from) => this.#inner.readPublished(runId, from);
  saveSnapshot: Journal["saveSnapshot"] = (runId, snapshot) => this.#inner.saveSnapshot(runId, snapshot);
  loadSnapshot: Journal["loadSnapshot"] = (runId, sequence) => this.#inner.loadSnapshot(runId, sequence);
  truncate: Journal["truncate"] = (runId, base, later) => this.#inner.truncate(runId, base, later);
  compact = () => this.#inner.compact();
  close = () => this.#inner.close();
}

async function ticksOf(journal: Journal, runId: string): Promise<Tick[]> {
  const ticks: Tick[] = [];
  // A journal in memory is given the last ticks a moment after the result.
  await settle();
  for await (const batch of journal.read(runId, { from: 1, to: Number.MAX_SAFE_INTEGER })) ticks.push(...batch.ticks);
  return ticks;
}

describe("start", () => {
  test("runs a workflow by the name it is served under", async () => {
    const { engine } = await open({ served: quick });
    expect(await (await engine.start("served", 5)).result()).toBe(5);
  });

  test("of an unknown workflow is refused and names those served", async () => {
    const { engine } = await open({ quick });
    await expect(engine.start("nope", 1)).rejects.toMatchObject({
      code: "WORKFLOW_UNKNOWN",
      message: expect.stringContaining("quick"),
    });
  });

  test("under a run id that is taken is refused", async () => {
    const { engine } = await open({ quick });
    await engine.start("quick", 1, { runId: "r" });
    await expect(engine.start("quick", 1, { runId: "r" })).rejects.toMatchObject({ code: "RUN_EXISTS" });
  });

  test("twice at once under one run id lets one through", async () => {
    const { engine } = await open({ quick });
    const both = await Promise.allSettled([1, 2].map((n) => engine.start("quick", n, { runId: "r" })));
    expect(both.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
  });

  test("that cannot begin leaves no run behind", async () => {
    const bad = defineWorkflow("bad", { state: z.object({ n: z.number() }) }).step(
      "a",
      { accepts: StartEvent, emits: StopEvent },
      () => StopEvent(),
    );
    const { engine } = await open({ bad });
    await expect(engine.start("bad", 1, { runId: "r" })).rejects.toBeInstanceOf(WorkflowConfigurationError);
    expect((await engine.listRuns()).runs).toEqual([]);
  });

  test("with two workflows of one name is refused", async () => {
    await expect(open({ a: asking("same"), b: asking("same") })).rejects.toBeInstanceOf(WorkflowConfigurationError);
  });
});

describe("a run by its id", () => {
  test.each(["attach", "cancelRun", "result", "deleteRun", "stateAt", "describeRun", "exportRun"] as const)(
    "%s of an unknown one is refused",
    async (method) => {
      const { engine } = await open({ quick });
      await expect(engine[method]("nope")).rejects.toMatchObject({ name: "WorkflowRuntimeError", code: "RUN_UNKNOWN" });
    },
  );

  test("can be attached to after its end: result and stream are there", async () => {
    const { engine } = await open({ quick });
    const { runId } = await engine.start("quick", 5);
    const handler = await engine.attach(runId);
    expect([await handler.result(), handler.status]).toEqual([5, "completed"]);
    expect(typesOf(await readAll(handler.streamEvents()))).toEqual(["StopEvent"]);
  });

  test("can be attached to from another engine on the same journal", async () => {
    const first = await open({ failing, quick });
    const [bad, good] = [await first.engine.start("failing", 1), await first.engine.start("quick", 5)];
    await failureOf(bad);
    await first.engine.close();
    const { engine } = await open({ failing, quick }, first.journal);
    const handler = await engine.attach(bad.runId);
    expect(await failureOf(handler)).toMatchObject({ name: "TypeError", message: "no" });
    expect(typesOf(await readAll(handler.streamEvents()))).toEqual(["WorkflowFailedEvent"]);
    expect(await engine.result(good.runId)).toBe(5);
  });

  test("takes events and answers to one waiter", async () => {
    const { engine } = await open({ asking: asking() });
    const runId = await engine.startRun("asking", null);
    await settle();
    const [waiter] = (await engine.stateAt(runId)).waiters;
    expect(waiter).toMatchObject({ step: "ask", type: "Answer", prompt: { type: "Question", data: "?" } });
    await expect(engine.sendEvent(runId, Answer(1), { waiter: 99 })).rejects.toMatchObject({ code: "WAITER_GONE" });
    await engine.sendEvent(runId, Answer(2), { waiter: waiter!.waiter });
    expect(await engine.result(runId)).toBe(2);
  });
});

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

describe("deleteRun", () => {
  test("cancels a run and forgets it", async () => {
    const { engine } = await open({ asking: asking() });
    const handler = await engine.start("asking", null);
    await engine.deleteRun(handler.runId);
    expect(await stateOf(handler.result())).toBe("rejected");
    await expect(engine.attach(handler.runId)).rejects.toMatchObject({ code: "RUN_UNKNOWN" });
    expect((await engine.listRuns()).runs).toEqual([]);
  });

  test("frees its id", async () => {
    const { engine } = await open({ quick });
    await (await engine.start("quick", 1, { runId: "r" })).result();
    await engine.deleteRun("r");
    expect(await (await engine.start("quick", 2, { runId: "r" })).result()).toBe(2);
    expect(await engine.result("r")).toBe(2);
  });

  test("on a slow disk does not let the run come back", async () => {
    const journal = new DurableJournal();
    const { engine } = await open({ asking: asking() }, journal);
    const handler = await engine.start("asking", null, { runId: "r" });
    handler.result().catch(() => undefined);
    await settle();
    await engine.deleteRun("r");
    await settle();
    await expect(engine.attach("r")).rejects.toMatchObject({ code: "RUN_UNKNOWN" });
  });

  test("works for a run that storage stopped", async () => {
    const journal = new DurableJournal();
    const { engine } = await open({ asking: asking() }, journal);
    const handler = await engine.start("asking", null, { runId: "r" });
    journal.failure = new Error("disk full");
    await handler.sendEvent(A()).catch(() => undefined);
    await engine.deleteRun("r");
    expect((await engine.listRuns()).runs).toEqual([]);
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

describe("resumeAll", () => {
  test("takes up what was not finished, with its waiters", async () => {
    const first = await open({ asking: asking() });
    await first.engine.start("asking", null, { runId: "r" });
    await settle();
    await first.engine.close();
    const { engine } = await open({ asking: asking() }, first.journal);
    await engine.sendEvent("r", Answer("later"));
    expect(await engine.result("r")).toBe("later");
  });

  test("starts work again that was in progress, and not what was finished", async () => {
    const ran: string[] = [];
    const blocked = gate();
    const workflow = defineWorkflow("w")
      .step("a", { accepts: StartEvent, emits: A }, () => (ran.push("a"), A()))
      .step(
        "b",
        { accepts: A, emits: StopEvent },
        async () => (ran.push("b"), ran.length < 3 && (await blocked.promise), StopEvent()),
      );
    const first = await open({ workflow });
    await first.engine.start("workflow", null, { runId: "r" });
    await settle();
    await first.engine.close();
    const { engine } = await open({ workflow }, first.journal);
    await engine.result("r");
    expect(ran).toEqual(["a", "b", "b"]);
  });

  test("leaves runs alone whose workflow is not served, and says so", async () => {
    const first = await open({ asking: asking() });
    await first.engine.start("asking", null, { runId: "r" });
    await settle();
    await first.engine.close();
    const before = await ticksOf(first.journal, "r");
    const { engine } = await open({ quick }, first.journal);
    expect((await engine.listRuns()).runs[0]).toMatchObject({
      runId: "r",
      pausedBecause: expect.stringContaining("asking"),
    });
    expect(await ticksOf(first.journal, "r")).toEqual(before);
    await expect(engine.attach("r")).rejects.toMatchObject({ code: "WORKFLOW_UNKNOWN" });
  });

  test("fires what fell due while nobody was there", async () => {
    const workflow = defineWorkflow("w", { timeout: null }).step(
      "a",
      { accepts: StartEvent, emits: StopEvent, retryPolicy: constantDelay({ delay: 500 }) },
      (_event, ctx) => (ctx.retryInfo().attempt === 0 ? Promise.reject(new Error("once")) : StopEvent("later")),
    );
    const first = await open({ workflow });
    await first.engine.start("workflow", null, { runId: "r" });
    await settle();
    await first.engine.close();
    first.clock.jumpTo(first.clock.now() + 10_000);
    const { engine } = await open({ workflow }, first.journal, first.clock);
    expect(await engine.result("r")).toBe("later");
  });

  test("of a run that was created and never got its first tick does not leave it hanging", async () => {
    const journal = new DurableJournal();
    const first = await open({ quick }, journal);
    journal.failure = new Error("crash");
    await first.engine.start("quick", 1, { runId: "r" }).catch(() => undefined);
    journal.failure = null;
    const { engine } = await open({ quick }, journal);
    // Whatever becomes of it: nobody waits for ever, or the id is free again.
    const outcome = engine.result("r").catch(() => undefined);
    expect(await stateOf(outcome)).not.toBe("pending");
  });

  test("keeps the limit of concurrent runs in call order", async () => {
    const workflow = defineWorkflow("w", { timeout: null, numConcurrentRuns: 1 }).step(
      "a",
      { accepts: StartEvent, emits: StopEvent },
      async (_event, ctx) => StopEvent((await ctx.waitForEvent(Answer)).data),
    );
    const first = await open({ workflow });
    for (const runId of ["r1", "r2"]) {
      await first.engine.start("workflow", null, { runId });
      first.clock.jumpTo(first.clock.now() + 1);
    }
    await first.engine.close();
    // As in another process: the same definition, made again.
    const again = defineWorkflow("w", { timeout: null, numConcurrentRuns: 1 }).step(
      "a",
      { accepts: StartEvent, emits: StopEvent },
      async (_event, ctx) => StopEvent((await ctx.waitForEvent(Answer)).data),
    );
    const { engine } = await open({ workflow: again }, first.journal);
    await settle();
    const [one, two] = await Promise.all(["r1", "r2"].map((runId) => engine.attach(runId)));
    expect([one!.status, two!.status]).toEqual(["idle", "queued"]);
    await one!.sendEvent(Answer());
    await settle();
    expect(two!.status).toBe("idle");
  });
});

describe("close", () => {
  test("rejects results that are waited for, ends streams and refuses what comes later", async () => {
    const { engine } = await open({ asking: asking() });
    const handler = await engine.start("asking", null);
    const reading = readAll(handler.streamEvents());
    reading.catch(() => undefined);
    await settle();
    await engine.close();
    expect(await stateOf(handler.result())).toBe("rejected");
    expect(await failureOf(handler)).toBeInstanceOf(EngineUnavailableError);
    expect(await stateOf(reading)).not.toBe("pending");
    await expect(engine.listRuns()).rejects.toBeInstanceOf(EngineUnavailableError);
    await expect(engine.start("asking", null)).rejects.toBeInstanceOf(EngineUnavailableError);
  });

  test("leaves no zombie: events sent to a handler of before start nothing", async () => {
    let ran = 0;
    const workflow = defineWorkflow("w", { timeout: null }).step(
      "a",
      { accepts: StartEvent, emits: StopEvent },
      async (_event, ctx) => (await ctx.waitForEvent(Answer), (ran += 1), StopEvent()),
    );
    const { engine } = await open({ workflow });
    const handler = await engine.start("workflow", null);
    await settle();
    await engine.close();
    await handler.sendEvent(Answer()).catch(() => undefined);
    await settle();
    expect(ran).toBe(0);
  });

  test("aborts the signals of steps at work and leaves no timer", async () => {
    let signal: AbortSignal | undefined;
    const workflow = defineWorkflow("w").step(
      "a",
      { accepts: StartEvent, emits: StopEvent },
      async (_event, ctx) => (({ signal } = ctx), await gate().promise, StopEvent()),
    );
    const { engine, clock } = await open({ workflow });
    await engine.start("workflow", null);
    await settle();
    await engine.close();
    expect([signal?.aborted, clock.pending]).toEqual([true, 0]);
  });

  test("gives the turns of its runs back", async () => {
    const workflow = defineWorkflow("w", { timeout: null, numConcurrentRuns: 1 }).step(
      "a",
      { accepts: StartEvent, emits: StopEvent },
      async (_event, ctx) => StopEvent((await ctx.waitForEvent(Answer)).data),
    );
    const first = await open({ workflow });
    await first.engine.start("workflow", null, { runId: "r" });
    await settle();
    await first.engine.close();
    const { engine } = await open({ workflow });
    const handler = await engine.start("workflow", null);
    await settle();
    expect(handler.status).toBe("idle");
  });
});

describe("output commit", () => {
  test("nothing is published and no result given before its ticks are durable", async () => {
    const journal = new DurableJournal();
    const { engine } = await open({ asking: asking() }, journal);
    const handler = await engine.start("asking", null);
    await settle();
    journal.hold();
    const seen: string[] = [];
    const reading = (async () => {
      for await (const event of handler.streamEvents({ after: 1 })) seen.push(event.type);
    })();
    const sending = handler.sendEvent(Answer(1));
    expect([await stateOf(sending), await stateOf(handler.result()), seen]).toEqual(["pending", "pending", []]);
    journal.release();
    await reading;
    expect([await handler.result(), seen]).toEqual([1, ["StopEvent"]]);
    await sending;
  });

  test("a cancel is confirmed when it is durable", async () => {
    const journal = new DurableJournal();
    const { engine } = await open({ asking: asking() }, journal);
    const handler = await engine.start("asking", null);
    await settle();
    journal.hold();
    const cancelling = handler.cancelRun();
    expect([await stateOf(cancelling), await stateOf(handler.result())]).toEqual(["pending", "pending"]);
    journal.release();
    await cancelling;
    expect(await stateOf(handler.result())).toBe("rejected");
  });

  test("steps do not wait for the disk, and ticks of that time are written together", async () => {
    const journal = new DurableJournal();
    const { engine, clock } = await open({ many }, journal);
    const handler = await engine.start("many", null);
    journal.hold();
    await clock.advance(10);
    for (let turn = 0; turn < 10; turn++) await settle();
    const before = journal.appends;
    journal.release();
    await handler.result();
    expect(journal.appends - before).toBeLessThanOrEqual(3);
  });
});

describe("a journal that fails", () => {
  async function broken() {
    const journal = new DurableJournal();
    const ran: string[] = [];
    const release = gate();
    const workflow = defineWorkflow("w", { timeout: null })
      .step("a", { accepts: StartEvent, emits: A }, async (_event, ctx) => {
        ran.push("a");
        await ctx.waitForEvent(Answer);
        ran.push("answered");
        await release.promise;
        return A();
      })
      .step("b", { accepts: A, emits: StopEvent }, () => (ran.push("b"), StopEvent()));
    const opened = await open({ workflow }, journal);
    const handler = await opened.engine.start("workflow", null, { runId: "r" });
    await settle();
    journal.failure = new Error("disk full");
    const sent = await handler.sendEvent(Answer()).catch((error: unknown) => error);
    return { ...opened, journal, handler, ran, sent, release };
  }

  test("rejects the call whose tick was lost, and the result, with the reason", async () => {
    const { handler, sent } = await broken();
    expect(String((sent as Error).cause ?? sent)).toContain("disk full");
    const error = await failureOf(handler);
    expect(error).toBeInstanceOf(Error);
    expect(String((error as Error).cause ?? error)).toContain("disk full");
    expect([sent, error].map((each) => (each as { code?: unknown }).code)).toEqual([
      expect.any(String),
      expect.any(String),
    ]);
  });

  test("stops the run: nothing further executes", async () => {
    const { handler, ran, release, engine, clock } = await broken();
    release.open();
    await clock.advance(1000);
    await handler.sendEvent(A()).catch(() => undefined);
    await settle();
    expect(ran).not.toContain("b");
    await expect(handler.sendEvent(A())).rejects.toBeInstanceOf(Error);
    expect((await engine.storage()).problem).toBeDefined();
  });

  test("says in the stream that it is cut, publishes nothing that was not written, and says why the run is paused", async () => {
    const { handler, engine } = await broken();
    const next = await failureOf({ result: () => handler.streamEvents().next() });
    expect(String((next as Error).cause ?? next)).toContain("disk full");
    expect((await engine.listRuns()).runs[0]?.pausedBecause).toBeDefined();
  });

  test("loses nothing that was written: the run can be resumed", async () => {
    const { journal, release } = await broken();
    journal.failure = null;
    release.open();
    const workflow = defineWorkflow("w", { timeout: null })
      .step("a", { accepts: StartEvent, emits: A }, async (_event, ctx) => (await ctx.waitForEvent(Answer), A()))
      .step("b", { accepts: A, emits: StopEvent }, () => StopEvent("resumed"));
    const { engine } = await open({ workflow }, journal);
    await engine.sendEvent("r", Answer());
    expect(await engine.result("r")).toBe("resumed");
  });

  test("leaves no timer behind", async () => {
    const { clock } = await broken();
    expect(clock.pending).toBe(0);
  });
});

describe("run with a runtime that keeps a history", () => {
  test("writes the run into it", async () => {
    const { run } = await import("tickwork");
    const journal = new MemoryJournal();
    const handler = run(quick, 5, { runId: "r", runtime: { clock: new SimulatedClock(), journal } });
    expect(await handler.result()).toBe(5);
    await settle();
    expect((await ticksOf(journal, "r")).length).toBeGreaterThan(0);
  });
});
