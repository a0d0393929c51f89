import { describe, expect, test } from "vitest";
import { Fold, program, retryIn, wait } from "./fold.ts";

const failing = () => new Fold(program({ a: ["Start", 3] })).start(1).send("Start", 2);

describe("Wakeup", () => {
  test("starts what is due at its recorded due time", () => {
    const run = failing();
    run.failed(run.running("a", 1), retryIn(500));
    expect(run.at(1500).wakeup(1500).started).toEqual(["a 1"]);
    expect(run.state.timers.size).toBe(0);
  });

  test("acts on its due time, not on the time it came: an early one does nothing however late it is", () => {
    const run = failing();
    run.failed(run.running("a", 1), retryIn(500));
    expect(run.at(999_999).wakeup(1499).started).toEqual([]);
  });

  test("twice does nothing more", () => {
    const run = failing();
    run.failed(run.running("a", 1), retryIn(500)).wakeup(1500).wakeup(1500);
    expect(run.commands).toEqual([]);
  });

  test("starts all that are due at the same moment", () => {
    const run = failing();
    run.failed(run.running("a", 1), retryIn(500)).failed(run.running("a", 2), retryIn(500));
    expect(run.wakeup(1500).started).toEqual(["a 1", "a 2"]);
  });

  test("starts in order of due time, not of age", () => {
    const run = failing();
    run.failed(run.running("a", 1), retryIn(900)).failed(run.running("a", 2), retryIn(500));
    expect(run.wakeup(2000).started).toEqual(["a 2", "a 1"]);
  });

  test("leaves what is due later", () => {
    const run = failing();
    run.failed(run.running("a", 1), retryIn(900)).failed(run.running("a", 2), retryIn(500)).wakeup(1500);
    expect(run.started).toEqual(["a 2"]);
    expect(run.command("ScheduleWakeup")?.due).toBe(1900);
  });

  test("queues a due retry behind what waits for a slot", () => {
    const run = new Fold(program({ a: "Start" })).start(1).send("Start", 2).send("Start", 3);
    run.failed("a", retryIn(500)).wakeup(1500);
    expect(run.queued("a")).toEqual([3, 1]);
  });

  test("leaves waiters whose time has come to their own tick", () => {
    const run = new Fold(program({ a: "Start" }))
      .start()
      .waits("a", wait("Answer", { timeout: 100 }))
      .at(5000)
      .wakeup(5000);
    expect(run.started).toEqual([]);
    expect(run.state.waiters.byInstance.size).toBe(1);
  });

  test("of a run that ended does nothing", () => {
    const run = failing();
    run.failed(run.running("a", 1), retryIn(500)).cancel().wakeup(1500);
    expect(run.commands).toEqual([]);
  });
});

describe("WaiterTimeout", () => {
  test("of an unknown waiter does nothing", () => {
    expect(failing().waiterTimeout(99).commands).toEqual([]);
  });

  test("of a run that ended does nothing", () => {
    const run = new Fold(program({ a: "Start" }))
      .start()
      .waits("a", wait("Answer", { timeout: 100 }))
      .cancel()
      .waiterTimeout(1);
    expect(run.commands).toEqual([]);
    expect(run.state.parked.size).toBe(1);
  });
});
