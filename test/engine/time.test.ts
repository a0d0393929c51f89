import { constantDelay, defineWorkflow, StartEvent, StopEvent } from "tickwork";
import { createEngine, FaultInjectingJournal, MemoryJournal, settle, SimulatedClock } from "tickwork/testing";
import { describe, expect, test } from "vitest";
import { Answer } from "./fixtures.ts";

const DAY = 24 * 3_600_000;
const HOUR = 3_600_000;

/** Fails once, and an hour later waits an hour for an answer that does not come. Says when it did what. */
function slow(clock: SimulatedClock) {
  const calls: number[] = [];
  const workflow = defineWorkflow("slow", { timeout: null }).step(
    "step",
    {
      accepts: StartEvent,
      emits: StopEvent,
      waitsFor: Answer,
      retryPolicy: constantDelay({ maximumAttempts: 2, delay: HOUR }),
    },
    async (_event, ctx) => {
      calls.push(clock.now());
      const { attempt, elapsed } = ctx.retryInfo();
      expect(elapsed).toBeGreaterThanOrEqual(0);
      if (attempt === 0) throw new Error("once");
      return ctx.waitForEvent(Answer, { timeout: HOUR }).then(
        () => StopEvent("answered"),
        (error: Error) => StopEvent(error.name),
      );
    },
  );
  return { workflow, calls };
}

async function begin() {
  const clock = new SimulatedClock();
  const journal = new MemoryJournal();
  const { workflow, calls } = slow(clock);
  const open = () =>
    createEngine({ slow: workflow }, { clock, journal: new FaultInjectingJournal(journal, { durable: true }) });
  const engine = await open();
  const handler = await engine.start("slow", null, { runId: "r" });
  await settle();
  const times = async (): Promise<number[]> => {
    const all: number[] = [];
    for await (const { ticks } of journal.read("r", { from: 1, to: 999 })) all.push(...ticks.map(({ at }) => at));
    return all;
  };
  return { clock, engine, handler, calls, open, times, begun: clock.now() };
}

describe("a machine that slept for 30 days", () => {
  test("does at once, and once, what fell due, when it is told that it woke", async () => {
    const { clock, engine, handler, calls } = await begin();
    clock.jumpTo(clock.now() + 30 * DAY);
    engine.wake();
    engine.wake();
    await settle();
    expect(calls).toHaveLength(2);
    // The wait began only now: it has its whole hour.
    clock.jumpTo(clock.now() + HOUR);
    engine.wake();
    expect(await handler.result()).toBe("WaiterTimeoutError");
    expect(calls).toHaveLength(3);
  });

  test("does so also when only its timer comes, late", async () => {
    const { clock, handler, calls, begun } = await begin();
    clock.jumpTo(begun + 30 * DAY);
    await clock.advance(0);
    expect(calls).toEqual([begun, begun + 30 * DAY]);
    await clock.advance(HOUR);
    expect(await handler.result()).toBe("WaiterTimeoutError");
    expect(clock.pending).toBeLessThanOrEqual(1);
  });
});

test("a clock that was set back by a day while no engine ran makes nobody wait a day, and no time go back", async () => {
  const { clock, engine, calls, open, times, begun } = await begin();
  await engine.close();
  clock.jumpTo(begun - DAY);
  const next = await open();
  await clock.advance(HOUR);
  expect(calls).toEqual([begun, begun - DAY + HOUR]);
  await clock.advance(HOUR);
  expect(await next.result("r")).toBe("WaiterTimeoutError");
  const all = await times();
  expect(all).toEqual(all.toSorted((a, b) => a - b));
  expect(all.at(-1)).toBe(begun + 2 * HOUR);
});

test("an idle run is not left in the journal for a day more when the clock was set back", async () => {
  const { clock, engine, open, begun } = await begin();
  await clock.advance(HOUR);
  await clock.advance(120_000);
  await engine.close();
  clock.jumpTo(begun - DAY);
  const next = await open();
  await clock.advance(HOUR);
  expect(await next.result("r")).toBe("WaiterTimeoutError");
});
