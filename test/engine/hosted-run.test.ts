/** Released runs come back by themselves. */
import {
  defineWorkflow,
  EngineUnavailableError,
  resource,
  StartEvent,
  StopEvent,
  WorkflowCancelledByUser,
} from "tickwork";
import { settle } from "tickwork/testing";
import { describe, expect, test } from "vitest";
import type { InspectionBatch, RunSummary } from "../../src/inspection/inspection-event.ts";
import { Answer, failureOf, gate, readAll, stateOf, typesOf } from "./fixtures.ts";
import { asking, faulty, IDLE, Note, noting, open, released, ticksOf, twice } from "./idle-fixtures.ts";

describe("a released run", () => {
  test("does not run steps again that were done, and the one that waits only for its answer", async () => {
    const ran: string[] = [];
    const workflow = defineWorkflow("w", { timeout: null })
      .step("a", { accepts: StartEvent, emits: Note }, () => (ran.push("a"), Note()))
      .step("b", { accepts: Note, emits: StopEvent, waitsFor: Answer }, async (_event, ctx) => {
        ran.push("b");
        return StopEvent((await ctx.waitForEvent(Answer, { timeout: null })).data);
      });
    const { engine, handler, clock } = await released(workflow);
    await engine.stateAt("r");
    await handler.snapshot();
    await clock.advance(IDLE);
    await handler.sendEvent(Answer(1));
    expect([await handler.result(), ran]).toEqual([1, ["a", "b", "b"]]);
  });

  test("keeps the promise of a result that was asked for before, and gives one that is asked for now", async () => {
    const { engine, clock } = await open({ asking });
    const handler = await engine.start("asking", null, { runId: "r" });
    const before = handler.result();
    await clock.advance(IDLE);
    const now = handler.result();
    const elsewhere = engine.result("r");
    expect(await stateOf(before)).toBe("pending");
    await engine.sendEvent("r", Answer(7));
    expect(await Promise.all([before, now, elsewhere, (await engine.attach("r")).result()])).toEqual([7, 7, 7, 7]);
  });

  test("rejects a result that is waited for when it fails after its return", async () => {
    const workflow = defineWorkflow("w", { timeout: null }).step(
      "a",
      { accepts: StartEvent, emits: StopEvent, waitsFor: Answer },
      async (_event, ctx) => {
        await ctx.waitForEvent(Answer, { timeout: null });
        throw new TypeError("bad answer");
      },
    );
    const { engine, clock } = await open({ workflow });
    const handler = await engine.start("workflow", null);
    const failure = failureOf(handler);
    await clock.advance(IDLE);
    await handler.sendEvent(Answer());
    expect(await failure).toMatchObject({ name: "TypeError", message: "bad answer" });
  });

  test("goes on in open streams without a gap or a duplicate, wherever their readers are", async () => {
    const { engine, clock } = await open({ noting });
    const handler = await engine.start("noting", null, { runId: "r" });
    const waiting = readAll(handler.streamEvents());
    const slow = handler.streamEvents();
    for (let round = 0; round < 3; round++) {
      for (const note of ["x", "y"]) await handler.sendEvent(Answer(`${note}${round}`));
      await settle();
      await slow.next();
      await clock.advance(IDLE);
    }
    const opened = readAll(handler.streamEvents({ after: 2 }));
    await handler.sendEvent(Answer("end"));
    const all = ["x0", "y0", "x1", "y1", "x2", "y2", "end"];
    const notes = (events: readonly { data: unknown }[]) => events.slice(0, -1).map(({ data }) => data);
    expect((await waiting).map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(notes(await waiting)).toEqual(all);
    expect(notes(await readAll(slow))).toEqual(all.slice(3));
    expect(notes(await opened)).toEqual(all.slice(2));
  });

  test("is not loaded by those who ask for its status, result, published events or past", async () => {
    const { engine, journal, handler, isLoaded } = await released();
    const before = await ticksOf(journal);
    const again = await engine.attach("r");
    expect([again.status, await stateOf(again.result())]).toEqual(["idle", "pending"]);
    expect((await again.streamEvents().next()).value).toMatchObject({ type: "Question", sequence: 1 });
    expect((await engine.stateAt("r")).waiters).toMatchObject([{ type: "Answer" }]);
    await engine.readTicks("r", { from: 1, limit: 10 });
    await engine.exportRun("r");
    expect([await isLoaded(), handler.status]).toEqual([false, "idle"]);
    expect(await ticksOf(journal)).toEqual(before);
  });

  test("tells readers of internal events what happens after its return, and not again that it is idle", async () => {
    const { engine, clock } = await open({ noting });
    const handler = await engine.start("noting", null, { runId: "r" });
    await settle();
    const reading = readAll(handler.streamEvents({ exposeInternal: true }));
    await clock.advance(IDLE);
    await handler.sendEvent(Answer("end"));
    expect(typesOf(await reading)).toEqual(["StepStateChanged", "StepStateChanged", "Note", "StopEvent"]);
  });

  test("can be cancelled", async () => {
    const { handler } = await released();
    const reading = readAll(handler.streamEvents());
    await handler.cancelRun("enough");
    expect(await failureOf(handler)).toBeInstanceOf(WorkflowCancelledByUser);
    expect(typesOf(await reading)).toEqual(["Question", "WorkflowCancelledEvent"]);
  });

  test("refuses what it refuses in memory", async () => {
    const { engine, handler } = await released();
    await expect(handler.sendEvent(Answer(), { step: "nope" })).rejects.toMatchObject({ name: "WorkflowRuntimeError" });
    await expect(engine.sendEvent("r", Answer(), { waiter: 99 })).rejects.toMatchObject({ code: "WAITER_GONE" });
    await handler.sendEvent(Answer(1));
    expect(await handler.result()).toBe(1);
    await expect(handler.sendEvent(Answer())).rejects.toMatchObject({ code: "RUN_ENDED" });
  });

  test("is loaded once by all who ask at once, and takes their events in order", async () => {
    const journal = faulty();
    const { engine, handler } = await released(noting, { journal });
    const reads = () => journal.calls.filter(({ operation }) => operation === "loadSnapshot").length;
    const before = reads();
    const notes = Array.from({ length: 20 }, (_, index) => index);
    await Promise.all(
      notes.map((note) => (note % 2 ? handler.sendEvent(Answer(note)) : engine.sendEvent("r", Answer(note)))),
    );
    expect(reads() - before).toBe(1);
    await handler.sendEvent(Answer("end"));
    expect(await handler.result()).toEqual([...notes, "end"]);
  });

  test("takes events in the order in which they were sent, those that come while it is being loaded too", async () => {
    const { handler } = await released(noting, { journal: faulty() });
    const notes = Array.from({ length: 60 }, (_, index) => index);
    const sending: Promise<void>[] = [];
    for (const note of notes) {
      sending.push(handler.sendEvent(Answer(note)));
      await Promise.resolve();
    }
    await Promise.all(sending);
    await handler.sendEvent(Answer("end"));
    expect(await handler.result()).toEqual([...notes, "end"]);
  });

  test("can be deleted: who waits for it is told", async () => {
    const { engine, handler, clock } = await released(twice(1e6));
    const reading = readAll(handler.streamEvents());
    const result = failureOf(handler);
    await engine.deleteRun("r");
    expect(await result).toBeInstanceOf(WorkflowCancelledByUser);
    expect(typesOf(await reading)).toEqual(["WorkflowCancelledEvent"]);
    await expect(engine.attach("r")).rejects.toMatchObject({ code: "RUN_UNKNOWN" });
    expect([(await engine.listRuns()).runs, clock.pending]).toEqual([[], 0]);
  });

  test("is gone from a host that closes: results and streams reject, calls are refused, no timer is left", async () => {
    const { engine, handler, clock, journal } = await released(twice(1e6));
    const reading = failureOf({ result: () => readAll(handler.streamEvents()) });
    const result = failureOf(handler);
    await engine.close();
    expect(await result).toBeInstanceOf(EngineUnavailableError);
    expect(await reading).toBeInstanceOf(EngineUnavailableError);
    await expect(handler.sendEvent(Answer())).rejects.toBeInstanceOf(EngineUnavailableError);
    expect(clock.pending).toBe(0);
    const next = await open({ twice: twice(1e6) }, { journal, clock });
    await next.clock.advance(2e6);
    expect(await next.engine.result("r")).toBe("late");
  });
});

describe("resources of a released run", () => {
  function withConnection() {
    const made: string[] = [];
    const leaving = gate();
    const workflow = defineWorkflow("w", {
      timeout: null,
      resources: {
        connection: resource(() => (made.push("made"), { id: made.length }), {
          dispose: async () => {
            made.push("leaves");
            await leaving.promise;
            made.push("left");
          },
        }),
      },
    }).step("a", { accepts: StartEvent, emits: StopEvent, waitsFor: Answer }, async (_event, ctx) => {
      const { connection } = ctx.resources;
      return StopEvent([(await ctx.waitForEvent(Answer, { timeout: null })).data, connection.id > 0]);
    });
    return { workflow, made, leaving };
  }

  test("are disposed of, and made again once the old ones have left", async () => {
    const { workflow, made, leaving } = withConnection();
    const { handler } = await released(workflow);
    expect(made).toEqual(["made", "leaves"]);
    const sending = handler.sendEvent(Answer(1));
    expect(await stateOf(sending)).toBe("pending");
    leaving.open();
    await sending;
    expect(await handler.result()).toEqual([1, true]);
    expect(made).toEqual(["made", "leaves", "left", "made", "leaves", "left"]);
  });
});

describe("inspectors", () => {
  async function watched(runId: string) {
    const opened = await open({ asking });
    const batches: InspectionBatch[] = [];
    const handler = await opened.engine.start("asking", null, { runId: "r" });
    const unsubscribe = opened.engine.inspect(runId, (batch) => batches.push(batch));
    const rows = async () => {
      for (let turn = 0; turn < 20; turn++) await settle();
      return batches.flatMap(({ runs }) => runs);
    };
    return { ...opened, handler, batches, rows, unsubscribe };
  }

  test("are told when a run is released and when it is back", async () => {
    const { clock, engine, rows, handler } = await watched("*");
    await rows();
    await clock.advance(IDLE);
    expect((await rows()).at(-1)).toMatchObject({ runId: "r", status: "idle", loaded: false });
    await handler.snapshot();
    expect((await rows()).at(-1)).toMatchObject({ runId: "r", status: "idle", loaded: true });
    await engine.close();
  });

  test.each([
    ["the engine that had it", false],
    ["another engine", true],
  ])("are told at once by %s that a run cannot be taken up, and that it can again", async (_, isOther) => {
    const journal = faulty();
    const first = await released(asking, { journal });
    const { engine } = isOther ? await open({ asking }, { journal, clock: first.clock }) : first;
    const rows: RunSummary[] = [];
    engine.inspect("*", ({ runs }) => rows.push(...runs));
    const newest = async () => {
      for (let turn = 0; turn < 20; turn++) await settle();
      return rows.at(-1);
    };
    journal.inject({ on: "read", runId: "r", fail: new Error("not now"), call: 1 });
    await expect(engine.cancelRun("r")).rejects.toThrow("not now");
    expect(await newest()).toMatchObject({ runId: "r", loaded: false, pausedBecause: "not now" });
    await engine.resumeRun("r");
    expect(await newest()).not.toHaveProperty("pausedBecause");
  });

  test("bring a run back by watching it live", async () => {
    const { engine, isLoaded, clock } = await released();
    const news: InspectionBatch[] = [];
    engine.inspect("r", (batch) => news.push(batch));
    for (let turn = 0; turn < 20; turn++) await settle();
    expect(await isLoaded()).toBe(true);
    expect(news.at(-1)?.run).toMatchObject({ runId: "r", graph: { status: "idle" } });
    await clock.advance(IDLE);
    expect(await isLoaded()).toBe(false);
  });
});
