import { describe, expect, test } from "vitest";
import { collectProgress } from "../../src/core/collect.ts";
import { Fold, noRetry, program, retryIn } from "./fold.ts";

/** A step that gathers, with room for nine at once. */
const gather = () => new Fold(program({ begin: "Start", a: ["X|Y|Z", 9] })).start();
/** Sends an event and lets the invocation it starts collect it; the work item, as a number. */
const add = (run: Fold, type: string, data: unknown, expected: Record<string, number>): number => {
  const id = run.send(type, data).running("a", data);
  run.collect(id, expected);
  return id.workItem;
};

describe("collectEvents", () => {
  test("answers null until the set is complete, then the set", () => {
    const run = gather();
    const [first, second] = [add(run, "X", 1, { X: 2 }), add(run, "X", 2, { X: 2 })];
    expect(run.collected(first)).toBe(null);
    expect(run.collected(second)).toEqual([1, 2]);
  });

  test("takes the oldest of each type, whatever order they came in", () => {
    const run = gather();
    for (const [type, data] of [
      ["Y", 1],
      ["X", 2],
      ["X", 3],
    ] as const)
      add(run, type, data, { X: 2, Y: 1 });
    expect(run.collected(4)?.toSorted()).toEqual([1, 2, 3]);
  });

  test("surplus begins the next set", () => {
    const run = gather();
    for (const data of [1, 2, 3]) add(run, "X", data, { X: 2 });
    expect(run.collected(4)).toBe(null);
    expect(run.collected(add(run, "X", 4, { X: 2 }))).toEqual([3, 4]);
  });

  test("surplus of one type does not stand in for another", () => {
    const run = gather();
    add(run, "X", 1, { X: 1, Y: 1 });
    add(run, "X", 2, { X: 1, Y: 1 });
    expect(run.collected(add(run, "Y", 3, { X: 1, Y: 1 }))).toEqual([1, 3]);
    expect(run.collected(add(run, "Y", 4, { X: 1, Y: 1 }))?.toSorted()).toEqual([2, 4]);
  });

  test("leaves the buffer alone for an event outside the set", () => {
    const run = gather();
    add(run, "X", 1, { X: 2 });
    expect(run.collected(add(run, "Z", 2, { X: 2 }))).toBe(null);
    expect(run.collected(add(run, "X", 3, { X: 2 }))).toEqual([1, 3]);
  });

  test("removes a buffer that is used up", () => {
    const run = gather();
    add(run, "X", 1, { X: 1 });
    expect(run.state.buffers.size).toBe(0);
  });

  test("keeps buffers of different ids apart", () => {
    const run = gather();
    const id = run.send("X", 1).running("a", 1);
    run.collect(id, { X: 2 }, { bufferId: "p", callId: "p#0" }).collect(id, { X: 2 }, { bufferId: "q", callId: "q#0" });
    expect(run.state.buffers.size).toBe(2);
    expect([run.collected(id.workItem, "p#0"), run.collected(id.workItem, "q#0")]).toEqual([null, null]);
  });

  test("keeps buffers of different steps apart", () => {
    const run = new Fold(program({ begin: "Start", a: "X", b: "X" })).start().send("X", 1);
    run.collect("a", { X: 2 }).collect("b", { X: 2 });
    expect(run.state.buffers.size).toBe(2);
  });

  test("answers the same call again with the same answer", () => {
    const run = gather();
    const id = run.send("X", 1).running("a", 1);
    run.collect(id, { X: 1 }).collect(id, { X: 1 });
    expect(run.collected(id.workItem)).toEqual([1]);
    expect(run.state.buffers.size).toBe(0);
  });

  test("answers a retry as its first attempt, and adds nothing twice", () => {
    const run = gather();
    add(run, "X", 1, { X: 2 });
    const second = add(run, "X", 2, { X: 2 });
    run.failed(run.running("a", 2), retryIn(0)).collect(run.running("a", 2), { X: 2 });
    expect(run.collected(second)).toEqual([1, 2]);
    expect(run.state.buffers.size).toBe(0);
  });

  test("answers a resumed run as before", () => {
    const run = gather();
    const item = add(run, "X", 1, { X: 1 });
    run.failed(run.running("a", 1), noRetry).resume();
    expect(run.collected(item)).toEqual([1]);
  });

  test("of another event than the step's own keeps that event", () => {
    const run = gather();
    const id = run.send("X", 1).running("a", 1);
    run.collect(id, { Y: 1 }, { event: { type: "Y", data: "other" } });
    expect(run.collected(id.workItem)).toEqual(["other"]);
  });

  test("works for a type named like a member of every object", () => {
    const run = new Fold(program({ begin: "Start", a: ["X|constructor", 9] })).start();
    add(run, "X", 1, { X: 1, constructor: 1 });
    expect(run.collected(add(run, "constructor", 2, { X: 1, constructor: 1 }))).toEqual([1, 2]);
  });
});

test("collectProgress counts what of the wanted set is there, without surplus", () => {
  const run = gather();
  for (const data of [1, 2, 3]) add(run, "X", data, { X: 2, Y: 1 });
  expect([...run.state.buffers.values()].map(collectProgress)).toEqual([{ have: 2, want: 3 }]);
});
