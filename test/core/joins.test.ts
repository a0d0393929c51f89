import { describe, expect, test } from "vitest";
import { joinProgress } from "../../src/core/joins.ts";
import { Fold, noRetry, retryIn, wait } from "./fold.ts";
import { element, planOf, send } from "./plans.ts";

/** One step "join" with these slots, in a run whose start event goes elsewhere. */
const joining = (...slots: string[]) => new Fold(planOf({ begin: { accepts: "Start" }, join: { slots } })).start();
const waiting = (run: Fold): Record<string, number> =>
  Object.fromEntries(
    [...run.state.joins.values()].flatMap(({ byType }) =>
      Object.entries(byType).map(([type, inputs]) => [type, inputs.length]),
    ),
  );

describe("a set", () => {
  test("starts the step once, with an event in every slot, in the order of the slots", () => {
    const run = joining("A", "B", "C").send("C", 3).send("A", 1);
    expect(run.started).toEqual([]);
    expect(run.send("B", 2).startedSets).toEqual(["join 1, 2, 3"]);
    expect(run.state.joins.size).toBe(0);
  });

  test("is named by the event in its first slot", () => {
    const run = joining("A", "B").send("B", 2).send("A", 1);
    expect(run.command("RunWorker")?.workItem).toMatchObject({ event: { type: "A", data: 1 }, causedBy: 3 });
  });

  test("of one type twice fills in order of arrival", () => {
    const run = joining("A", "A").send("A", 1);
    expect(run.started).toEqual([]);
    expect(run.send("A", 2).startedSets).toEqual(["join 1, 2"]);
    expect(run.state.joins.size).toBe(0);
  });

  test("leaves what it does not need for the next one, oldest first", () => {
    const run = joining("A", "B").send("A", 1).send("A", 2).send("A", 3);
    expect(run.send("B", "x").startedSets).toEqual(["join 1, x"]);
    expect(waiting(run)).toEqual({ A: 2 });
    expect(run.send("B", "y").startedSets).toEqual(["join 2, y"]);
    expect(waiting(run)).toEqual({ A: 1 });
  });

  test("holds no work while it is not full: the run is idle", () => {
    const run = joining("A", "B").returned("begin").send("A");
    expect(run.state.pending).toBe(0);
    expect(run.kinds).toEqual([]);
    expect(run.state.mailbox).toEqual([]);
  });

  test("is gathered for each step by itself", () => {
    const run = new Fold(
      planOf({ begin: { accepts: "Start" }, one: { slots: ["A", "B"] }, two: { slots: ["A", "C"] } }),
    ).start();
    expect(run.send("A", 1).send("B", 2).startedSets).toEqual(["one 1, 2"]);
    expect(run.send("C", 3).startedSets).toEqual(["two 1, 3"]);
  });

  test("stays together through a wait and a retry", () => {
    const run = joining("A", "B").send("A", 1).send("B", 2);
    expect(run.waits("join", wait("Answer")).send("Answer").startedSets).toEqual(["join 1, 2"]);
    expect(run.failed("join", retryIn(5)).at(1005).wakeup(1005).startedSets).toEqual(["join 1, 2"]);
  });

  test("may be of types that are called like what every object has", () => {
    const run = joining("constructor", "toString").send("constructor", 1).send("constructor", 2);
    expect(run.send("toString", 3).startedSets).toEqual(["join 1, 3"]);
    expect(waiting(run)).toEqual({ constructor: 1 });
  });

  test("gets an event that is sent to its step alone", () => {
    const run = joining("A", "B").send("A", 1, { target: "join" });
    expect(run.send("B", 2, { target: "begin" }).kinds).toEqual(["UnhandledEvent"]);
    expect(run.send("B", 2, { target: "join" }).startedSets).toEqual(["join 1, 2"]);
  });
});

describe("slots that overlap", () => {
  test("take the oldest event that fits, whatever type is named first", () => {
    const run = joining("A|B", "C").send("B", 1).send("A", 2);
    expect(run.send("C", 3).startedSets).toEqual(["join 1, 3"]);
    expect(waiting(run)).toEqual({ A: 1 });
  });

  test("give an event up where a later slot needs it", () => {
    const run = joining("A|B", "A").send("A", 1);
    expect(run.started).toEqual([]);
    expect(run.send("B", 2).startedSets).toEqual(["join 2, 1"]);
  });

  test("use no event twice", () => {
    const run = joining("A|B", "A|B", "A").send("A", 1).send("B", 2);
    expect(run.startedSets).toEqual([]);
    expect(run.send("B", 3).startedSets).toEqual(["join 2, 3, 1"]);
  });

  test("wait as long as there is no way to fill them all", () => {
    const run = joining("A|B", "A", "B").send("A", 1).send("A", 2).send("A", 3);
    expect(run.startedSets).toEqual([]);
    expect(run.send("B", 4).startedSets).toEqual(["join 1, 2, 4"]);
    expect(waiting(run)).toEqual({ A: 1 });
  });
});

describe("progress", () => {
  const progress = (run: Fold, slots: string[][]) =>
    [...run.state.joins.values()].map((one) => joinProgress(slots, one));

  test("counts what is there and what a set needs", () => {
    expect(progress(joining("A", "B", "C").send("A").send("C"), [["A"], ["B"], ["C"]])).toEqual([{ have: 2, want: 3 }]);
  });

  test("of a set that is not full is never full, however many of one type wait", () => {
    expect(progress(joining("A", "B").send("A").send("A").send("A"), [["A"], ["B"]])).toEqual([{ have: 1, want: 2 }]);
  });
});

describe("in a stream", () => {
  const listing = () =>
    new Fold(
      planOf({
        split: { accepts: "Start", feeds: ["all"] },
        work: { accepts: "Item" },
        join: { slots: ["A", "B"] },
        all: { accepts: "Done", list: "all" },
      }),
    );

  test("a set is gathered of one list only", () => {
    const run = listing().start(1).send("Start", 2);
    run.returnedList(run.running("split", 1), element("A", "first"));
    run.returnedList(run.running("split", 2), element("B", "second"));
    expect(run.startedSets).toEqual([]);
    expect(run.send("A", "outside").startedSets).toEqual([]);
    expect(run.send("B", "outside too").startedSets).toEqual(["join outside, outside too"]);
    expect(run.state.joins.size).toBe(2);
  });

  test("what waits in a join keeps the list open, and the set's own work does after it", () => {
    const run = listing().start().returnedList("split", element("A", 1), element("Item", 2));
    expect(run.returned("work").startedSets).toEqual([]);
    expect(run.state.streams.get(1)?.alive).toBe(1);
    const late = listing().start().returnedList("split", element("A", 1), element("B", 2));
    expect(late.state.streams.get(1)?.alive).toBe(1);
    expect(late.returned("join", send("Done", "set")).startedSets).toEqual(["all set"]);
    expect(late.state.streams.size).toBe(0);
  });

  test("the set's work goes on in that list", () => {
    const run = listing().start().returnedList("split", element("A", 1), element("B", 2));
    expect(run.command("RunWorker")?.workItem.lineage).toEqual({ stream: 1, recoveries: {} });
  });
});

test.each([[["A", "B"]], [["B", "A"]]])("a set may join what was recovered with what was not: %o", (slots) => {
  const run = new Fold(planOf({ begin: { accepts: "Start" }, join: { slots }, rescue: { catches: "all" } })).start();
  run.failed("begin", noRetry).returned("rescue", send("B", "recovered")).send("A");
  expect(run.command("RunWorker")?.workItem.lineage).toEqual({ stream: null, recoveries: { rescue: 1 } });
});
