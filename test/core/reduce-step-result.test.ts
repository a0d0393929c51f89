import { describe, expect, test } from "vitest";
import type { StepOutput } from "../../src/core/tick.ts";
import { error, Fold, noRetry, program, retryIn, wait } from "./fold.ts";

const two = () => new Fold(program({ a: "Start", b: ["X|Y", 9] }));
const output = (mode: StepOutput["mode"], type: string, data: unknown): StepOutput => ({ mode, event: { type, data } });

describe("returned", () => {
  test("what was sent is routed in the order of the calls, before what was returned", () => {
    const run = two()
      .start()
      .returned("a", output("send", "X", 1), output("send", "Y", 2), output("return", "X", 3));
    expect(run.started).toEqual(["b 1", "b 2", "b 3"]);
  });

  test("what was streamed is published between what was sent, in order", () => {
    const run = two()
      .start()
      .returned("a", output("send", "X", 1), output("stream", "Note", 2), output("send", "Y", 3));
    expect(run.kinds).toEqual(["RunWorker", "PublishEvent", "RunWorker"]);
  });

  test("a streamed event is published and goes to no step", () => {
    const run = two()
      .start()
      .returned("a", output("stream", "X", 1));
    expect(run.published).toEqual(["X"]);
    expect(run.started).toEqual([]);
  });

  test("published events are numbered without gaps over the run", () => {
    const run = two()
      .start()
      .returned("a", output("stream", "N", 1), output("stream", "N", 2), output("send", "Stop", 0));
    expect(run.commands.flatMap((command) => (command.kind === "PublishEvent" ? [command.position] : []))).toEqual([
      1, 2, 3,
    ]);
  });

  test("a targeted send reaches the named step alone", () => {
    const run = new Fold(program({ a: "Start", b: "X", c: "X" })).start();
    expect(run.returned("a", { ...output("send", "X", 1), target: "b" }).started).toEqual(["b 1"]);
  });

  test("each output is known by its place in the tick", () => {
    const run = two().start().returned("a", "X", "Y");
    const places = run.commands.map((command) => command.kind === "RunWorker" && command.workItem.event.index);
    expect(places).toEqual([0, 1]);
  });

  test("outputs after a stop event have no effect", () => {
    const run = two()
      .start()
      .returned("a", "Stop", output("stream", "Late", 1), "X");
    expect(run.published).toEqual(["Stop"]);
    expect(run.started).toEqual([]);
  });

  test("nothing returned frees the slot and does nothing else", () => {
    const run = two().start().returned("a");
    expect(run.commands).toEqual([]);
    expect(run.step("a")).toMatchObject({ completed: 1, slots: { busy: 0 } });
  });

  test("a step that sends to itself keeps its queue in order", () => {
    const run = new Fold(program({ a: "Start|X" })).start(1).send("X", 2);
    run.returned("a", output("send", "X", 3));
    expect(run.started).toEqual(["a 2"]);
    expect(run.queued("a")).toEqual([3]);
  });
});

describe("late results", () => {
  test("of a work item that is done are dropped and counted", () => {
    const run = two().start();
    const first = run.running("a");
    run.returned(first).returned(first, "X");
    expect(run.commands).toEqual([]);
    expect(run.state.dropped).toBe(1);
  });

  test("of an earlier invocation are dropped: what they sent does not happen", () => {
    const run = two().start();
    const first = run.running("a");
    run.failed(first, retryIn(0)).returned(first, "X");
    expect(run.started).toEqual([]);
    expect(run.running("a").invocation).toBe(2);
  });

  test("after the end are dropped", () => {
    const run = two().start();
    const first = run.running("a");
    expect(run.cancel().returned(first, "X").state.dropped).toBe(1);
    expect(run.state.status).toBe("cancelled");
  });

  test("of an unknown step are dropped", () => {
    const run = two().start();
    run.returned({ ...run.running("a"), step: "gone" });
    expect(run.state.dropped).toBe(1);
  });

  test("of a CollectEvents tick too", () => {
    const run = two().start();
    const first = run.running("a");
    expect(run.returned(first).collect(first, { Start: 1 }).state.dropped).toBe(1);
  });
});

describe("failed", () => {
  test("without a retry it fails the run and names the step", () => {
    const run = two().start().failed("a", noRetry);
    expect(run.kinds).toEqual(["PublishEvent", "FailRun"]);
    expect(run.state.outcome).toEqual({ kind: "failed", error, step: "a", attempts: 1, elapsed: 0 });
  });

  test("without a retry the work stays queued, for a resumed run", () => {
    const run = two().start("work").failed("a", noRetry);
    expect(run.queued("a")).toEqual(["work"]);
  });

  test("with a delay it waits in the timers and holds no slot", () => {
    const run = two().start().failed("a", retryIn(500));
    expect(run.commands).toEqual([{ kind: "ScheduleWakeup", due: 1500 }]);
    expect(run.step("a")).toMatchObject({ delayed: 1, slots: { busy: 0 } });
    expect(run.state.pending).toBe(1);
  });

  test("with no delay it starts again in the same tick, without a timer", () => {
    const run = two().start(1).failed("a", retryIn(0));
    expect(run.started).toEqual(["a 1"]);
    expect(run.state.timers.size).toBe(0);
  });

  test("with no delay it goes behind what is queued", () => {
    const run = new Fold(program({ a: "Start" })).start(1).send("Start", 2).failed("a", retryIn(0));
    expect(run.started).toEqual(["a 2"]);
    expect(run.queued("a")).toEqual([1]);
  });

  test("it remembers how often, since when, and why", () => {
    const run = two().start().at(1200).failed("a", retryIn(0)).at(1300).failed("a", retryIn(0));
    expect(run.command("RunWorker")?.workItem.retry).toEqual({
      failures: 2,
      firstAttemptAt: 1000,
      lastError: error,
      lastFailedAt: 1300,
    });
  });

  test("it counts for the step", () => {
    const run = two().start().failed("a", retryIn(0));
    expect(run.step("a")).toMatchObject({ failed: 1, completed: 0, lastError: "boom" });
  });

  test("a work item that backs off does not block those behind it", () => {
    const run = new Fold(program({ a: "Start" })).start(1).send("Start", 2);
    expect(run.failed("a", retryIn(500)).started).toEqual(["a 2"]);
  });
});

describe("waiting", () => {
  test("parks the work item and frees its slot", () => {
    const run = new Fold(program({ a: "Start" })).start(1).send("Start", 2);
    run.waits("a", wait("Answer"));
    expect(run.started).toEqual(["a 2"]);
    expect(run.step("a").waiting).toBe(1);
    expect(run.state.parked.size).toBe(1);
  });

  test("leaves the run idle when nothing else is to do", () => {
    expect(two().start().waits("a", wait("Answer")).state.pending).toBe(0);
  });
});
