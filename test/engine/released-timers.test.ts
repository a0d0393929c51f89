/** Timers and time limits of runs that are not in memory. */
import { defineWorkflow, StartEvent, StopEvent, WorkflowTimeoutError } from "tickwork";
import { settle } from "tickwork/testing";
import { describe, expect, test } from "vitest";
import { Answer, failureOf } from "./fixtures.ts";
import { asking, IDLE, open, released, twice } from "./idle-fixtures.ts";

describe("timers of released runs", () => {
  test("fire when they are due, once", async () => {
    const { handler, clock, isLoaded } = await released(twice(5000));
    const seen: [unknown, number][] = [];
    const start = clock.now() - IDLE;
    const reading = (async () => {
      for await (const { data, at } of handler.streamEvents()) seen.push([data, at - start]);
    })();
    await clock.advance(5000 - IDLE - 1);
    expect(await isLoaded()).toBe(false);
    await clock.advance(1);
    expect(await isLoaded()).toBe(true);
    await clock.advance(IDLE);
    expect(await isLoaded()).toBe(false);
    await clock.advance(5000);
    expect(await handler.result()).toBe("late");
    await reading;
    expect(seen).toEqual([
      ["one", 10_000],
      ["two", 10_000],
      ["late", 10_000],
    ]);
    expect(clock.pending).toBe(0);
  });

  test("share one timer of the clock", async () => {
    const { engine, clock } = await open({ twice: twice(1e6) });
    for (let run = 0; run < 50; run++) {
      await engine.start("twice", null);
      await clock.advance(10);
    }
    await clock.advance(IDLE);
    expect(clock.pending).toBe(1);
    await clock.advance(4e6);
    const { runs } = await engine.listRuns({ status: "completed" });
    expect([runs.length, clock.pending]).toEqual([50, 0]);
  });

  test("fire for those that are due when the machine wakes from sleep, and leave the others alone", async () => {
    const { engine, clock, isLoaded } = await open({ asking, short: twice(5000) });
    await engine.start("short", null, { runId: "r" });
    await engine.start("asking", null, { runId: "other" });
    await clock.advance(IDLE);
    clock.jumpTo(clock.now() + 1e7);
    engine.wake();
    await settle();
    expect([await isLoaded(), await isLoaded("other")]).toEqual([true, false]);
    clock.jumpTo(clock.now() + 1e7);
    engine.wake();
    expect(await engine.result("r")).toBe("late");
  });

  test("that are taken back by an answer do not fire", async () => {
    const workflow = defineWorkflow("w", { timeout: null }).step(
      "a",
      { accepts: StartEvent, emits: StopEvent, waitsFor: Answer },
      async (_event, ctx) => {
        await ctx.waitForEvent(Answer, { waiterId: "one", timeout: 5000 });
        return StopEvent((await ctx.waitForEvent(Answer, { waiterId: "two", timeout: null })).data);
      },
    );
    const { handler, clock, isLoaded } = await released(workflow);
    await handler.sendEvent(Answer("one"));
    await clock.advance(IDLE);
    expect([await isLoaded(), clock.pending]).toEqual([false, 0]);
    await clock.advance(1e6);
    await handler.sendEvent(Answer("two"));
    expect(await handler.result()).toBe("two");
  });
});

describe("the time limit", () => {
  const limited = (timeout: number) =>
    defineWorkflow("limited", { timeout }).step(
      "ask",
      { accepts: StartEvent, emits: StopEvent, waitsFor: Answer },
      async (_event, ctx) => {
        await ctx.waitForEvent(Answer, { waiterId: "one", timeout: null });
        return StopEvent((await ctx.waitForEvent(Answer, { waiterId: "two", timeout: null })).data);
      },
    );

  test("stands still while a run is released, and counts all the time it is loaded", async () => {
    const { handler, clock, isLoaded } = await released(limited(1500));
    await clock.advance(1e6);
    expect(await isLoaded()).toBe(false);
    await handler.sendEvent(Answer("one"));
    await clock.advance(499);
    expect(handler.status).toBe("idle");
    await clock.advance(1);
    expect(await failureOf(handler)).toBeInstanceOf(WorkflowTimeoutError);
  });

  test("that ends at the moment of the release ends the run", async () => {
    const { engine, clock } = await open({ limited: limited(IDLE) });
    const handler = await engine.start("limited", null);
    await clock.advance(IDLE);
    expect(await failureOf(handler)).toBeInstanceOf(WorkflowTimeoutError);
    expect(clock.pending).toBe(0);
  });
});
