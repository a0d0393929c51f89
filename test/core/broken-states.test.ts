/** What `brokenInvariants` says of states that no reducer makes: it is read by people who look for a fault. */
import { describe, expect, test } from "vitest";
import { occupySlot } from "../../src/core/slots.ts";
import type { BrokerState, StepState } from "../../src/core/broker-state.ts";
import { brokenInvariants } from "../../src/core/invariants.ts";
import { StepQueue } from "../../src/core/step-queue.ts";
import { Fold, retryIn, wait } from "./fold.ts";
import { element, planOf, send } from "./plans.ts";

const one = () => new Fold(planOf({ a: { accepts: "Start", numWorkers: 1 } })).start();
const broken = ({ state }: Fold, change: Partial<BrokerState>) => brokenInvariants({ ...state, ...change });
const brokenStep = (run: Fold, change: Partial<StepState>) =>
  broken(run, { steps: [{ ...run.state.steps[0]!, ...change }, ...run.state.steps.slice(1)] });

describe("B1, a work item in two places", () => {
  const retrying = () => one().failed("a", retryIn(5));
  const item = () => one().command("RunWorker")!.workItem;
  const queued = () => ({ queue: StepQueue.of([item()]) });

  test.each<[string, () => string[], string]>([
    ["queue and slot", () => brokenStep(one(), queued()), "the queue of a and in a slot of a"],
    ["timers and queue", () => brokenStep(retrying(), queued()), "timers and in the queue of a"],
    ["parked and queue", () => brokenStep(one().waits("a", wait("X")), queued()), "parked and in the queue of a"],
    [
      "timers and parked",
      () =>
        broken(retrying(), {
          parked: retrying().state.parked.set(1, { step: 0, workItem: item(), since: 0 }),
        }),
      "timers and in parked",
    ],
  ])("%s", (_name, find, places) => {
    expect(find()).toContain(`B1: work item 1 is in ${places}`);
  });
});

describe("B1 and B3, counts that are wrong", () => {
  const longer = { length: 3, [Symbol.iterator]: () => [][Symbol.iterator]() } as unknown as StepState["queue"];

  test.each<[string, () => string[], string]>([
    ["queued", () => brokenStep(one(), { queue: longer }), "B1: a counts 3 queued, has 0"],
    [
      "busy",
      () => brokenStep(one(), { slots: { ...one().step("a").slots, busy: 2 } }),
      "B1: a counts 2 busy slots, has 1",
    ],
    ["delayed", () => brokenStep(one(), { delayed: 1 }), "B1: a counts 1 delayed, has 0"],
    ["delayed less", () => brokenStep(one().failed("a", retryIn(5)), { delayed: 0 }), "B1: a counts 0 delayed, has 1"],
    ["waiting", () => brokenStep(one(), { waiting: 2 }), "B1: a counts 2 waiting, has 0"],
    ["waiting less", () => brokenStep(one().waits("a", wait("X")), { waiting: 0 }), "B1: a counts 0 waiting, has 1"],
    ["pending", () => broken(one(), { pending: 7 }), "B3: pending is 7, counted 1"],
    ["pending in timers", () => broken(one().failed("a", retryIn(5)), { pending: 0 }), "B3: pending is 0, counted 1"],
    ["pending in queues", () => broken(one().send("Start"), { pending: 1 }), "B3: pending is 1, counted 2"],
  ])("%s", (_name, find, sentence) => {
    expect(find()).toEqual([sentence]);
  });

  test("of a step that the program does not know are told by its index", () => {
    const { program } = one().state;
    expect(broken(one(), { program: { ...program, steps: [] }, pending: 1 })).toEqual([]);
    expect(
      brokenInvariants({
        ...one().state,
        program: { ...program, steps: [] },
        steps: [{ ...one().step("a"), waiting: 1 }],
      }),
    ).toEqual(["B1: #0 counts 1 waiting, has 0"]);
  });
});

describe("B2, slots", () => {
  test("more at work than workers", () => {
    const { workItem } = one().command("RunWorker")!;
    const more = occupySlot(one().step("a").slots, {
      workItem: { ...workItem, id: 2 },
      startedAt: 0,
      startedBy: 1,
      order: 2,
    });
    expect(broken(one(), { steps: [{ ...one().step("a"), slots: more }], pending: 2 })).toEqual([
      "B2: a has 2 of 1 slots busy",
    ]);
  });

  test("queued work beside a free one, unless the run does not run", () => {
    const ended = one().cancel();
    expect(broken(ended, { status: "running" })).toEqual(["B2: a has queued work and a free slot"]);
    expect(broken(ended, { status: "queued" })).toEqual([]);
  });
});

describe("B4, waiters", () => {
  const waiting = () => one().waits("a", wait("X"), wait("Y"));

  test("of a work item that is nowhere, or does not know them", () => {
    const { parked, memos } = waiting().state;
    expect(broken(waiting(), { parked: parked.delete(1) })).toEqual([
      "B1: a counts 1 waiting, has 0",
      "B4: waiter 1 has no work item 1",
      "B4: waiter 2 has no work item 1",
    ]);
    const memo = memos.get(1)!;
    expect(broken(waiting(), { memos: memos.set(1, { ...memo, waiters: memo.waiters.slice(1) }) })).toEqual([
      "B4: work item 1 does not know its waiter 1",
    ]);
    expect(broken(waiting(), { memos: memos.delete(1) })).toHaveLength(2);
  });

  test("that are not found by type", () => {
    const { byInstance, byType } = waiting().state.waiters;
    expect(broken(waiting(), { waiters: { byInstance, byType: byType.delete("X") } })).toEqual([
      "B4: waiter 1 is not found by type",
    ]);
    const elsewhere = byType.set("X", byType.get("Y")!);
    expect(broken(waiting(), { waiters: { byInstance, byType: elsewhere } })).toEqual([
      "B4: waiter 1 is not found by type",
    ]);
  });
});

test("B5, work in progress in a run that ended", () => {
  expect(broken(one(), { status: "failed" })).toEqual(["B5: a is at work although the run ended"]);
});

describe("B8, what is alive in a list", () => {
  const plan = planOf({
    split: { accepts: "Start", feeds: ["all"] },
    inner: { accepts: "Inner", feeds: ["all"] },
    work: { accepts: "Item", numWorkers: 1 },
    join: { slots: ["A", "B"] },
    all: { accepts: "Done", list: "all" },
  });
  const listing = () => new Fold(plan).start();
  const without = (run: Fold) => {
    const { streams } = run.state;
    return broken(run, { streams: streams.set(1, { ...streams.get(1)!, alive: 9 }) });
  };

  test.each<[string, (run: Fold) => Fold]>([
    ["at work, and queued behind it", (run) => run.returnedList("split", element("Item"), element("Item"))],
    ["in a join", (run) => run.returnedList("split", element("A"), element("A"))],
    [
      "backing off, and a list within it",
      (run) =>
        run
          .returnedList("split", element("Item"), element("Inner"))
          .returnedList("inner", element("A"))
          .failed("work", retryIn(5)),
    ],
    [
      "waiting for an answer, and in a join",
      (run) => run.returnedList("split", element("Item"), element("A")).waits("work", wait("X")),
    ],
  ])("is counted: %s", (_name, prepare) => {
    expect(without(prepare(listing()))).toEqual(["B8: stream 1 counts 9 alive, has 2"]);
  });

  test("is not counted for work outside every list", () => {
    const run = listing().returnedList("split", element("Item"), send("A"), send("Item"));
    expect(without(run)).toEqual(["B8: stream 1 counts 9 alive, has 1"]);
  });

  test("is never nothing: that list should be closed", () => {
    const run = listing().returnedList("split", element("Item"));
    const stream = run.state.streams.get(1)!;
    expect(broken(run, { streams: run.state.streams.set(2, { ...stream, id: 2, alive: 0 }) })).toEqual([
      "B8: stream 2 counts 0 alive, has 0",
    ]);
  });
});
