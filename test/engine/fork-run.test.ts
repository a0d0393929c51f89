import { constantDelay, defineEvent, defineWorkflow, StartEvent, StopEvent, type WorkflowEvent } from "tickwork";
import { createEngine, FaultInjectingJournal, MemoryJournal, settle, SimulatedClock } from "tickwork/testing";
import { expect, test } from "vitest";
import { z } from "zod";
import { Answer, failureOf, readAll, single, throughJson, typesOf } from "./fixtures.ts";

const Part = defineEvent("Part", z.object({ n: z.number() }));

/** Counts to three in its store, then asks. */
const counting = (version = "1", numWorkers = 1) =>
  defineWorkflow("counting", { version, timeout: null, state: z.object({ sum: z.number().default(0) }) })
    .step("split", { accepts: StartEvent, emits: Part }, (_event, ctx) => {
      for (let n = 1; n <= 3; n++) ctx.sendEvent(Part({ n }));
    })
    .step("add", { accepts: Part, emits: StopEvent, numWorkers, waitsFor: Answer }, async ({ data }, ctx) => {
      ctx.writeEventToStream(Part(data));
      if (data.n === 3)
        return StopEvent({ said: (await ctx.waitForEvent(Answer)).data, sum: await ctx.store.get("sum") });
      await ctx.store.edit((draft) => void (draft.sum += data.n));
      return undefined;
    });

const answer = (data: unknown): WorkflowEvent => ({ type: "Answer", data });

async function open(
  workflows: Parameters<typeof createEngine>[0] = { counting: counting() },
  journal = new MemoryJournal(),
) {
  const clock = new SimulatedClock();
  return { engine: await createEngine(workflows, { journal, clock }), clock, journal };
}
type Engine = Awaited<ReturnType<typeof open>>["engine"];
const tickWith = async (engine: Engine, runId: string, kind: string): Promise<number> => {
  const { ticks } = await engine.readTicks(runId, { from: 1, limit: 99 });
  return ticks.find((tick) => tick.kind === kind)?.sequence ?? 0;
};

test("of a run that goes on: both go their own ways", async () => {
  const { engine, clock } = await open();
  const first = await engine.start("counting", null, { runId: "first" });
  await settle();
  await clock.advance(10);
  expect(await engine.forkRun("first", { runId: "second" })).toBe("second");
  const second = await engine.attach("second");
  await settle();
  await first.sendEvent(answer("a"));
  await second.sendEvent(answer("b"));
  expect([await first.result(), await second.result()]).toEqual([
    { said: "a", sum: 3 },
    { said: "b", sum: 3 },
  ]);
  const { runs } = await engine.listRuns();
  const at = (await engine.readTicks("second", { from: 1, limit: 99 })).historyFrom;
  expect(runs[0]).toMatchObject({ runId: "second", forkedFrom: { runId: "first", sequence: (at ?? 0) - 1 } });
  expect(runs[1]).not.toHaveProperty("forkedFrom");
  expect(typesOf(await readAll(second.streamEvents()))).toEqual(["Part", "StopEvent"]);
});

test("from an earlier tick of a finished run: the work of that moment is done again, by newer code", async () => {
  const journal = new MemoryJournal();
  const { engine } = await open(undefined, journal);
  const first = await engine.start("counting", null, { runId: "first" });
  await settle();
  await first.sendEvent(answer("a"));
  await first.result();
  await engine.close();
  const newer = await open({ counting: counting("2", 4) }, journal);
  // The first result: the parts are queued, none is added.
  await newer.engine.forkRun("first", { atSequence: 2, runId: "again" });
  const again = await newer.engine.attach("again");
  await settle();
  await again.sendEvent(answer("c"));
  expect(await again.result()).toEqual({ said: "c", sum: 3 });
  expect((await newer.engine.listRuns()).runs.map(({ runId, version }) => `${runId} ${version}`).toSorted()).toEqual([
    "again 2",
    "first 1",
  ]);
});

test("of an imported run, and the fork exports and imports as any other", async () => {
  const { engine } = await open();
  await engine.start("counting", null, { runId: "first" });
  await settle();
  const file = throughJson(await engine.exportRun("first"));
  const { engine: other } = await open();
  await other.importRun(file);
  await other.forkRun("first", { runId: "fork" });
  await settle();
  const exported = throughJson(await other.exportRun("fork"));
  await other.importRun(exported, { runId: "copy" });
  expect((await other.listRuns()).runs.find(({ runId }) => runId === "copy")).toMatchObject({
    readOnly: true,
    forkedFrom: { runId: "first" },
  });
  await other.sendEvent("fork", answer("d"));
  expect(await other.result("fork")).toMatchObject({ said: "d" });
});

test("of a failed run: what failed is tried again; of a completed one, from its end: refused", async () => {
  let broken = true;
  const flaky = single(() => {
    if (broken) throw new Error("broken");
    return "mended";
  });
  const { engine } = await open({ single: flaky });
  await failureOf(await engine.start("single", null, { runId: "r" }));
  broken = false;
  await engine.forkRun("r", { runId: "fork" });
  expect(await engine.result("fork")).toBe("mended");
  await expect(engine.forkRun("fork")).rejects.toMatchObject({ code: "RUN_COMPLETED" });
});

test.each([0, -1, 1.5, 99, Number.NaN])("tick %d, which is none, is refused", async (atSequence) => {
  const { engine } = await open();
  await engine.start("counting", null, { runId: "first" });
  await expect(engine.forkRun("first", { atSequence })).rejects.toMatchObject({ code: "TICK_UNKNOWN" });
});

test("refused: an unknown run, an id that is taken, a workflow that is not served", async () => {
  const { engine, journal } = await open();
  await engine.start("counting", null, { runId: "first" });
  await expect(engine.forkRun("nope")).rejects.toMatchObject({ code: "RUN_UNKNOWN" });
  await expect(engine.forkRun("first", { runId: "first" })).rejects.toMatchObject({ code: "RUN_EXISTS" });
  await settle();
  const { engine: other } = await open({}, journal);
  await expect(other.forkRun("first")).rejects.toMatchObject({ code: "WORKFLOW_UNKNOWN" });
});

test("where the code has no place for its work: refused, or without that work", async () => {
  const { engine, journal } = await open();
  await engine.start("counting", null, { runId: "first" });
  await settle();
  await engine.close();
  const changed = single(() => 1);
  const renamed = defineWorkflow("counting", { timeout: null }).step(
    "other",
    { accepts: StartEvent, emits: StopEvent },
    () => StopEvent(),
  );
  const hooks = [{ onTick: () => undefined, onProblem: () => undefined }];
  const other = await createEngine({ changed, renamed }, { journal, clock: new SimulatedClock(), hooks });
  await expect(other.forkRun("first", { runId: "f" })).rejects.toMatchObject({ code: "RUN_CODE_CHANGED" });
  expect(await journal.getRun("f")).toBeUndefined();
  await other.forkRun("first", { runId: "f", onMismatch: "bestEffort" });
  expect((await other.listRuns()).runs.find(({ runId }) => runId === "f")).toMatchObject({ setAside: 1 });
});

test("timers that fell due since then fire at once; a new time limit counts from now", async () => {
  let attempts = 0;
  const retried = single(
    () => {
      attempts += 1;
      if (attempts < 2) throw new Error("not yet");
      return attempts;
    },
    { timeout: 60_000 },
    { retryPolicy: constantDelay({ maximumAttempts: 5, delay: 5_000 }) },
  );
  const { engine, clock } = await open({ single: retried });
  await engine.start("single", null, { runId: "r" });
  await clock.advance(6_000);
  expect(await engine.result("r")).toBe(2);
  await clock.advance(100_000);
  await engine.forkRun("r", { runId: "f", atSequence: 2 });
  expect(await engine.result("f")).toBe(3);
});

test("a child that goes on starts anew as the fork's own, one that ended is not run again", async () => {
  const ran: string[] = [];
  const child = defineWorkflow("child", { timeout: null }).step(
    "ask",
    { accepts: StartEvent, emits: StopEvent, waitsFor: Answer },
    async (event, ctx) => {
      ran.push(`${ctx.runId} ${event.data as string}`);
      return StopEvent(event.data === "waits" ? (await ctx.waitForEvent(Answer)).data : "done");
    },
  );
  const family = defineWorkflow("family", { timeout: null }).step(
    "both",
    { accepts: StartEvent, emits: StopEvent, runs: [child] },
    async (_event, ctx) =>
      StopEvent([await ctx.runWorkflow(child, "quick"), await ctx.runWorkflow(child, "waits")] as never),
  );
  const { engine } = await open({ family });
  await engine.start("family", null, { runId: "first" });
  await settle();
  await engine.forkRun("first", { runId: "fork" });
  await settle();
  await engine.sendEvent("fork/1/child#1", answer("mine"));
  expect(await engine.result("fork")).toEqual(["done", "mine"]);
  expect(ran.filter((each) => each.endsWith("quick"))).toEqual(["first/1/child#0 quick"]);
  expect((await engine.listRuns({ parent: "first" })).runs.map(({ status }) => status).toSorted()).toEqual([
    "completed",
    "idle",
  ]);
});

test("a crash right after it was stored loses nothing: the next engine takes it up", async () => {
  const journal = new FaultInjectingJournal(new MemoryJournal(), { durable: true });
  const engine = await createEngine({ counting: counting() }, { journal, clock: new SimulatedClock() });
  await engine.start("counting", null, { runId: "first" });
  await settle();
  const at = await tickWith(engine, "first", "StepResult");
  journal.inject({ on: "createRun", runId: "fork", crash: "after" });
  await expect(engine.forkRun("first", { runId: "fork", atSequence: at })).rejects.toMatchObject({
    code: "SIMULATED_CRASH",
  });
  const { engine: next } = await open(undefined, journal.inner as MemoryJournal);
  await settle();
  await next.sendEvent("fork", answer("e"));
  expect(await next.result("fork")).toEqual({ said: "e", sum: 3 });
});
