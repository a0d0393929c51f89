import { describe, expect, test } from "vitest";
import { MAILBOX_LIMIT } from "../../src/core/broker-state.ts";
import { Fold, program, wait } from "./fold.ts";

describe("routing", () => {
  test("the start event goes to every step that accepts it, in definition order", () => {
    const run = new Fold(program({ a: "Start", b: "Start", c: "Other" })).start(1);
    expect(run.started).toEqual(["a 1", "b 1"]);
  });

  test("an event from outside is broadcast to the steps that accept its type and no other", () => {
    const run = new Fold(program({ a: "Start", b: "X", c: "X|Y" })).start().send("X", 7);
    expect(run.started).toEqual(["b 7", "c 7"]);
  });

  test("a targeted event reaches the named step alone", () => {
    const run = new Fold(program({ a: "Start", b: "X", c: "X" })).start().send("X", 7, { target: "c" });
    expect(run.started).toEqual(["c 7"]);
  });

  test("a target does not override acceptance: a step that does not accept the type starts nothing", () => {
    const run = new Fold(program({ a: "Start", b: "X" })).start().send("X", 7, { target: "a" });
    expect(run.kinds).toEqual(["UnhandledEvent"]);
    expect(run.command("UnhandledEvent")?.target).toBe("a");
    expect(run.state.mailbox).toEqual([]);
  });

  test("an unknown target starts nothing and is reported", () => {
    const run = new Fold(program({ a: "Start", b: "X" })).start().send("X", 7, { target: "nobody" });
    expect(run.kinds).toEqual(["UnhandledEvent"]);
  });

  test("what no step accepts stays in the mailbox and is reported once", () => {
    const run = new Fold(program({ a: "Start" })).start().send("X", 7);
    expect(run.kinds).toEqual(["UnhandledEvent"]);
    expect(run.state.mailbox.map(({ data }) => data)).toEqual([7]);
  });

  test("the mailbox keeps the newest events when it is full", () => {
    const run = new Fold(program({ a: "Start" })).start();
    for (let index = 0; index <= MAILBOX_LIMIT; index++) run.send("X", index);
    expect(run.state.mailbox.length).toBe(MAILBOX_LIMIT);
    expect(run.state.mailbox[0]?.data).toBe(1);
  });

  test("an input-required event is published and never unhandled", () => {
    const run = new Fold(program({ a: "Start" })).start().returned("a", "Ask");
    expect(run.kinds).toEqual(["PublishEvent"]);
    expect(run.state.mailbox).toEqual([]);
  });

  test("an event that answers a waiter is not unhandled", () => {
    const run = new Fold(program({ a: "Start" })).start().waits("a", wait("X")).send("X");
    expect(run.kinds).toEqual(["RunWorker"]);
  });

  test("a stop event ends the run whoever it is addressed to", () => {
    const run = new Fold(program({ a: "Start", b: "X" })).start().send("Stop", 1, { target: "b" });
    expect(run.state.status).toBe("completed");
  });

  test("an event after the end is dropped and counted", () => {
    const run = new Fold(program({ a: "Start" })).start().cancel().send("Start");
    expect(run.commands).toEqual([]);
    expect(run.state.dropped).toBe(1);
  });

  test("an event is known by the tick that brought it", () => {
    const run = new Fold(program({ a: "Start", b: "X" })).start().send("X");
    expect(run.command("RunWorker")?.workItem).toMatchObject({
      event: { tick: 2, index: 0 },
      causedBy: 2,
      since: 1000,
    });
  });
});

describe("slots and queues", () => {
  test("work beyond numWorkers is queued", () => {
    const run = new Fold(program({ a: "Start", b: ["X", 2] })).start();
    run.send("X", 1).send("X", 2).send("X", 3);
    expect(run.started).toEqual([]);
    expect(run.queued("b")).toEqual([3]);
    expect(run.step("b").slots.busy).toBe(2);
  });

  test("a freed slot takes the oldest of the queue", () => {
    const run = new Fold(program({ a: "Start", b: "X" })).start().send("X", 1).send("X", 2).send("X", 3);
    expect(run.returned("b").started).toEqual(["b 2"]);
    expect(run.queued("b")).toEqual([3]);
  });

  test("parallel invocations carry distinct worker ids", () => {
    const run = new Fold(program({ a: "Start", b: ["X", 2] })).start().send("X", 1).send("X", 2);
    expect([run.running("b", 1).workerId, run.running("b", 2).workerId]).toEqual([0, 1]);
  });

  test("pending counts what is queued and in progress", () => {
    const run = new Fold(program({ a: "Start", b: "X" })).start().send("X", 1).send("X", 2);
    expect(run.state.pending).toBe(3);
    expect(run.returned("b").returned("b").returned("a").state.pending).toBe(0);
  });
});

describe("a queued run", () => {
  const queued = () => new Fold(program({ a: "Start", b: "X" })).start("first", { queued: true });

  test("starts nothing", () => {
    expect(queued().commands).toEqual([]);
    expect(queued().state.status).toBe("queued");
  });

  test("begins with its start event, then what was sent meanwhile, in order", () => {
    const run = queued().send("X", 1).send("X", 2).do({ kind: "AdmitRun", causedBy: 1 });
    expect(run.started).toEqual(["a first", "b 1"]);
    expect(run.queued("b")).toEqual([2]);
  });

  test("keeps its start event however much is sent", () => {
    const run = queued();
    for (let index = 0; index < MAILBOX_LIMIT + 5; index++) run.send("X", index);
    expect(run.kinds).toEqual(["UnhandledEvent"]);
    expect(run.do({ kind: "AdmitRun", causedBy: 1 }).started).toEqual(["a first", "b 0"]);
  });

  test("counts its time limit from its admission", () => {
    const run = new Fold(program({ a: "Start" }, 500)).start(null, { queued: true });
    expect(run.kinds).toEqual([]);
    run.at(9000).do({ kind: "AdmitRun", causedBy: 1 });
    expect(run.command("ScheduleWakeup")?.due).toBe(9500);
  });

  test("is not admitted twice", () => {
    const run = queued().do({ kind: "AdmitRun", causedBy: 1 }).do({ kind: "AdmitRun", causedBy: 1 });
    expect(run.commands).toEqual([]);
  });

  test("that is cancelled ends without having begun", () => {
    const run = queued().cancel("no");
    expect(run.kinds).toEqual(["PublishEvent", "HaltRun"]);
    expect(run.do({ kind: "AdmitRun", causedBy: 1 }).started).toEqual([]);
  });
});
