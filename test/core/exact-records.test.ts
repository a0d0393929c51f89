/** What stands in states and commands, field by field: they are written down, and read by later versions. */
import { describe, expect, test } from "vitest";
import { initialState } from "../../src/core/broker-state.ts";
import { STEP_FAILED } from "../../src/core/failure.ts";
import { CANCELLED_EVENT, FAILED_EVENT, terminalEvent, TIMED_OUT_EVENT } from "../../src/core/terminal-event.ts";
import { eventOfTick, FAILURE_INDEX, LIST_INDEX, TERMINAL_INDEX } from "../../src/core/tick-events.ts";
import type { Tick } from "../../src/core/tick.ts";
import { error, Fold, noRetry, program, retryIn, wait } from "./fold.ts";

const one = () => new Fold(program({ a: "Start" })).start("input");

describe("a work item", () => {
  test("has no field that does not apply to it", () => {
    expect(one().command("RunWorker")).toStrictEqual({
      kind: "RunWorker",
      step: 0,
      workerId: 0,
      workItem: {
        id: 1,
        event: { tick: 1, index: 0, type: "Start", data: "input" },
        causedBy: 1,
        since: 1000,
        invocation: 1,
      },
    });
  });

  test("in progress is known with its start", () => {
    const run = one().at(1500).failed("a", retryIn(0));
    const [entry] = run.step("a").slots.chunks[0]!;
    expect(entry).toMatchObject({ startedAt: 1500, startedBy: 2, order: 2, workItem: { causedBy: 2, since: 1500 } });
  });

  test("that backs off is in the timers by its due time and id", () => {
    expect([...one().failed("a", retryIn(5)).state.timers.entries()]).toMatchObject([
      [
        { due: 1005, id: 1 },
        { kind: "retry", step: 0, workItem: { id: 1, invocation: 1, causedBy: 2 } },
      ],
    ]);
  });

  test("that waits is parked as it was", () => {
    const { state } = one().at(1200).waits("a", wait("X"));
    expect(state.parked.get(1)).toMatchObject({
      step: 0,
      since: 1200,
      workItem: { id: 1, causedBy: 1, invocation: 1 },
    });
  });

  test("that is resumed after its answer says what caused it and since when", () => {
    const run = one().waits("a", wait("X")).at(1700).send("X");
    expect(run.command("RunWorker")?.workItem).toMatchObject({ causedBy: 3, since: 1700, invocation: 2 });
    const early = one().send("X").at(1800).waits("a", wait("X"));
    expect(early.command("RunWorker")?.workItem).toMatchObject({ causedBy: 3, since: 1800, invocation: 2 });
  });
});

describe("a waiter", () => {
  const prompt = { type: "Ask", data: "?" };

  test("is known by instance and by type, with all that was asked for", () => {
    const run = one()
      .at(1100)
      .waits("a", wait("Answer", { timeout: 50, requirements: { id: 1 }, prompt }));
    const waiter = run.state.waiters.byInstance.get(1);
    expect(waiter).toStrictEqual({
      instance: 1,
      step: 0,
      workItem: 1,
      waiterId: "Answer#0",
      type: "Answer",
      requirements: { id: 1 },
      prompt,
      askedAt: 1100,
      dueAt: 1150,
    });
    expect(run.state.waiters.byType.get("Answer")?.get(1)).toBe(waiter);
    expect(run.state.memos.get(1)?.waiters).toEqual([waiter]);
    expect([...run.state.timers.entries()]).toEqual([
      [
        { due: 1150, id: -1 },
        { kind: "waiter", waiter: 1 },
      ],
    ]);
  });

  test("that asked for nothing more has no more fields", () => {
    const { state } = one().waits("a", wait("Answer"));
    expect(Object.keys(state.waiters.byInstance.get(1)!)).toEqual([
      "instance",
      "step",
      "workItem",
      "waiterId",
      "type",
      "askedAt",
      "dueAt",
    ]);
    expect(state.nextWaiter).toBe(2);
  });

  test("that is answered is gone from every place; the others of its work item stay", () => {
    const { state } = one()
      .waits("a", wait("X"), wait("Y"), wait("Y", { waiterId: "second" }))
      .send("X");
    expect([...state.waiters.byInstance.values()].map(({ waiterId }) => waiterId)).toEqual(["Y#0", "second"]);
    expect([...state.waiters.byType.entries()].map(([type, table]) => [type, table.size])).toEqual([["Y", 2]]);
    expect(state.memos.get(1)?.waiters.map(({ waiterId }) => waiterId)).toEqual(["Y#0", "second"]);
  });
});

describe("the end of a run", () => {
  const plain = { kind: "cancelled" } as const;

  test("by cancel holds the reason only if there was one", () => {
    const run = one().cancel();
    expect(run.state.outcome).toStrictEqual(plain);
    expect(run.command("HaltRun")).toStrictEqual({ kind: "HaltRun", status: "cancelled", activeSteps: ["a"] });
    expect(terminalEvent(plain, null).data).toStrictEqual({});
    const why = one().cancel("why");
    expect(why.state.outcome).toStrictEqual({ ...plain, reason: "why" });
    expect(why.command("HaltRun")).toStrictEqual({
      kind: "HaltRun",
      status: "cancelled",
      reason: "why",
      activeSteps: ["a"],
    });
  });

  test("by failure holds the step only if it was one's", () => {
    const run = one().do({ kind: "FailRun", causedBy: 1, error });
    expect(run.state.outcome).toStrictEqual({ kind: "failed", error });
    expect(run.command("FailRun")).toStrictEqual({ kind: "FailRun", error });
    expect(run.command("PublishEvent")?.event.data).toStrictEqual({ error });
    expect(one().failed("a", noRetry).command("FailRun")).toStrictEqual({ kind: "FailRun", error, step: "a" });
  });

  test("stays known through the ticks that come too late, and is no field before", () => {
    const run = one();
    expect(Object.hasOwn(run.state, "outcome")).toBe(false);
    expect(run.cancel("why").send("Start").send("Start").state.outcome).toEqual({ kind: "cancelled", reason: "why" });
  });
});

test("the edits of the store that come with a result take effect with it", () => {
  const run = one();
  const changes = [{ op: "set", path: ["a"], value: 1 }] as const;
  run.do({ kind: "StepResult", causedBy: 1, ...run.running("a"), outcome: { kind: "returned" }, outputs: [], changes });
  expect(run.state.store).toEqual({ a: 1 });
});

test("the events that tickwork makes itself have these names, which stand in saved runs", () => {
  expect([FAILED_EVENT, CANCELLED_EVENT, TIMED_OUT_EVENT, STEP_FAILED]).toEqual([
    "WorkflowFailedEvent",
    "WorkflowCancelledEvent",
    "WorkflowTimedOutEvent",
    "StepFailedEvent",
  ]);
});

test("an unhandled event names its target only if it had one", () => {
  expect(one().send("X", 1).command("UnhandledEvent")).toStrictEqual({
    kind: "UnhandledEvent",
    event: { tick: 2, index: 0, type: "X", data: 1 },
  });
  expect(one().send("X", 1, { target: "a" }).command("UnhandledEvent")).toHaveProperty("target", "a");
});

test("a step that never failed has no last error, also at the end", () => {
  expect(Object.hasOwn(one().send("Start").step("a"), "lastError")).toBe(false);
  expect(Object.hasOwn(one().returned("a", "Stop").step("a"), "lastError")).toBe(false);
});

test("a run that has not begun has no id and did nothing", () => {
  const state = initialState(program({ a: "Start" }, 50));
  expect(state).toMatchObject({ runId: "", status: "new", sequence: 0, limit: { timeout: 50, used: 0, loadedAt: 0 } });
});

describe("places of events in ticks", () => {
  const at = { sequence: 1, at: 1, causedBy: 1 } as const;
  const id = { step: "a", workerId: 0, workItem: 1, invocation: 1 };
  const event = { type: "X", data: 1 };

  test("that no tick brings are these numbers, which stand in saved runs", () => {
    expect([TERMINAL_INDEX, LIST_INDEX, FAILURE_INDEX]).toEqual([-1, -2, -3]);
  });

  test("are 0 for the one event of a tick, and nothing else", () => {
    const start = { runId: "r", workflow: "w", version: "1", timeout: null, store: {} };
    const collect = { bufferId: "b", callId: "b#0", expected: {} };
    const ticks: Tick[] = [
      { ...at, kind: "StartRun", event, ...start },
      { ...at, kind: "AddEvent", event },
      { ...at, ...id, kind: "CollectEvents", event, ...collect },
    ];
    for (const tick of ticks)
      expect([0, 1, -1].map((index) => eventOfTick(tick, index))).toEqual([event, undefined, undefined]);
  });

  test("beyond the waits of a tick are none", () => {
    const waits = [{ waiterId: "x", type: "A", timeout: null, prompt: event }];
    const tick: Tick = { ...at, ...id, kind: "StepResult", outcome: { kind: "waiting", waits }, outputs: [] };
    expect([0, 1, -1].map((index) => eventOfTick(tick, index))).toEqual([event, undefined, undefined]);
  });
});
