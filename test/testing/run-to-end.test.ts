import { constantDelay, defineWorkflow, StartEvent, StopEvent, WorkflowTimeoutError } from "tickwork";
import { FaultInjectingJournal, MemoryJournal, runToEnd, SimulatedClock } from "tickwork/testing";
import { describe, expect, test } from "vitest";
import { Answer, Question, single, typesOf } from "../engine/fixtures.ts";

const journal = () => new MemoryJournal();
const HOUR = 3_600_000;

describe("runToEnd", () => {
  test("lets delays pass in no time, and not a millisecond more than they take", async () => {
    const clock = new SimulatedClock(0);
    const workflow = single(
      (ctx) => (ctx.retryInfo().attempt < 2 ? Promise.reject(new Error("again")) : clock.now()),
      { timeout: null },
      { retryPolicy: constantDelay({ delay: HOUR }) },
    );
    const before = performance.now();
    expect(await runToEnd(workflow, null, { journal: journal(), clock })).toMatchObject({
      status: "completed",
      result: 2 * HOUR,
    });
    expect(performance.now() - before).toBeLessThan(2_000);
  });

  test("gives a step that is really at work the time it needs", async () => {
    const workflow = single(() => new Promise((resolve) => setTimeout(() => resolve("read"), 60)), { timeout: 1_000 });
    expect(await runToEnd(workflow, null, { journal: journal() })).toMatchObject({ result: "read" });
  });

  test("takes a step that does not end for one that hangs, and lets the time limit come", async () => {
    const workflow = single(() => new Promise(() => undefined), { timeout: HOUR });
    const { status, error } = await runToEnd(workflow, null, { journal: journal(), patience: 10 });
    expect([status, error]).toEqual(["timedOut", expect.any(WorkflowTimeoutError)]);
  });

  test("moves the clock for a step that waits for it", async () => {
    const clock = new SimulatedClock(0);
    const workflow = single(() => new Promise((resolve) => clock.setTimer(HOUR, () => resolve(clock.now()))), {
      timeout: null,
    });
    // The run's own timer and the step's: the step waits for the clock.
    clock.setTimer(2 * HOUR, () => undefined);
    expect(await runToEnd(workflow, null, { journal: journal(), clock, patience: 60_000 })).toMatchObject({
      result: HOUR,
    });
  });

  test("answers what is asked, and gives the stream and the whole history", async () => {
    const workflow = single(
      async (ctx) => (await ctx.waitForEvent(Answer, { waiterEvent: Question("?"), timeout: null })).data,
      { timeout: null },
    );
    const { result, events, ticks } = await runToEnd(workflow, null, {
      journal: journal(),
      answer: (event) => (event.type === "Question" ? Answer("yes") : undefined),
    });
    expect([result, typesOf(events)]).toEqual(["yes", ["Question", "StopEvent"]]);
    expect(ticks.map(({ kind }) => kind)).toEqual(["StartRun", "StepResult", "AddEvent", "StepResult"]);
  });

  test("says that a run is stuck, and what it waits for", async () => {
    const workflow = single((ctx) => ctx.waitForEvent(Answer, { timeout: null }), { timeout: null });
    await expect(runToEnd(workflow, null, { journal: journal(), patience: 10 })).rejects.toMatchObject({
      code: "RUN_STUCK",
      message: expect.stringContaining("waits for Answer"),
    });
    const dead = defineWorkflow("dead", { timeout: null, skipGraphChecks: ["deadEnd"] }).step(
      "a",
      { accepts: StartEvent, emits: StopEvent },
      () => undefined,
    );
    await expect(runToEnd(dead, null, { journal: journal(), patience: 10 })).rejects.toMatchObject({
      code: "RUN_STUCK",
      message: expect.stringContaining("will never end"),
    });
  });

  test("rejects when an answer is refused", async () => {
    const workflow = single((ctx) => ctx.waitForEvent(Answer, { waiterEvent: Question("?") }));
    const answer = () => ({ type: 5 }) as never;
    await expect(runToEnd(workflow, null, { journal: journal(), answer })).rejects.toMatchObject({
      name: "EventValidationError",
    });
  });

  test("works on a slow journal, whose delays are simulated too", async () => {
    const clock = new SimulatedClock();
    const slow = new FaultInjectingJournal(journal(), {
      durable: true,
      clock,
      faults: [{ on: "append", delay: HOUR }],
    });
    expect(
      await runToEnd(
        single(() => 1),
        null,
        { journal: slow, clock },
      ),
    ).toMatchObject({ result: 1 });
  });
});
