import { allOf, constantDelay, defineEvent, defineWorkflow, StartEvent, StopEvent } from "tickwork";
import type { DebugCommand, RunHold } from "tickwork/client";
import { createEngine, FaultInjectingJournal, MemoryJournal, settle, SimulatedClock } from "tickwork/testing";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { Answer, failureOf, gate, single } from "./fixtures.ts";

const Item = defineEvent("Item", z.number());
const Other = defineEvent("Other");
const Done = defineEvent("Done", z.number());

/** Three items and another event go through `work`, which has three slots, and are gathered at the end. */
function gathering(began: unknown[] = [], go: Promise<void> = Promise.resolve()) {
  return defineWorkflow("gather", { timeout: null })
    .step("begin", { accepts: StartEvent, emits: [Item, Other] }, async (_event, ctx) => {
      await go;
      for (const each of [1, 2, 3]) ctx.sendEvent(Item(each));
      ctx.sendEvent(Other());
    })
    .step("work", { accepts: [Item, Other], emits: Done, numWorkers: 3 }, (event) => {
      began.push(event.type === "Item" ? event.data : "other");
      return Done(event.type === "Item" ? event.data : 0);
    })
    .step("end", { accepts: Done, emits: StopEvent }, (event, ctx) => {
      const all = ctx.collectEvents(event, [Done, Done, Done, Done]);
      return all ? StopEvent(all.map(({ data }) => data).toSorted((a, b) => a - b)) : undefined;
    });
}

const START = new SimulatedClock().now();

const retrying = (tries: number[], clock: SimulatedClock, timeout: number | null) =>
  single(
    () => {
      tries.push(clock.now() - START);
      if (tries.length === 1) throw new Error("again");
      return "done";
    },
    { timeout },
    { retryPolicy: constantDelay({ delay: 1000, maximumAttempts: 3 }) },
  );

async function open(workflows: Parameters<typeof createEngine>[0], clock = new SimulatedClock()) {
  const journal = new FaultInjectingJournal(new MemoryJournal(), { durable: true });
  const engine = await createEngine(workflows, { journal, clock });
  const debug = (command: DebugCommand, connection?: AbortSignal) => engine.debugRun("r", command, connection);
  const hold = async (): Promise<RunHold | undefined> => (await engine.listRuns()).runs[0]?.held;
  return { engine, journal, clock, debug, hold };
}

/** A run of three items, held before `work` from its beginning. */
async function heldBeforeWork(connection?: AbortSignal) {
  const began: unknown[] = [];
  const go = gate();
  const opened = await open({ gather: gathering(began, go.promise) });
  const handler = await opened.engine.start("gather", null, { runId: "r" });
  await opened.debug({ kind: "set", breakpoints: [{ step: "work" }] }, connection);
  go.open();
  await settle();
  return { ...opened, handler, began };
}

/** A run that is paused after its first attempt, which failed; `tries` has when each attempt began. */
async function pausedBeforeRetry(timeout: number | null = null) {
  const tries: number[] = [];
  const clock = new SimulatedClock();
  const opened = await open({ single: retrying(tries, clock, timeout) }, clock);
  const handler = await opened.engine.start("single", null, { runId: "r" });
  await settle();
  await opened.debug({ kind: "pause" });
  return { ...opened, handler, tries };
}

describe("a breakpoint", () => {
  test("holds work items before its step: they have their slots, and nothing of it is in the log", async () => {
    const { engine, began, hold } = await heldBeforeWork();
    expect(began).toEqual([]);
    expect(await hold()).toMatchObject({ isPaused: false, since: START, steps: [{ step: "work", count: 3 }] });
    const { graph, workItems } = await engine.stateAt("r");
    expect(graph.steps["work"]).toMatchObject({ busy: 3, held: 3, queued: 1 });
    expect(workItems.filter(({ isHeld }) => isHeld)).toHaveLength(3);
    const { ticks } = await engine.readTicks("r", { from: 1, limit: 100 });
    expect(ticks.map(({ kind }) => kind)).toEqual(["StartRun", "StepResult"]);
  });

  test("step lets exactly one begin, the one that has waited longest, and pauses the rest", async () => {
    const { began, debug, hold } = await heldBeforeWork();
    await debug({ kind: "step" });
    await settle();
    expect(began).toEqual([1]);
    // Its result is recorded; what comes of it waits behind the others, and the slot went to the fourth.
    expect(await hold()).toMatchObject({
      isPaused: true,
      steps: [
        { step: "work", count: 3 },
        { step: "end", count: 1 },
      ],
    });
  });

  test("resume lets go what is held; the next is held again; without breakpoints the result is that of any run", async () => {
    const { handler, began, debug, hold } = await heldBeforeWork();
    await debug({ kind: "resume" });
    await settle();
    expect(began).toEqual([1, 2, 3]);
    expect((await hold())?.steps).toMatchObject([{ step: "work", count: 1 }]);
    await debug({ kind: "set", breakpoints: [] });
    expect(await handler.result()).toEqual([0, 1, 2, 3]);
    expect(await hold()).toBeUndefined();
  });

  test("for one event type lets the others pass", async () => {
    const { began, debug, hold } = await heldBeforeWork();
    await debug({ kind: "set", breakpoints: [{ step: "work", eventType: "Other" }] });
    await settle();
    expect(began).toEqual([1, 2, 3]);
    expect((await hold())?.steps).toMatchObject([{ step: "work", count: 1 }]);
  });

  test("for the event that a step waits for holds it when the answer is there, and not at its beginning", async () => {
    const told: unknown[] = [];
    const { engine, debug, hold } = await open({
      single: single(
        async (ctx) => told.push((await ctx.waitForEvent(Answer, { timeout: null })).data),
        { timeout: null },
        { waitsFor: [Answer] },
      ),
    });
    const handler = await engine.start("single", null, { runId: "r" });
    await debug({ kind: "set", breakpoints: [{ step: "step", eventType: "Answer" }] });
    await settle();
    expect(await hold()).toMatchObject({ steps: [] });
    await handler.sendEvent(Answer("yes"));
    await settle();
    expect((await hold())?.steps).toMatchObject([{ step: "step", count: 1 }]);
    expect(told).toEqual([]);
    await debug({ kind: "resume" });
    await handler.result();
    expect(told).toEqual(["yes"]);
  });

  test("for any event of the set that a join gathered", async () => {
    const go = gate();
    const joined = defineWorkflow("joined", { timeout: null })
      .step("begin", { accepts: StartEvent, emits: [Item, Other] }, async (_event, ctx) => {
        await go.promise;
        ctx.sendEvent(Item(1));
        ctx.sendEvent(Other());
      })
      .step("both", { accepts: allOf(Item, Other), emits: StopEvent }, () => StopEvent());
    const { engine, debug, hold } = await open({ joined });
    await engine.start("joined", null, { runId: "r" });
    await debug({ kind: "set", breakpoints: [{ step: "both", eventType: "Other" }] });
    go.open();
    await settle();
    expect((await hold())?.steps).toMatchObject([{ step: "both", count: 1 }]);
  });

  test("before a step that is not there is refused, and so is what is no command", async () => {
    const { debug } = await heldBeforeWork();
    await expect(debug({ kind: "set", breakpoints: [{ step: "no" }] })).rejects.toMatchObject({ code: "STEP_UNKNOWN" });
    for (const command of [{ kind: "no" }, { kind: "set" }, { kind: "set", breakpoints: [{ step: 1 }] }]) {
      await expect(debug(command as never)).rejects.toMatchObject({ code: "CALL_INVALID" });
    }
  });
});

describe("a run that is held", () => {
  test("is cancelled at once, and what was held never begins", async () => {
    const { engine, handler, began, debug, hold } = await heldBeforeWork();
    await engine.cancelRun("r");
    expect(await failureOf(handler)).toMatchObject({ name: "WorkflowCancelledByUser" });
    await settle();
    expect(began).toEqual([]);
    expect(await hold()).toBeUndefined();
    await expect(debug({ kind: "resume" })).rejects.toMatchObject({ code: "RUN_ENDED" });
  });

  test("goes on by itself after a crash, and its log has nothing of the hold", async () => {
    const { journal, began } = await heldBeforeWork();
    journal.crash();
    const again = await createEngine(
      { gather: gathering(began) },
      { journal: journal.inner, clock: new SimulatedClock() },
    );
    expect(await again.result("r")).toEqual([0, 1, 2, 3]);
    expect((await again.listRuns()).runs[0]).not.toHaveProperty("held");
  });

  test("goes on when the last connection that asked for something is gone", async () => {
    const [first, second] = [new AbortController(), new AbortController()];
    const { handler, began, debug, hold } = await heldBeforeWork(first.signal);
    await debug({ kind: "pause" }, second.signal);
    first.abort();
    await settle();
    expect(began).toEqual([]);
    expect(await hold()).toMatchObject({ isPaused: true, breakpoints: [{ step: "work" }] });
    second.abort();
    expect(await handler.result()).toEqual([0, 1, 2, 3]);
  });

  test("a connection that was gone before its wish arrived holds nothing", async () => {
    const { handler, hold } = await heldBeforeWork(AbortSignal.abort());
    expect(await hold()).toBeUndefined();
    expect(await handler.result()).toEqual([0, 1, 2, 3]);
  });

  test("takes events, and what comes of them waits", async () => {
    const began: string[] = [];
    const asking = single(
      async (ctx) => {
        began.push("begun");
        return (await ctx.waitForEvent(Answer)).data;
      },
      { timeout: null },
    );
    const { engine, debug } = await open({ single: asking });
    const handler = await engine.start("single", null, { runId: "r" });
    await settle();
    await debug({ kind: "pause" });
    await handler.sendEvent(Answer("yes"));
    await settle();
    expect(began).toEqual(["begun"]);
    await debug({ kind: "resume" });
    expect(await handler.result()).toBe("yes");
  });
});

describe("a pause", () => {
  test("keeps a timer that is due, and says so; it takes effect on resume", async () => {
    const { clock, debug, hold, handler, tries } = await pausedBeforeRetry();
    await clock.advance(5000);
    expect(tries).toEqual([0]);
    expect(await hold()).toMatchObject({ isPaused: true, since: START, steps: [], isTimerDue: true });
    expect(await hold()).not.toHaveProperty("deadline");
    await debug({ kind: "resume" });
    expect(await handler.result()).toBe("done");
    expect(tries).toEqual([0, 5000]);
  });

  test("lets one timer take effect with a step, and the attempt begin with the next", async () => {
    const { clock, debug, hold, handler, tries } = await pausedBeforeRetry();
    await clock.advance(5000);
    await debug({ kind: "step" });
    await settle();
    expect(tries).toEqual([0]);
    expect(await hold()).toMatchObject({ steps: [{ step: "step", count: 1 }], isTimerDue: false });
    await debug({ kind: "step" });
    expect(await handler.result()).toBe("done");
  });

  test("does not move the end of the run's time, also behind a timer that waits", async () => {
    const { clock, handler, hold } = await pausedBeforeRetry(3000);
    expect((await hold())?.deadline).toBe(START + 3000);
    await clock.advance(2999);
    expect(handler.status).not.toBe("timedOut");
    await clock.advance(1);
    expect(await failureOf(handler)).toMatchObject({ name: "WorkflowTimeoutError" });
    expect(handler.status).toBe("timedOut");
  });

  test("keeps an idle run in memory, which leaves it after its end", async () => {
    const { engine, clock, debug } = await open({
      single: single((ctx) => ctx.waitForEvent(Answer), { timeout: null }),
    });
    await engine.start("single", null, { runId: "r" });
    await settle();
    const isLoaded = async () => (await engine.listRuns()).runs[0]?.loaded;
    await debug({ kind: "pause" });
    await clock.advance(600_000);
    expect(await isLoaded()).toBe(true);
    await debug({ kind: "resume" });
    await clock.advance(600_000);
    expect(await isLoaded()).toBe(false);
    // Somebody debugs it: it comes back to be held.
    await debug({ kind: "pause" });
    expect(await isLoaded()).toBe(true);
  });

  test("stepping from the first to the last gives the result of a run that nobody held, one beginning at a time", async () => {
    const began: unknown[] = [];
    const go = gate();
    const { engine, debug } = await open({ gather: gathering(began, go.promise) });
    const handler = await engine.start("gather", null, { runId: "r" });
    await debug({ kind: "pause" });
    go.open();
    await settle();
    for (let steps = 0; handler.status === "running"; steps++) {
      expect(steps).toBeLessThan(20);
      const before = began.length;
      await debug({ kind: "step" });
      await settle();
      expect(began.length - before).toBeLessThanOrEqual(1);
    }
    expect(await handler.result()).toEqual([0, 1, 2, 3]);
  });

  test("is told to who inspects the run", async () => {
    const asking = await open({ single: single((ctx) => ctx.waitForEvent(Answer), { timeout: null }) });
    await asking.engine.start("single", null, { runId: "r" });
    await settle();
    const told = new Promise<RunHold>((resolve) => {
      asking.engine.inspect("r", ({ runs }) => {
        const held = runs[0]?.held;
        if (held) resolve(held);
      });
    });
    await asking.debug({ kind: "pause" });
    expect((await told).isPaused).toBe(true);
  });
});
