import { expect, test } from "vitest";
import { Redaction } from "../../src/inspection/redaction.ts";
import { stateDifference, type DifferenceOptions } from "../../src/inspection/state-difference.ts";
import { encodeValue } from "../../src/serialize/serializer.ts";
import { toPlainData } from "../../src/workflow/plain-data.ts";
import type { BrokerState } from "../../src/core/broker-state.ts";
import { Fold, program, retryIn, wait } from "../core/fold.ts";

const open = new Redaction("r", undefined, toPlainData);
const plan = program({ begin: "Start", work: ["A", 1], ask: "B" });

const difference = (before: BrokerState, after: BrokerState, options?: DifferenceOptions, show = open) =>
  stateDifference(before, after, encodeValue, show, options);

/** What the last tick of the fold changed. */
function lastChange(fold: Fold, act: (fold: Fold) => Fold) {
  const before = fold.state;
  return difference(before, act(fold).state);
}

test("a state and itself differ in nothing", () => {
  const { state } = new Fold(plan).start().returned("begin", "A", "A", "B");
  expect(difference(state, state)).toMatchObject({
    store: [],
    storeCount: 0,
    steps: [],
    workItems: [],
    workItemCount: 0,
    waiters: [],
    waiterCount: 0,
  });
});

test("work that comes, starts and goes", () => {
  const found = lastChange(new Fold(plan).start(), (fold) => fold.returned("begin", "A", "A"));
  expect(found).toMatchObject({ from: { sequence: 1 }, to: { sequence: 2 } });
  expect(found.workItems).toEqual([
    { workItem: 1, step: "begin", eventType: "Start", before: { state: "running", attempt: 1 }, after: null },
    { workItem: 2, step: "work", eventType: "A", before: null, after: { state: "running", attempt: 1 } },
    { workItem: 3, step: "work", eventType: "A", before: null, after: { state: "queued", attempt: 1 } },
  ]);
  const numbers = { slots: 1, busy: 0, queued: 0, delayed: 0, waiting: 0, completed: 0, failed: 0 };
  expect(found.steps.map(({ step }) => step)).toEqual(["begin", "work"]);
  expect(found.steps[1]).toMatchObject({ before: numbers, after: { ...numbers, busy: 1, queued: 1 } });
});

test("a failure moves work to its back-off, and the next in its place", () => {
  const found = lastChange(new Fold(plan).start().returned("begin", "A", "A"), (fold) =>
    fold.failed("work", retryIn(50)),
  );
  expect(found.workItems).toMatchObject([
    { workItem: 2, before: { state: "running", attempt: 1 }, after: { state: "delayed", attempt: 2 } },
    { workItem: 3, before: { state: "queued" }, after: { state: "running" } },
  ]);
});

test("another attempt at once is a change, though it runs before and after", () => {
  const found = lastChange(new Fold(plan).start().returned("begin", "A"), (fold) => fold.failed("work", retryIn(0)));
  expect(found.workItems).toMatchObject([{ before: { attempt: 1 }, after: { state: "running", attempt: 2 } }]);
});

test("waits begin and are over", () => {
  const fold = new Fold(plan).start().returned("begin", "B");
  const asked = lastChange(fold, (at) => at.waits("ask", wait("Answer")));
  expect(asked.waiters).toEqual([{ waiter: 1, step: "ask", workItem: 2, type: "Answer", kind: "began" }]);
  expect(asked.workItems).toMatchObject([{ before: { state: "running" }, after: { state: "waiting" } }]);
  expect(lastChange(fold, (at) => at.send("Answer")).waiters).toMatchObject([{ waiter: 1, kind: "over" }]);
});

test("the store by its paths, values cut where they are large and whole when asked for", () => {
  const [long, longer] = ["x".repeat(3_000), "y".repeat(3_001)];
  const before = new Fold(plan).start(null, { store: { deep: { n: 1 }, long } }).state;
  const after = new Fold(plan).start(null, { store: { deep: { n: 2 }, long: longer } }).state;
  const { store, storeCount } = difference(before, after);
  expect(storeCount).toBe(2);
  expect(store[0]).toEqual({
    kind: "changed",
    path: ["deep", "n"],
    before: { preview: "1", size: 5, value: 1 },
    after: { preview: "2", size: 5, value: 2 },
  });
  expect(store[1]?.after?.preview.length).toBeLessThan(200);
  expect(store[1]?.after).not.toHaveProperty("value");
  expect(difference(before, after, { path: ["long"] }).store).toMatchObject([{ after: { value: longer } }]);
});

test("of many changes the first are listed and all are counted", () => {
  const numbers = (add: number) => Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`k${i}`, i + add]));
  const [before, after] = [0, 1].map((add) => new Fold(plan).start(null, { store: numbers(add) }).state);
  const { store, storeCount } = difference(before!, after!);
  expect([store.length, storeCount]).toEqual([200, 500]);
});

test("the end says what the run ended with, published and how", () => {
  const stop = { mode: "return", event: { type: "Stop", data: { sum: 3 } } } as const;
  const found = lastChange(new Fold(plan).start(), (fold) => fold.returned("begin", stop));
  expect(found).toMatchObject({
    from: { status: "running", published: 0 },
    to: { status: "completed", published: 1 },
    result: { value: { sum: 3 } },
  });
});

test("what is hidden is hidden in a difference too", () => {
  const hiding = new Redaction(
    "r",
    (value) => JSON.parse(JSON.stringify(value).replaceAll(/Pssst\d/g, "*")),
    toPlainData,
  );
  const [before, after] = ["Pssst1", "Pssst2"].map((secret) => new Fold(plan).start(null, { store: { secret } }).state);
  expect(difference(before!, after!).storeCount).toBe(1);
  expect(difference(before!, after!, {}, hiding).storeCount).toBe(0);
});
