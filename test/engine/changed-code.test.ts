/** Runs that outlive the code that recorded them: in this process, and hosted. The rules are tested in test/core. */
import {
  ContextSerdeError,
  defineEvent,
  defineWorkflow,
  humanResponseEvent,
  resume,
  run,
  StartEvent,
  StopEvent,
  type RunHook,
  type Tick,
  type Workflow,
  type WorkflowError,
} from "tickwork";
import { createEngine, MemoryJournal, replayRunFile, settle, SimulatedClock, type Journal } from "tickwork/testing";
import { describe, expect, test } from "vitest";
import type { OnMismatch } from "../../src/inspection/engine-control.ts";
import { Answer, failureOf, gate, simulated, stateOf, throughJson } from "./fixtures.ts";
import { quick } from "./host-fixtures.ts";

const Page = defineEvent("Page");
const Other = humanResponseEvent("Other");

interface Shape {
  readonly version?: string;
  /** Name of the step that takes pages; null: there is none. */
  readonly read?: string | null;
  readonly numWorkers?: number;
  readonly extra?: boolean;
  readonly until?: Promise<unknown>;
}

/** Plans three pages, reads each until the gate opens, and ends with the third. */
function reading({ version = "1", read = "read", numWorkers = 1, extra = false, until }: Shape = {}): Workflow {
  let workflow = defineWorkflow("reading", { version, timeout: null, skipGraphChecks: ["deadEnd"] })
    .step("plan", { accepts: StartEvent, emits: read === null ? [] : Page }, (_event, ctx) => {
      for (const n of [1, 2, 3]) ctx.sendEvent(Page(n));
    })
    .step("end", { accepts: Other, emits: StopEvent }, () => StopEvent("other"));
  if (read !== null) {
    workflow = workflow.step(read, { accepts: Page, emits: StopEvent, numWorkers }, async (event) => {
      await until;
      return event.data === 3 ? StopEvent(`read by ${version}`) : undefined;
    });
  }
  if (extra) workflow = workflow.step("extra", { accepts: Other, emits: [] }, () => undefined);
  return workflow;
}

const never = new Promise<never>(() => undefined);

describe("resume with changed code", () => {
  const half = async () => {
    const handler = run(reading({ until: never }), null as never, { runId: "r" });
    await settle();
    const saved = throughJson(await handler.snapshot());
    await handler.cancelRun();
    return saved;
  };

  test("that has a place for all work goes on, with the version of now", async () => {
    const ticks: Tick[] = [];
    const hooks: RunHook[] = [{ onTick: ({ tick }) => void ticks.push(tick) }];
    const changed = reading({ version: "2", numWorkers: 9, extra: true });
    const handler = resume(changed, await half(), { runtime: { ...simulated().runtime, hooks } });
    expect(await handler.result()).toBe("read by 2");
    expect(ticks[0]).toMatchObject({ kind: "ResumeRun", program: { version: "2" } });
    expect((await handler.snapshot()).workflowVersion).toBe("2");
  });

  test("that is the same records nothing", async () => {
    const ticks: Tick[] = [];
    const hooks: RunHook[] = [{ onTick: ({ tick }) => void ticks.push(tick) }];
    await resume(reading(), await half(), { runtime: { ...simulated().runtime, hooks } }).result();
    expect(ticks[0]).not.toHaveProperty("program");
  });

  test("that has no place for some work is refused, and says what is missing", async () => {
    const saved = await half();
    const before = JSON.stringify(saved);
    expect(() => resume(reading({ version: "2", read: null }), saved)).toThrow(ContextSerdeError);
    expect(() => resume(reading({ version: "2", read: null }), saved)).toThrow(
      expect.objectContaining({
        code: "RUN_CODE_CHANGED",
        message: expect.stringMatching(/version 1, now 2.*3 pieces of work: step read is gone \(3 queued\)/),
        data: {
          runId: "r",
          mismatch: {
            recorded: "1",
            current: "2",
            work: 3,
            steps: [{ step: "read", why: "gone", queued: 3, delayed: 0, waiting: 0, gathering: 0 }],
            events: [{ type: "Page", work: 3 }],
          },
        },
      }),
    );
    expect(JSON.stringify(saved)).toBe(before);
  });

  test("with best effort goes on without it, keeps it for later code, and warns", async () => {
    const problems: WorkflowError[] = [];
    const hooks: RunHook[] = [{ onTick: () => undefined, onProblem: (problem) => void problems.push(problem) }];
    const runtime = { ...simulated().runtime, hooks };
    const without = reading({ version: "2", read: null });
    const handler = resume(without, await half(), { runtime, onMismatch: "bestEffort" });
    await settle();
    expect(handler.status).toBe("idle");
    expect(problems.map(({ code }) => code)).toEqual(["WORK_SET_ASIDE"]);
    const saved = throughJson(await handler.snapshot());
    // The same code takes it up again without a word: it was asked once.
    expect(resume(without, saved, { runtime }).status).toBe("idle");
    expect(problems).toHaveLength(1);
    const later = resume(reading({ version: "3" }), saved, { runtime });
    expect(await later.result()).toBe("read by 3");
    await handler.sendEvent(Other());
    expect(await handler.result()).toBe("other");
  });

  test("of a completed run is no matter", async () => {
    const handler = run(reading(), null as never);
    await handler.result();
    expect(await resume(reading({ read: null }), throughJson(await handler.snapshot())).result()).toBe("read by 1");
  });

  test("of version 1 of the format: names of steps are all there is to go by", async () => {
    const { program: _unknown, ...old } = { ...(await half()), version: 1 };
    expect(await resume(reading({ version: "2" }), old as never).result()).toBe("read by 2");
    expect(() => resume(reading({ read: null }), old as never)).toThrow(
      expect.objectContaining({ code: "RUN_CODE_CHANGED" }),
    );
    const handler = resume(reading({ read: null }), old as never, {
      onMismatch: "bestEffort",
      runtime: { ...simulated().runtime, hooks: [{ onTick: () => undefined, onProblem: () => undefined }] },
    });
    const later = resume(reading(), throughJson(await handler.snapshot()));
    expect(await later.result()).toBe("read by 1");
  });
});

describe("an engine with changed code", () => {
  const open = (workflow: Workflow, journal: Journal, onMismatch: OnMismatch = "pause", hooks: RunHook[] = []) =>
    createEngine({ reading: workflow }, { journal, clock: new SimulatedClock(), hooks }, { onMismatch });
  /** Serves none of it. */
  const openOther = (journal: Journal) => createEngine({ quick }, { journal, clock: new SimulatedClock() });
  /** A run with one page being read and two in the queue, left behind by version 1. */
  async function left() {
    const journal = new MemoryJournal();
    const engine = await open(reading({ until: never }), journal);
    await engine.start("reading", null, { runId: "r" });
    await settle();
    await engine.close();
    return journal;
  }
  /** As a version wrote it that recorded none. */
  async function withoutDefinitions(journal: Journal): Promise<Journal> {
    const old = new MemoryJournal();
    const record = await journal.getRun("r");
    if (!record) throw new Error("No record.");
    await old.createRun(record);
    for await (const batch of journal.read("r", { from: 1, to: 100 })) {
      const ticks = batch.ticks.map((tick) => {
        const { program: _unknown, ...rest } = tick as Tick & { program?: unknown };
        return rest;
      });
      old.append("r", { ...batch, ticks }, record);
    }
    return old;
  }
  const row = async (engine: Awaited<ReturnType<typeof open>>) => (await engine.listRuns()).runs[0];

  test("with other numWorkers folds the past as it was, and loses nothing of it", async () => {
    const journal = new MemoryJournal();
    const opened = gate();
    const wide = await open(reading({ numWorkers: 3, until: opened.promise }), journal);
    await wide.start("reading", null, { runId: "r" });
    await settle();
    const past = (await wide.stateAt("r")).graph;
    await wide.close();
    const narrow = await open(reading({ version: "2", numWorkers: 1 }), journal);
    expect(await narrow.result("r")).toBe("read by 2");
    const before = await narrow.stateAt("r", past.sequence);
    expect(before.graph).toEqual(past);
    expect((await narrow.readTicks("r", { from: past.sequence + 1, limit: 1 })).ticks[0]).toMatchObject({
      kind: "ResumeRun",
      started: [{ step: "read" }],
    });
  });

  test("lists the run as paused, with what is missing, and does not touch it", async () => {
    const journal = await left();
    const engine = await open(reading({ version: "2", read: null }), journal);
    expect(await row(engine)).toMatchObject({
      status: "running",
      version: "1",
      pausedBecause: expect.stringContaining("step read is gone"),
      mismatch: { recorded: "1", current: "2", work: 3, steps: [{ step: "read", queued: 3 }] },
    });
    for (const refused of [engine.attach("r"), engine.sendEvent("r", Other()), engine.resumeRun("r")]) {
      expect(await refused.catch((error: unknown) => error)).toMatchObject({ code: "RUN_CODE_CHANGED" });
    }
    // Its past can be looked at meanwhile.
    expect((await engine.stateAt("r")).graph.steps["read"]).toMatchObject({ busy: 1, queued: 2 });
    // In the graph that its ticks were recorded with, here and in its file.
    const { version, graph } = await engine.describeRun("r");
    expect(version).toBe("1");
    expect(graph.edges.map(({ id }) => id)).toContain("event:Page>step:read");
    expect((await engine.exportRun("r"))["graph"]).toEqual(graph);
    await engine.close();
    const again = await open(reading({ version: "3" }), journal);
    expect(await again.result("r")).toBe("read by 3");
    expect(await row(again)).not.toHaveProperty("mismatch");
  });

  test("goes on when told so for this run: the rest is kept, is told, and is found by later code", async () => {
    const journal = await left();
    const problems: WorkflowError[] = [];
    const hook: RunHook = { onTick: () => undefined, onProblem: (problem) => void problems.push(problem) };
    const engine = await open(reading({ version: "2", read: null }), journal, "pause", [hook]);
    await engine.resumeRun("r", { onMismatch: "bestEffort" });
    expect(await row(engine)).toMatchObject({ status: "idle", version: "2", setAside: 3, queued: 0 });
    expect(await engine.describeRun("r")).toEqual((await engine.describeWorkflows())[0]);
    expect(await row(engine)).not.toHaveProperty("pausedBecause");
    expect(problems.map(({ code }) => code)).toEqual(["WORK_SET_ASIDE"]);
    await engine.close();
    // What was decided is in the history: the same code takes it up without being told again.
    const same = await open(reading({ version: "2", read: null }), journal);
    expect(await row(same)).toMatchObject({ status: "idle", setAside: 3 });
    const file = throughJson(await same.exportRun("r"));
    await same.close();
    const later = await open(reading({ version: "3" }), journal);
    expect(await later.result("r")).toBe("read by 3");
    expect(replayRunFile(file, reading({ until: never })).differences.map(({ kind }) => kind)).not.toContain(
      "recordDiffers",
    );
  });

  test("goes on with all runs when told so for the engine", async () => {
    const journal = await left();
    const hook: RunHook = { onTick: () => undefined, onProblem: () => undefined };
    const engine = await open(reading({ read: null }), journal, "bestEffort", [hook]);
    expect(await row(engine)).toMatchObject({ status: "idle", setAside: 3 });
    await engine.sendEvent("r", Other());
    expect(await engine.result("r")).toBe("other");
    expect(await row(engine)).not.toHaveProperty("setAside");
  });

  test("can cancel or delete a run that is paused", async () => {
    const engine = await open(reading({ read: null }), await left());
    await engine.cancelRun("r", "the step is gone");
    expect(await row(engine)).toMatchObject({ status: "cancelled" });
    expect(await row(engine)).not.toHaveProperty("pausedBecause");
    expect(await failureOf(await engine.attach("r"))).toMatchObject({ code: "WORKFLOW_CANCELLED" });
    const other = await open(reading({ read: null }), await left());
    await other.deleteRun("r");
    expect((await other.listRuns()).runs).toEqual([]);
  });

  test("keeps a wait of a step that is gone, and its answer", async () => {
    const asking = (step: string, version: string) =>
      defineWorkflow("asking", { version, timeout: null }).step(
        step,
        { accepts: StartEvent, emits: StopEvent },
        async (_event, ctx) => StopEvent([version, (await ctx.waitForEvent(Answer, { timeout: null })).data]),
      );
    const journal = new MemoryJournal();
    const clock = new SimulatedClock();
    const first = await createEngine({ asking: asking("ask", "1") }, { journal, clock });
    await first.start("asking", null, { runId: "r" });
    await settle();
    await first.close();
    const hooks: RunHook[] = [{ onTick: () => undefined, onProblem: () => undefined }];
    const renamed = await createEngine(
      { asking: asking("question", "2") },
      { journal, clock, hooks },
      { onMismatch: "bestEffort" },
    );
    await renamed.sendEvent("r", Answer("kept"));
    expect(await stateOf(renamed.result("r"))).toBe("pending");
    await renamed.close();
    const back = await createEngine({ asking: asking("ask", "3") }, { journal, clock });
    expect(await back.result("r")).toEqual(["3", "kept"]);
  });

  test("that serves no such workflow shows the run as it was recorded, and gives its file", async () => {
    const journal = await left();
    const served = await open(reading({ until: never }), await left());
    const nowhere = await openOther(journal);
    expect(await row(nowhere)).toMatchObject({ pausedBecause: expect.stringContaining("not served here") });
    expect((await nowhere.stateAt("r")).graph.steps["read"]).toMatchObject({ busy: 1, queued: 2 });
    expect((await nowhere.readTicks("r", { from: 1, limit: 10 })).ticks).toHaveLength(2);
    const { graph } = await nowhere.describeRun("r");
    expect(graph.nodes).toEqual((await served.describeRun("r")).graph.nodes);
    expect(replayRunFile(await nowhere.exportRun("r"), reading())).toMatchObject({ ticks: 2, differences: [] });
  });

  test("shows a run that ended before the code changed as it was recorded", async () => {
    const journal = new MemoryJournal();
    const first = await open(reading(), journal);
    await first.start("reading", null, { runId: "r" });
    await first.result("r");
    await first.close();
    const engine = await open(reading({ version: "2", read: null }), journal);
    const { version, graph } = await engine.describeRun("r");
    expect([version, graph.nodes.some(({ id }) => id === "step:read")]).toEqual(["1", true]);
  });

  test("takes up a history that is older than recorded definitions, and records it from then on", async () => {
    const journal = new MemoryJournal();
    const engine = await open(reading({ until: never }), journal);
    await engine.start("reading", null, { runId: "r" });
    await settle();
    await engine.close();
    const old = await withoutDefinitions(journal);
    const nowhere = await openOther(old);
    await expect(nowhere.stateAt("r")).rejects.toMatchObject({ code: "WORKFLOW_UNKNOWN" });
    await nowhere.close();
    const same = await open(reading({ until: never }), old);
    await settle();
    await same.close();
    const ticks: Tick[] = [];
    for await (const batch of old.read("r", { from: 1, to: 100 })) ticks.push(...batch.ticks);
    expect(ticks.find(({ kind }) => kind === "ResumeRun")).toHaveProperty("program");
    const paused = await open(reading({ read: null }), old);
    expect(await row(paused)).toMatchObject({ mismatch: { work: 3 } });
  });
});
