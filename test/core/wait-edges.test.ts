import { describe, expect, test } from "vitest";
import { Fold, program, retryIn, wait } from "./fold.ts";

const one = () => new Fold(program({ a: "Start", b: "Start" })).start();
const answers = (run: Fold) =>
  run.state.memos.get(1)?.answers.map(({ waiterId, event }) => [waiterId, event && event.data]);

describe("an event sent to a step by name", () => {
  const both = () => one().waits("a", wait("Answer")).waits("b", wait("Answer"));

  test("answers the waiters of that step alone", () => {
    const run = both().send("Answer", 1, { target: "b" });
    expect(run.commands.map((command) => command.kind === "RunWorker" && command.step)).toEqual([1]);
  });

  test("answers no waiter of another, and is kept for none", () => {
    const run = both().send("Answer", 1, { target: "nobody" });
    expect(run.kinds).toEqual(["UnhandledEvent"]);
    expect(run.state.mailbox).toEqual([]);
    expect(run.state.waiters.byInstance.size).toBe(2);
  });

  test("without a target answers both", () => {
    expect(both().send("Answer").kinds).toEqual(["RunWorker", "RunWorker"]);
  });
});

test("an event for a waiter that is gone is reported, kept for none and given to no step", () => {
  const run = one().waits("a", wait("Answer")).send("Start", 1, { waiter: 7 });
  expect(run.kinds).toEqual(["UnhandledEvent"]);
  expect(run.state.mailbox).toEqual([]);
});

test("an event of another type than all waits is kept and reported", () => {
  const run = one().waits("a", wait("Answer")).send("Else", 1);
  expect(run.kinds).toEqual(["UnhandledEvent"]);
  expect(run.state.mailbox).toHaveLength(1);
});

test("requirements are for events with fields: a text's length is none", () => {
  const run = one().waits("a", wait("Answer", { requirements: { length: 2 } }));
  expect(run.send("Answer", "id").started).toEqual([]);
  expect(run.send("Answer", { length: 2 }).started).toHaveLength(1);
});

test("a field that an object only inherits does not meet a requirement", () => {
  const run = one().waits("a", wait("Answer", { requirements: { constructor: 1 } }));
  expect(run.send("Answer", {}).started).toEqual([]);
});

describe("asking again", () => {
  test("for what was answered already runs the step again at once", () => {
    const run = one().waits("a", wait("X"), wait("Y")).send("X", 1);
    expect(run.waits("a", wait("X"), wait("Y")).started).toHaveLength(1);
    expect(answers(run)).toEqual([["X#0", 1]]);
    expect(run.state.waiters.byInstance.size).toBe(1);
  });

  test("for what is still open makes no second waiter", () => {
    const run = one().waits("a", wait("X"), wait("Y")).send("X", 1).waits("a", wait("Y"));
    expect(run.started).toEqual([]);
    expect([...run.state.waiters.byInstance.values()].map(({ instance }) => instance)).toEqual([2]);
  });

  test("under another name is another wait", () => {
    const run = one()
      .waits("a", wait("X"))
      .send("X", 1)
      .waits("a", wait("X", { waiterId: "X#1" }));
    expect(run.started).toEqual([]);
    expect(run.send("X", 2).started).toHaveLength(1);
    expect(answers(run)).toEqual([
      ["X#0", 1],
      ["X#1", 2],
    ]);
  });
});

test("a new attempt keeps its answers and waits anew where the last one ran out of time", () => {
  const run = one()
    .waits("a", wait("X"), wait("Y", { timeout: 5 }))
    .send("X", 1)
    .waiterTimeout(2);
  expect(answers(run)).toEqual([
    ["X#0", 1],
    ["Y#0", null],
  ]);
  expect(answers(run.failed("a", retryIn(0)))).toEqual([["X#0", 1]]);
  const { memos } = run.state;
  expect(run.failed("a", retryIn(0)).state.memos.get(1)).toBe(memos.get(1));
});

test("early events are kept in order, and one answers one wait", () => {
  const run = one().send("X", 1).send("Y", 2).send("X", 3).waits("a", wait("X"));
  expect(answers(run)).toEqual([["X#0", 1]]);
  expect(run.state.mailbox.map(({ data }) => data)).toEqual([2, 3]);
});

test("prompts are known by the place of their wait", () => {
  const prompt = (data: string) => ({ type: "Ask", data });
  const run = one().waits(
    "a",
    wait("X"),
    wait("Y", { prompt: prompt("second") }),
    wait("Z", { prompt: prompt("third") }),
  );
  expect(run.commands.flatMap((command) => (command.kind === "PublishEvent" ? [command.event.index] : []))).toEqual([
    1, 2,
  ]);
});
