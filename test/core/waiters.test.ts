import { describe, expect, test } from "vitest";
import { Fold, noRetry, program, retryIn, wait } from "./fold.ts";

const one = () => new Fold(program({ a: "Start" }));
const answers = (run: Fold, workItem = 1) =>
  run.state.memos.get(workItem)?.answers.map(({ waiterId, event }) => [waiterId, event && event.data]);

describe("an answer", () => {
  test("runs the step again with its original event", () => {
    const run = one().start("input").waits("a", wait("Answer")).send("Answer", 1);
    expect(run.started).toEqual(["a input"]);
    expect(answers(run)).toEqual([["Answer#0", 1]]);
  });

  test("is the next invocation of the same work item", () => {
    const run = one().start().waits("a", wait("Answer")).send("Answer");
    expect(run.running("a")).toMatchObject({ workItem: 1, invocation: 2 });
  });

  test("must have every required field", () => {
    const run = one()
      .start()
      .waits("a", wait("Answer", { requirements: { id: 1, deep: { x: [2] } } }));
    expect(run.send("Answer", { id: 2, deep: { x: [2] } }).started).toEqual([]);
    expect(run.send("Answer", { id: 1, deep: { x: [2], more: true } }).started).toEqual([]);
    expect(run.send("Answer", { id: 1, deep: { x: [2] }, more: true }).started).toHaveLength(1);
  });

  test("with requirements does not fit an event without fields", () => {
    const run = one()
      .start()
      .waits("a", wait("Answer", { requirements: { id: 1 } }));
    expect(run.send("Answer", null).started).toEqual([]);
    expect(run.send("Answer", "id").started).toEqual([]);
  });

  test("goes to the waiters of all work items that match", () => {
    const run = new Fold(program({ a: ["Start", 2] })).start(1).send("Start", 2);
    run.waits("a", wait("Answer")).waits("a", wait("Answer")).send("Answer");
    expect(run.started).toEqual(["a 1", "a 2"]);
  });

  test("resolves only the first waiter of one work item", () => {
    const run = one()
      .start()
      .waits("a", wait("Answer", { waiterId: "x" }), wait("Answer", { waiterId: "y" }));
    run.send("Answer", 1);
    expect(answers(run)).toEqual([["x", 1]]);
    expect(run.state.waiters.byInstance.size).toBe(1);
  });

  test("goes to a targeted waiter alone", () => {
    const run = new Fold(program({ a: ["Start", 2] })).start(1).send("Start", 2);
    run.waits("a", wait("Answer")).waits("a", wait("Answer"));
    expect(run.send("Answer", 1, { waiter: 2 }).started).toEqual(["a 2"]);
  });

  test("may be of a subtype that the wait names, and leaves nothing behind", () => {
    const run = one()
      .start("input")
      .waits("a", wait("Answer", { subtypes: ["Approval", "Refusal"] }));
    expect(run.send("Consent").started).toEqual([]);
    expect(run.send("Refusal", 1).started).toEqual(["a input"]);
    expect(answers(run)).toEqual([["Answer#0", 1]]);
    expect(run.state.waiters).toMatchObject({ byInstance: { size: 0 }, byType: { size: 0 } });
  });

  test("of a subtype goes to a targeted waiter", () => {
    const run = one()
      .start(1)
      .waits("a", wait("Answer", { subtypes: ["Approval"] }));
    expect(run.send("Approval", 1, { waiter: 1 }).started).toEqual(["a 1"]);
  });

  test("takes the waiter from under each of its types, and no other waiter", () => {
    const run = new Fold(program({ a: ["Start", 2] })).start(1).send("Start", 2);
    run.waits("a", wait("Answer", { subtypes: ["Approval"] })).waits("a", wait("Approval"));
    run.send("Answer", 3);
    expect(run.started).toEqual(["a 1"]);
    expect(run.send("Approval", 4).started).toEqual(["a 2"]);
  });

  test("to a targeted waiter of another type does nothing", () => {
    const run = one().start().waits("a", wait("Answer")).send("Start", 1, { waiter: 1 });
    expect(run.kinds).toEqual(["UnhandledEvent"]);
  });

  test("does not go to the steps of the waiter as input as well", () => {
    const run = new Fold(program({ a: ["Start", 9], b: "Start" })).start("x").waits("a", wait("Start"));
    expect(run.send("Start", "y").started).toEqual(["a x"]);
    expect(run.queued("b")).toEqual(["y"]);
  });

  test("puts the resumed work item at the head of the queue", () => {
    const run = one().start(1).waits("a", wait("Answer")).send("Start", 2).send("Start", 3).send("Answer");
    expect(run.queued("a")).toEqual([1, 3]);
  });

  test("that comes while the work item runs again is kept for it", () => {
    const run = one()
      .start()
      .waits("a", wait("Answer", { waiterId: "x" }), wait("Start", { waiterId: "y" }));
    run.send("Answer", 1).send("Start", 2);
    expect(answers(run)).toEqual([
      ["x", 1],
      ["y", 2],
    ]);
    expect(run.started).toEqual([]);
  });

  test("is told again to a retry", () => {
    const run = one().start().waits("a", wait("Answer")).send("Answer", 1).failed("a", retryIn(0));
    expect(answers(run)).toEqual([["Answer#0", 1]]);
  });

  test("is told again after a resume", () => {
    const run = one().start().waits("a", wait("Answer")).send("Answer", 1).failed("a", noRetry).resume();
    expect(answers(run)).toEqual([["Answer#0", 1]]);
  });

  test("is forgotten when the work item is done", () => {
    const run = one().start().waits("a", wait("Answer")).send("Answer", 1).returned("a");
    expect(run.state.memos.size).toBe(0);
  });

  test("to a step's own wait cannot come from the step itself: a finished work item waits no more", () => {
    const run = one().start().waits("a", wait("X"), wait("Y")).send("X").returned("a", "Y");
    expect(run.state.waiters.byInstance.size).toBe(0);
    expect(run.state.mailbox.map(({ type }) => type)).toEqual(["Y"]);
  });
});

describe("early events", () => {
  test("in the mailbox answer the wait at once and leave it", () => {
    const run = one().start().send("Answer", 1).waits("a", wait("Answer"));
    expect(run.started).toHaveLength(1);
    expect(run.state.mailbox).toEqual([]);
    expect(run.state.waiters.byInstance.size).toBe(0);
  });

  test("answer two waits of one type in the order they came (G1)", () => {
    const run = one().start().send("Answer", 1).send("Answer", 2);
    run.waits("a", wait("Answer", { waiterId: "x" })).waits("a", wait("Answer", { waiterId: "y" }));
    expect(answers(run)).toEqual([
      ["x", 1],
      ["y", 2],
    ]);
  });

  test("that do not meet the requirements stay", () => {
    const run = one()
      .start()
      .send("Answer", { id: 1 })
      .waits("a", wait("Answer", { requirements: { id: 2 } }));
    expect(run.started).toEqual([]);
    expect(run.state.mailbox).toHaveLength(1);
  });

  test("spare the prompt: what is answered already is not asked", () => {
    const run = one()
      .start()
      .send("Answer", 1)
      .waits("a", wait("Answer", { prompt: { type: "Ask", data: null } }));
    expect(run.published).toEqual([]);
  });
});

describe("the prompt", () => {
  const asks = wait("Answer", { prompt: { type: "Ask", data: "?" } });

  test("is published when the wait is registered", () => {
    expect(one().start().waits("a", asks).published).toEqual(["Ask"]);
  });

  test("is not published again by a second invocation that still waits", () => {
    const run = one().start().waits("a", asks, wait("Start")).send("Start").waits("a", asks);
    expect(run.published).toEqual([]);
  });
});

describe("a wait's time limit", () => {
  test("belongs to the instance and wakes the loop", () => {
    const run = one()
      .start()
      .waits("a", wait("Answer", { timeout: 200 }));
    expect(run.commands).toEqual([{ kind: "ScheduleWakeup", due: 1200 }]);
  });

  test("answers with nothing and runs the step again", () => {
    const run = one()
      .start()
      .waits("a", wait("Answer", { timeout: 200 }))
      .at(1200)
      .waiterTimeout(1);
    expect(run.started).toHaveLength(1);
    expect(answers(run)).toEqual([["Answer#0", null]]);
  });

  test("is taken back when the answer comes", () => {
    const run = one()
      .start()
      .waits("a", wait("Answer", { timeout: 200 }))
      .send("Answer");
    expect(run.state.timers.size).toBe(0);
    expect(run.command("ScheduleWakeup")?.due).toBe(null);
  });

  test("of an answered wait does not hit a later wait with the same id (G3)", () => {
    const run = new Fold(program({ a: "Start" }))
      .start()
      .waits("a", wait("Answer", { timeout: 200 }))
      .send("Answer")
      .returned("a");
    run
      .send("Start")
      .waits("a", wait("Answer", { timeout: 200 }))
      .waiterTimeout(1);
    expect(run.started).toEqual([]);
    expect(run.state.waiters.byInstance.size).toBe(1);
  });

  test("is taken back when the work item ends without its answer", () => {
    const run = one()
      .start()
      .waits("a", wait("Answer", { timeout: 200 }), wait("X"))
      .send("X")
      .returned("a");
    expect(run.state.timers.size).toBe(0);
  });

  test("of zero is due at once", () => {
    expect(
      one()
        .start()
        .waits("a", wait("Answer", { timeout: 0 }))
        .command("ScheduleWakeup")?.due,
    ).toBe(1000);
  });
});
