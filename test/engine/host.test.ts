import {
  constantDelay,
  defineWorkflow,
  EngineUnavailableError,
  StartEvent,
  StopEvent,
  WorkflowConfigurationError,
} from "tickwork";
import { MemoryJournal, settle, SimulatedClock } from "tickwork/testing";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { DurableJournal } from "./durable-journal.ts";
import { Answer, failureOf, gate, readAll, stateOf, typesOf } from "./fixtures.ts";
import { A, asking, failing, open, quick, ticksOf } from "./host-fixtures.ts";

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
