import {
  defineEvent,
  defineWorkflow,
  processRuntime,
  StartEvent,
  StopEvent,
  StorageError,
  withRetries,
} from "tickwork";
import { createEngine, FaultInjectingJournal, MemoryJournal, settle, SimulatedClock } from "tickwork/testing";
import { describe, expect, test } from "vitest";
import { BrokenDisk, full } from "./broken-disk.ts";
import { Answer, failureOf, single, stateOf } from "./fixtures.ts";

const Next = defineEvent("Next");
const lost = new StorageError("The connection was lost.", { code: "STORAGE_LOST" });

/** Two steps; the second begins only when the test lets the first one end. Both pay for something once. */
function twoSteps() {
  const began: string[] = [];
  let endFirst: () => void = () => undefined;
  const two = defineWorkflow("two", { timeout: null })
    .step("first", { accepts: StartEvent, emits: Next }, async (_event, ctx) => {
      began.push("first");
      await new Promise<void>((resolve) => (endFirst = resolve));
      await ctx.once("pay", () => began.push("pay"));
      return Next();
    })
    .step("second", { accepts: Next, emits: StopEvent }, () => {
      began.push("second");
      return StopEvent("done");
    });
  const asking = single(async (ctx) => (await ctx.waitForEvent(Answer)).data, { timeout: null }, { waitsFor: Answer });
  return { workflows: { two, single: asking }, began, endFirst: () => endFirst() };
}

/** An engine with two runs, of which one has noticed that the disk broke: the other is in its first step. */
async function broken(failure: StorageError) {
  const clock = new SimulatedClock();
  const disk = new BrokenDisk(clock);
  const { workflows, began, endFirst } = twoSteps();
  const runtime = withRetries({ ...processRuntime, clock, journal: disk });
  const engine = await createEngine(workflows, runtime);
  const asking = await engine.start("single", null, { runId: "asking" });
  const handler = await engine.start("two", null, { runId: "r" });
  await settle();
  disk.failure = failure;
  const sending = asking.sendEvent(Answer("yes"));
  sending.catch(() => undefined);
  await settle();
  return { clock, disk, runtime, workflows, engine, handler, asking, sending, began, endFirst };
}

describe("while the storage is full", () => {
  test("it is said of the storage and of the runs", async () => {
    const { engine, asking } = await broken(full);
    const problem = { code: "STORAGE_QUOTA", message: full.message, remedy: "freeSpace" };
    expect(await engine.storage()).toMatchObject({ state: "full", problem });
    const { runs } = await engine.listRuns();
    expect(runs.map(({ pausedBecause }) => pausedBecause)).toEqual([full.message, full.message]);
    expect(await stateOf(asking.result())).toBe("pending");
  });

  test("neither an effect nor a step begins; then each does once, and all goes on by itself", async () => {
    const { engine, clock, disk, handler, asking, sending, began, endFirst } = await broken(full);
    endFirst();
    await clock.advance(60_000);
    expect(began).toEqual(["first"]);
    disk.failure = null;
    await clock.advance(30_000);
    await sending;
    expect(await asking.result()).toBe("yes");
    expect(await handler.result()).toBe("done");
    expect(began).toEqual(["first", "pay", "second"]);
    expect(await engine.storage()).toMatchObject({ state: "ok" });
    expect(await engine.storage()).not.toHaveProperty("problem");
  });

  test("what a step at work returns is kept, and the step after it does not begin", async () => {
    const { clock, disk, engine, handler, began, endFirst } = await broken(full);
    disk.failure = null;
    await clock.advance(50);
    endFirst();
    disk.failure = full;
    await settle();
    expect(began).toEqual(["first", "pay"]);
    expect(await engine.storage()).toMatchObject({ state: "full" });
    disk.failure = null;
    await clock.advance(50);
    expect(await handler.result()).toBe("done");
  });

  test("nobody is left waiting: a run is not started, an event not taken, and neither exists later", async () => {
    const { engine, disk, asking, clock, handler } = await broken(full);
    await expect(engine.start("single", null, { runId: "new" })).rejects.toBe(full);
    await expect(handler.sendEvent(Answer("no"))).rejects.toMatchObject({
      code: "STORAGE_QUOTA",
      message: expect.stringContaining("was not taken"),
    });
    disk.failure = null;
    await clock.advance(60_000);
    expect(await asking.result()).toBe("yes");
    await expect(engine.attach("new")).rejects.toMatchObject({ code: "RUN_UNKNOWN" });
    await engine.start("single", null, { runId: "new" });
  });

  test("its past can be read, and the run exported as far as it is written", async () => {
    const { engine } = await broken(full);
    expect((await engine.readTicks("asking", { from: 1, limit: 9 })).ticks.length).toBeGreaterThan(0);
    expect(await engine.exportRun("asking")).toHaveProperty("ticks");
  });

  test("a run can be deleted, also one that waits to be written, and the others go on at once", async () => {
    const { engine, handler, asking, sending, endFirst } = await broken(full);
    endFirst();
    const told = [failureOf(asking), sending.catch((error: unknown) => error)];
    await engine.deleteRun("asking");
    expect(await handler.result()).toBe("done");
    for (const error of await Promise.all(told)) expect(error).toMatchObject({ message: "Run asking was deleted." });
    expect((await engine.listRuns()).runs.map(({ runId }) => runId)).toEqual(["r"]);
  });

  test("engine.retryStorage() tries at once, and so does waking up", async () => {
    for (const tryNow of ["retryStorage", "wake"] as const) {
      const { engine, clock, disk, asking } = await broken(full);
      await clock.advance(10_000);
      disk.failure = null;
      await engine[tryNow]();
      expect(await asking.result()).toBe("yes");
    }
  });

  test("whoever can make room is asked first, and nobody notices", async () => {
    const clock = new SimulatedClock();
    const disk = new BrokenDisk(clock);
    const runtime = withRetries({ ...processRuntime, clock, journal: disk });
    const { workflows } = twoSteps();
    const engine = await createEngine(workflows, runtime);
    const pruned: string[] = [];
    runtime.health.onFull(async () => {
      pruned.push("asked");
      disk.failure = null;
      return true;
    });
    disk.failure = full;
    const asking = await engine.start("single", null);
    disk.failure = full;
    await asking.sendEvent(Answer("yes"));
    expect(await asking.result()).toBe("yes");
    expect(pruned).toEqual(["asked", "asked"]);
  });

  test("an engine can be closed, and the next one takes its runs up where they were written", async () => {
    const { engine, clock, disk, asking, sending, workflows } = await broken(full);
    const told = [failureOf(asking), sending.catch((error: unknown) => error)];
    await engine.close();
    for (const error of await Promise.all(told)) expect(error).toBeInstanceOf(Error);
    const next = await createEngine(workflows, { clock, journal: disk.inner });
    const again = await next.attach("asking");
    await again.sendEvent(Answer("later"));
    expect(await again.result()).toBe("later");
  });
});

describe("a connection that is lost", () => {
  test("for a moment is no reason to refuse anything", async () => {
    const { engine, clock, disk, handler, asking, sending } = await broken(lost);
    expect(await engine.storage()).toMatchObject({ state: "lost", problem: { remedy: "wait" } });
    const second = handler.sendEvent(Answer("ignored"));
    disk.failure = null;
    await clock.advance(50);
    await Promise.all([sending, second]);
    expect(await asking.result()).toBe("yes");
  });

  test("for longer is: what is asked then may come too late", async () => {
    const { clock, handler } = await broken(lost);
    await clock.advance(10_000);
    await expect(handler.sendEvent(Answer("no"))).rejects.toMatchObject({ code: "STORAGE_LOST" });
  });
});

test.each([
  ["STORAGE_TAKEN_OVER", "takenOver"],
  ["STORAGE_REPLACED", "replaced"],
  ["STORAGE_NEWER", "newer"],
  ["STORAGE_DELETED", "deleted"],
])("%s is for good: the run stops, nothing begins, and it is said", async (code, state) => {
  const failure = new StorageError("No more.", { code });
  const { engine, handler, asking, sending, began, endFirst } = await broken(failure);
  await expect(sending).rejects.toBe(failure);
  expect(await failureOf(asking)).toBe(failure);
  expect(await engine.storage()).toMatchObject({ state, problem: { code, remedy: "reload" } });
  endFirst();
  await settle();
  expect(began).toEqual(["first"]);
  expect(await stateOf(handler.result())).toBe("pending");
  await engine.close();
  expect(await failureOf(handler)).toMatchObject({ code: "ENGINE_CLOSED" });
});

test("a child run that cannot be stored is started when it can, and its parent goes on", async () => {
  const clock = new SimulatedClock();
  const disk = new BrokenDisk(clock);
  const child = single(() => "of the child");
  const parent = defineWorkflow("parent", { timeout: null }).step(
    "step",
    { accepts: StartEvent, emits: StopEvent, runs: child },
    async (_event, ctx) => {
      disk.failure = lost;
      return StopEvent(await ctx.runWorkflow(child));
    },
  );
  const runtime = withRetries({ ...processRuntime, clock, journal: disk });
  const engine = await createEngine({ parent, single: child }, runtime);
  const handler = engine.start("parent", null);
  await clock.advance(500);
  disk.failure = null;
  await clock.advance(5000);
  expect(await (await handler).result()).toBe("of the child");
});

test("a run that could not be read when its engine started is taken up a little later, though nobody asks for it", async () => {
  const clock = new SimulatedClock();
  const inner = new MemoryJournal();
  const { workflows, began, endFirst } = twoSteps();
  const before = await createEngine(workflows, { clock, journal: new FaultInjectingJournal(inner, { durable: true }) });
  await before.start("two", null, { runId: "r" });
  await before.close();
  const journal = new FaultInjectingJournal(inner, {
    durable: true,
    clock,
    faults: [{ on: "read", call: 1, fail: lost }],
  });
  const engine = await createEngine(workflows, withRetries({ ...processRuntime, clock, journal }));
  await settle();
  expect(began).toEqual(["first"]);
  expect((await engine.listRuns()).runs[0]).toMatchObject({ pausedBecause: lost.message });
  await clock.advance(5000);
  expect(began).toEqual(["first", "first"]);
  endFirst();
  expect(await (await engine.attach("r")).result()).toBe("done");
});

test("without retries a failed write ends the run's stay, as before", async () => {
  const clock = new SimulatedClock();
  const disk = new BrokenDisk(clock, new MemoryJournal());
  const engine = await createEngine(twoSteps().workflows, { clock, journal: disk });
  const asking = await engine.start("single", null);
  await settle();
  disk.failure = full;
  await expect(asking.sendEvent(Answer("yes"))).rejects.toBe(full);
  expect(await engine.storage()).toMatchObject({ state: "full", problem: { code: "STORAGE_QUOTA" } });
});
