/** What a host makes of the runs it finds in its journal, and how many go on at once. */
import { constantDelay, defineWorkflow, StartEvent, StopEvent, type Workflow } from "tickwork";
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
import { describe, expect, test } from "vitest";
import { Answer, gate, stateOf } from "./fixtures.ts";

const IDLE = 1000;

const asking = (options: { version?: string; numConcurrentRuns?: number; timeout?: number | null } = {}) =>
  defineWorkflow("asking", { ...options, timeout: null }).step(
    "ask",
    { accepts: StartEvent, emits: StopEvent, waitsFor: Answer },
    async (_event, ctx) =>
      StopEvent(
        (await ctx.waitForEvent(Answer, { timeout: options.timeout ?? null }).catch(() => null))?.data ?? "late",
      ),
  );

async function open(
  workflow: Workflow,
  {
    journal = new MemoryJournal(),
    clock = new SimulatedClock(),
    idleTimeout = IDLE,
  }: { journal?: Journal; clock?: SimulatedClock; idleTimeout?: number | null } = {},
) {
  const engine = await createEngine({ [workflow.name]: workflow }, { journal, clock }, { idleTimeout });
  const loaded = async (): Promise<Record<string, boolean>> =>
    Object.fromEntries((await engine.listRuns()).runs.map((run) => [run.runId, run.loaded]));
  const statuses = async (): Promise<Record<string, string>> =>
    Object.fromEntries((await engine.listRuns()).runs.map((run) => [run.runId, run.status]));
  return { engine, journal, clock, loaded, statuses };
}

/** A journal left behind by an engine in which `r` waits. */
async function leftBehind(workflow: Workflow, journal: Journal = new MemoryJournal()) {
  const clock = new SimulatedClock();
  const { engine } = await open(workflow, { journal, clock });
  await engine.start(workflow.name, null, { runId: "r" });
  await settle();
  await engine.close();
  return { journal, clock };
}

const kindsOf = async (journal: Journal, runId = "r"): Promise<string[]> => {
  await settle();
  const kinds: string[] = [];
  for await (const { ticks } of journal.read(runId, { from: 1, to: 1e9 })) kinds.push(...ticks.map(({ kind }) => kind));
  return kinds;
};

describe("at the start", () => {
  test("an idle run stays in the journal, and nothing of it is read or written", async () => {
    const { journal, clock } = await leftBehind(asking());
    const watched = new FaultInjectingJournal(journal);
    const { engine, loaded } = await open(asking(), { journal: watched, clock });
    expect(await loaded()).toEqual({ r: false });
    expect([...new Set(watched.calls.map(({ operation }) => operation))]).toEqual(["listRuns"]);
    expect(await kindsOf(journal)).not.toContain("ResumeRun");
    await engine.sendEvent("r", Answer(3));
    expect(await engine.result("r")).toBe(3);
  });

  test("it is there for those who attach to it, wait for it and read it", async () => {
    const { journal, clock } = await leftBehind(asking());
    const { engine, loaded } = await open(asking(), { journal, clock });
    const handler = await engine.attach("r");
    expect(handler.status).toBe("idle");
    const result = handler.result();
    expect(await stateOf(result)).toBe("pending");
    const next = handler.streamEvents().next();
    expect(await loaded()).toEqual({ r: false });
    await handler.sendEvent(Answer("yes"));
    expect(await result).toBe("yes");
    expect((await next).value).toMatchObject({ type: "StopEvent", sequence: 1 });
  });

  test("its next due time is known", async () => {
    const workflow = asking({ timeout: 5000 });
    const { journal, clock } = await leftBehind(workflow);
    const { engine, loaded } = await open(workflow, { journal, clock });
    expect(clock.nextDue).toBe((await journal.getRun("r"))?.dueAt);
    await clock.advance(4999);
    expect(await loaded()).toEqual({ r: false });
    await clock.advance(1);
    expect(await engine.result("r")).toBe("late");
  });

  test("it is loaded at once if it fell due meanwhile", async () => {
    const workflow = asking({ timeout: 5000 });
    const { journal, clock } = await leftBehind(workflow);
    clock.jumpTo(clock.now() + 5000);
    const { engine } = await open(workflow, { journal, clock });
    expect(await engine.result("r")).toBe("late");
  });

  test("it is loaded if its record is of an earlier version and does not say when it is due", async () => {
    class Older extends MemoryJournal {
      override append(runId: string, batch: TickBatch, record: RunRecord): undefined {
        const { dueAt: _due, idleSince: _since, ...rest } = record;
        return super.append(runId, batch, rest);
      }
    }
    const workflow = asking({ timeout: 5000 });
    const { journal, clock } = await leftBehind(workflow, new Older());
    const { engine, loaded } = await open(workflow, { journal, clock });
    expect(await loaded()).toEqual({ r: true });
    await clock.advance(5000);
    expect(await engine.result("r")).toBe("late");
  });

  test.each([
    ["the code has another version", asking({ version: "2" }), IDLE],
    ["runs never leave memory", asking(), null],
  ] as const)("it is loaded if %s", async (_why, workflow, idleTimeout) => {
    const { journal, clock } = await leftBehind(asking());
    const { loaded } = await open(workflow, { journal, clock, idleTimeout });
    expect(await loaded()).toEqual({ r: true });
  });

  test.each([
    ["at work", async () => (await gate().promise, StopEvent())],
    ["backing off", () => Promise.reject(new Error("no"))],
  ] as const)("a run that is %s is loaded", async (_what, step) => {
    const workflow = defineWorkflow("w", { timeout: null }).step(
      "a",
      { accepts: StartEvent, emits: StopEvent, retryPolicy: constantDelay({ delay: 1e6, maximumAttempts: 9 }) },
      step,
    );
    const { journal, clock } = await leftBehind(workflow);
    const { loaded } = await open(workflow, { journal, clock });
    expect(await loaded()).toEqual({ r: true });
  });
});

describe("numConcurrentRuns", () => {
  const limited = () => asking({ numConcurrentRuns: 2 });
  /** Runs a, b and c, of which two may go on, long enough ago that the idle ones are released. */
  async function three() {
    const opened = await open(limited());
    for (const runId of ["a", "b", "c"]) {
      await opened.engine.start("asking", runId, { runId });
      await opened.clock.advance(1);
    }
    await opened.clock.advance(IDLE);
    return opened;
  }
  const waiting = { a: "idle", b: "idle", c: "queued" };

  test("counts runs that are released: they keep their slots", async () => {
    const { loaded, statuses, engine } = await three();
    expect([await loaded(), await statuses()]).toEqual([{ a: false, b: false, c: true }, waiting]);
    await engine.close();
  });

  test("does not count a run twice that is loaded again, however often", async () => {
    const { engine, clock, statuses } = await three();
    for (let round = 0; round < 3; round++) {
      await (await engine.attach("a")).snapshot();
      expect(await statuses()).toEqual(waiting);
      await clock.advance(IDLE);
    }
    await engine.sendEvent("a", Answer(1));
    await settle();
    expect(await statuses()).toEqual({ a: "completed", b: "idle", c: "idle" });
    await engine.start("asking", null, { runId: "d" });
    await settle();
    expect((await statuses())["d"]).toBe("queued");
    await engine.close();
  });

  test("lets the next one go on when a released run is cancelled or deleted", async () => {
    const { engine, statuses } = await three();
    await engine.start("asking", null, { runId: "d" });
    await engine.cancelRun("a");
    await engine.deleteRun("b");
    await settle();
    expect(await statuses()).toEqual({ a: "cancelled", c: "idle", d: "idle" });
    await engine.close();
  });

  test("holds after a restart, in the order in which the runs were started", async () => {
    const first = await three();
    await first.engine.close();
    const { engine, statuses, loaded } = await open(limited(), first);
    await settle();
    expect([await statuses(), await loaded()]).toEqual([waiting, { a: false, b: false, c: true }]);
    await engine.sendEvent("b", Answer(2));
    await settle();
    expect(await statuses()).toEqual({ a: "idle", b: "completed", c: "idle" });
    await engine.close();
  });

  test("makes idle runs wait their turn that are more than a smaller limit allows", async () => {
    const first = await three();
    await first.engine.close();
    const one = asking({ numConcurrentRuns: 1 });
    const { engine, statuses } = await open(one, first);
    await settle();
    expect(await statuses()).toEqual({ a: "idle", b: "queued", c: "queued" });
    await engine.close();
  });

  test("is free again for others in this process when the host is closed", async () => {
    const workflow = limited();
    const first = await open(workflow);
    for (const runId of ["a", "b"]) await first.engine.start("asking", null, { runId });
    await first.clock.advance(IDLE);
    await first.engine.close();
    const { engine, statuses } = await open(workflow);
    for (const runId of ["a", "b"]) await engine.start("asking", null, { runId });
    await settle();
    expect(await statuses()).toEqual({ a: "idle", b: "idle" });
    await engine.close();
  });
});
