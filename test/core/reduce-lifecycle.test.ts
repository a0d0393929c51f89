import { describe, expect, test } from "vitest";
import { error, Fold, noRetry, program, retryIn, wait } from "./fold.ts";

const busy = () => new Fold(program({ a: ["Start", 2], b: "X" }, 5000)).start(1);

describe("completion", () => {
  /** Work of every sort: queued, in progress, backing off, parked, collected, in the mailbox. */
  const full = () => {
    const run = new Fold(program({ a: ["Start", 3], b: "X" })).start(1).send("Start", 2).send("Start", 3);
    run.failed(run.running("a", 1), retryIn(500)).waits(run.running("a", 2), wait("Answer", { timeout: 100 }));
    return run.collect(run.running("a", 3), { Start: 2 }).send("X", 4).send("X", 5).send("Nobody");
  };

  test("leaves nothing behind", () => {
    const { state } = full().send("Stop", 1);
    expect(state).toMatchObject({ status: "completed", pending: 0, mailbox: [] });
    for (const map of [state.parked, state.memos, state.timers, state.buffers, state.waiters.byInstance])
      expect(map.size).toBe(0);
    for (const { queue, slots } of state.steps) expect([queue.length, slots.busy]).toEqual([0, 0]);
  });

  test("publishes the stop event last, once, and takes the timer back", () => {
    expect(full().send("Stop", 1).kinds).toEqual(["PublishEvent", "CompleteRun", "ScheduleWakeup"]);
  });

  test("keeps what was counted", () => {
    const run = busy().failed("a", retryIn(0)).returned("a", "Stop");
    expect(run.step("a")).toMatchObject({ completed: 1, failed: 1, lastError: "boom" });
  });

  test("is final: resume, cancel, timeout and failure change nothing", () => {
    const run = busy()
      .send("Stop", 1)
      .resume()
      .cancel()
      .do({ kind: "Timeout", causedBy: 1 })
      .do({ kind: "FailRun", causedBy: 1, error });
    expect(run.state.status).toBe("completed");
    expect(run.commands).toEqual([]);
  });
});

describe("an early end", () => {
  test("by cancel publishes one event with the reason and halts", () => {
    const run = busy().cancel("enough");
    expect(run.kinds).toEqual(["PublishEvent", "HaltRun", "ScheduleWakeup"]);
    expect(run.command("PublishEvent")?.event).toMatchObject({
      type: "WorkflowCancelledEvent",
      data: { reason: "enough" },
    });
  });

  test("by failure publishes one event with step and error", () => {
    const run = busy().failed("a", noRetry);
    expect(run.command("PublishEvent")?.event).toMatchObject({
      type: "WorkflowFailedEvent",
      data: { step: "a", error },
    });
  });

  test("by timeout names the steps at work", () => {
    const run = busy().send("X", 2).do({ kind: "Timeout", causedBy: 1 });
    expect(run.command("HaltRun")).toEqual({ kind: "HaltRun", status: "timedOut", activeSteps: ["a", "b"] });
    expect(run.command("PublishEvent")?.event.data).toEqual({ timeout: 5000, activeSteps: ["a", "b"] });
  });

  test("names the steps that wait or back off when none is at work", () => {
    const run = busy()
      .waits("a", wait("Answer"))
      .send("X")
      .failed("b", retryIn(900))
      .do({ kind: "Timeout", causedBy: 1 });
    expect(run.command("HaltRun")?.activeSteps).toEqual(["a", "b"]);
  });

  test("by something other than a step names no step", () => {
    const run = busy().do({ kind: "FailRun", causedBy: 1, error });
    expect(run.state.outcome).toEqual({ kind: "failed", error });
  });

  test("happens once", () => {
    const run = busy().cancel().do({ kind: "Timeout", causedBy: 1 }).cancel();
    expect(run.commands).toEqual([]);
    expect(run.state.published).toBe(1);
  });

  test("puts work in progress back at the head of its queue, in the order it was started (G5)", () => {
    const run = new Fold(program({ a: ["Start", 2] })).start(1).send("Start", 2).send("Start", 3).cancel();
    expect(run.queued("a")).toEqual([1, 2, 3]);
    expect(run.step("a").slots.busy).toBe(0);
  });

  test("keeps parked work, waiters, timers and sets", () => {
    const run = busy()
      .send("Start", 2)
      .send("Start", 3)
      .waits("a", wait("Answer"))
      .failed("a", retryIn(9))
      .collect("a", { Start: 2 });
    const { state } = run.cancel();
    expect([state.parked.size, state.waiters.byInstance.size, state.timers.size, state.buffers.size]).toEqual([
      1, 1, 1, 1,
    ]);
  });

  test("is never due", () => {
    const run = busy().failed("a", retryIn(9)).cancel();
    expect(run.command("ScheduleWakeup")?.due).toBe(null);
  });

  test("a failure without retry keeps the failed work at the head of its queue, ahead of what was started after it", () => {
    const run = new Fold(program({ a: ["Start", 2] })).start(1).send("Start", 2).send("Start", 3);
    expect(run.failed(run.running("a", 1), noRetry).queued("a")).toEqual([1, 2, 3]);
  });
});

describe("resume", () => {
  test("starts what was left, heads of the queues first", () => {
    const run = new Fold(program({ a: ["Start", 2] })).start(1).send("Start", 2).send("Start", 3).cancel().resume();
    expect(run.started).toEqual(["a 1", "a 2"]);
    expect(run.state.status).toBe("running");
    expect(run.state.outcome).toBeUndefined();
  });

  test("of a run that was loaded interrupts what was in progress and starts it anew", () => {
    const run = busy();
    const before = run.running("a");
    expect(run.resume().started).toEqual(["a 1"]);
    expect(run.running("a").invocation).toBe(before.invocation + 1);
  });

  test("keeps the order of work whose turn did not come by age, however often it is resumed (G5)", () => {
    const run = new Fold(program({ a: ["Start", 2] })).start("A").send("Start", "B").send("Start", "C");
    // A is tried again behind C.
    run.failed(run.running("a", "A"), retryIn(0)).returned(run.running("a", "B")).cancel();
    expect(run.queued("a")).toEqual(["C", "A"]);
    expect(run.resume().cancel().queued("a")).toEqual(["C", "A"]);
  });

  test("schedules the wake-up even if what is due did not change", () => {
    expect(busy().resume().kinds).toContain("ScheduleWakeup");
  });

  test("does not start work that backs off, and keeps its due time", () => {
    const run = busy().failed("a", retryIn(500)).cancel().at(1200).resume();
    expect(run.started).toEqual([]);
    expect(run.command("ScheduleWakeup")?.due).toBe(1500);
  });

  test("does not start past-due work itself", () => {
    const run = busy().failed("a", retryIn(500)).cancel().at(9000).resume();
    expect(run.started).toEqual([]);
    expect(run.command("ScheduleWakeup")?.due).toBe(1500);
  });

  test("keeps waiters", () => {
    expect(busy().waits("a", wait("Answer")).cancel().resume().send("Answer").started).toEqual(["a 1"]);
  });

  test("leaves a queued run queued", () => {
    expect(new Fold(program({ a: "Start" })).start(null, { queued: true }).resume().state.status).toBe("queued");
  });
});

describe("the time limit", () => {
  const due = (run: Fold) => run.command("ScheduleWakeup")?.due;

  test("counts from the start", () => {
    expect(due(busy())).toBe(6000);
  });

  test("does not count the time on disk", () => {
    expect(due(busy().at(3000).cancel().at(100_000).resume())).toBe(100_000 + 3000);
  });

  test("counts the idle time before a run left memory, if that is known", () => {
    expect(due(busy().at(3000).cancel().at(100_000).resume({ loadedUntil: 3500 }))).toBe(100_000 + 2500);
    expect(due(busy().at(3000).cancel().at(100_000).resume({ loadedUntil: 10 }))).toBe(100_000 + 3000);
  });

  test("adds up over several resumes", () => {
    const run = busy().at(2000).cancel().at(10_000).resume().at(11_500).cancel().at(50_000).resume();
    expect(due(run)).toBe(50_000 + 2500);
  });

  test("of a run that was not ended counts until its last tick", () => {
    expect(due(busy().at(2000).send("X").at(90_000).resume())).toBe(90_000 + 4000);
  });

  test("is used up after a timeout: the resumed run is due at once", () => {
    expect(due(busy().at(6000).do({ kind: "Timeout", causedBy: 1 }).at(90_000).resume())).toBe(90_000);
  });

  test("can be set anew on resume, from then on", () => {
    expect(due(busy().at(6000).do({ kind: "Timeout", causedBy: 1 }).at(90_000).resume({ timeout: 700 }))).toBe(90_700);
  });

  test("can be lifted on resume", () => {
    expect(due(busy().resume({ timeout: null }))).toBe(null);
  });
});
