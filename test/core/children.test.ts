import { describe, expect, test } from "vitest";
import type { ChildOutcome } from "../../src/core/tick.ts";
import { Fold, noRetry, program, retryIn } from "./fold.ts";

const parent = () => new Fold(program({ a: ["Start", 2], b: "X" })).start();
const startChild = (run: Fold, key = "k", childRunId = "r/1/k") =>
  run.do({ kind: "StartChild", causedBy: 1, ...run.running("a"), key, childRunId, workflow: "c", failures: 0 });
const endChild = (run: Fold, outcome: ChildOutcome = { kind: "completed", result: 7 }, childRunId = "r/1/k") =>
  run.do({ kind: "EndChild", causedBy: 2, step: "a", workItem: 1, childRunId, outcome });
const childrenOf = (run: Fold) => run.state.memos.get(1)?.children;
const cancelled = (run: Fold) =>
  run.commands.flatMap((command) => (command.kind === "CancelChild" ? [command.childRunId] : []));

describe("StartChild", () => {
  test("the work item knows its child, and by which tick it was started", () => {
    expect(childrenOf(startChild(parent()))).toEqual({
      k: { runId: "r/1/k", workflow: "c", startedBy: 2, failures: 0 },
    });
  });

  test("asks for nothing: the engine starts it when this tick is durable", () => {
    expect(startChild(parent()).commands).toEqual([]);
  });

  test("from an invocation that is over it is dropped", () => {
    const run = parent();
    const id = run.running("a");
    run.returned("a", "X");
    run.do({ kind: "StartChild", causedBy: 1, ...id, key: "k", childRunId: "r/1/k", workflow: "c", failures: 0 });
    expect(run.state.dropped).toBe(1);
    expect(childrenOf(run)).toBeUndefined();
  });

  test("a key that is taken is given to the new child", () => {
    const run = endChild(startChild(parent()), { kind: "failed", error: { name: "Error", message: "no" } });
    expect(childrenOf(startChild(run, "k", "r/1/k~2"))).toMatchObject({ k: { runId: "r/1/k~2", startedBy: 4 } });
  });
});

describe("EndChild", () => {
  test("the work item keeps the outcome", () => {
    expect(childrenOf(endChild(startChild(parent())))?.["k"]?.outcome).toEqual({ kind: "completed", result: 7 });
  });

  test("counts whichever invocation is at work now", () => {
    const run = startChild(parent()).failed("a", retryIn(5));
    expect(childrenOf(endChild(run))?.["k"]?.outcome).toBeDefined();
  });

  test("of a child that ended, or is none of its own, is dropped", () => {
    const run = endChild(startChild(parent()));
    expect(endChild(run, { kind: "completed", result: 8 }).state.dropped).toBe(1);
    expect(endChild(run, { kind: "completed", result: 8 }, "r/1/other").state.dropped).toBe(2);
    expect(childrenOf(run)?.["k"]?.outcome).toEqual({ kind: "completed", result: 7 });
  });

  test("after the run's end is dropped", () => {
    const run = startChild(parent()).do({ kind: "CancelRun", causedBy: "external" });
    expect(endChild(run).state.dropped).toBe(1);
  });
});

describe("children that still go on", () => {
  test("end when their work item is done", () => {
    expect(cancelled(startChild(parent()).returned("a", "X"))).toEqual(["r/1/k"]);
  });

  test("go on over a retry", () => {
    const run = startChild(parent()).failed("a", retryIn(5));
    expect(cancelled(run)).toEqual([]);
    expect(childrenOf(run)).toBeDefined();
  });

  test.each([
    ["completes", (run: Fold) => run.returned("a", "Stop")],
    ["fails", (run: Fold) => run.failed("a", noRetry)],
    ["is cancelled", (run: Fold) => run.do({ kind: "CancelRun", causedBy: "external" })],
    ["is out of time", (run: Fold) => run.do({ kind: "Timeout", causedBy: 1 })],
  ])("end once when the run %s", (_, end) => {
    expect(cancelled(end(startChild(parent())))).toEqual(["r/1/k"]);
  });

  test("those that ended are left alone", () => {
    expect(cancelled(endChild(startChild(parent())).do({ kind: "CancelRun", causedBy: "external" }))).toEqual([]);
  });
});

test("a child run knows the run it is part of", () => {
  const of = { runId: "p", step: "s", workItem: 3 };
  expect(new Fold(program({ a: "Start" })).start(null, { parent: of }).state.parent).toEqual(of);
});
