import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { forkedState } from "../../src/engine/fork-run.ts";
import type { TrailSpan } from "../../src/inspection/timeline.ts";
import { error, Fold, noRetry, program, retryIn, wait } from "../core/fold.ts";
import { anyRun } from "./any-run.ts";
import { follow, inWords } from "./spans.ts";

const one = () => new Fold(program({ a: "Start", b: ["X", 1] }));

describe("a work item's way", () => {
  test("it runs in a slot from the tick that started it to its result", () => {
    const run = one().at(10).start().at(25).returned("a");
    expect(inWords(follow(run).ended)).toEqual(["1 running a/0 1 10-25 #1-2 returned"]);
  });

  test("it waits in the queue from the tick that brought it until a slot is free", () => {
    const run = one().at(10).send("X").at(12).send("X");
    expect(follow(run).busy).toBe(0);
    run.at(20).start().at(21).send("X").at(22).send("X").at(30).returned("b");
    const { ended, open } = follow(run);
    expect(inWords(ended)).toEqual(["2 running b/0 1 21-30 #4-6 returned", "3 queued b 1 22-30 #5-6"]);
    expect(inWords(open)).toEqual(["1 running a/0 1 20- #3-", "3 running b/0 1 30- #6-"]);
  });

  test("what starts at once was never queued", () => {
    expect(inWords(follow(one().at(5).start()).open)).toEqual(["1 running a/0 1 5- #1-"]);
  });

  test("after a failure it backs off, queues if it must, and runs again", () => {
    const run = one().at(0).start().returned("a", "X").at(10).failed("b", retryIn(50));
    expect(inWords(follow(run).open)).toEqual(["2 backoff b 2 10- #3-"]);
    run.at(20).send("X").at(60).wakeup(60).at(70).returned("b").at(90).returned("b");
    expect(inWords(follow(run).ended.filter(({ workItem }) => workItem === 2))).toEqual([
      "2 running b/0 1 0-10 #2-3 failed",
      "2 backoff b 2 10-60 #3-5",
      "2 queued b 2 60-70 #5-6",
      "2 running b/0 2 70-90 #6-7 returned",
    ]);
  });

  test("a back-off that is over while all slots are busy is over, though nothing started yet", () => {
    const run = one().at(0).start().returned("a", "X").at(10).failed("b", retryIn(50)).send("X").at(60).wakeup(60);
    expect(inWords(follow(run).open.filter(({ workItem }) => workItem === 2))).toEqual([
      "2 backoff b 2 10-60 #3-5",
      "2 queued b 2 60- #5-",
    ]);
  });

  test("a retry at once has no back-off", () => {
    const run = one().at(0).start().at(10).failed("a", retryIn(0)).at(15).returned("a");
    expect(inWords(follow(run).ended)).toEqual([
      "1 running a/0 1 0-10 #1-2 failed",
      "1 running a/0 2 10-15 #2-3 returned",
    ]);
  });

  test("it waits for an event outside its slot, and runs again when that comes", () => {
    const run = one().at(0).start().at(10).waits("a", wait("Answer")).at(500).send("Answer").at(510).returned("a");
    expect(inWords(follow(run).ended)).toEqual([
      "1 running a/0 1 0-10 #1-2 waiting",
      "1 waiting a 1 10-500 #2-3",
      "1 running a/0 1 500-510 #3-4 returned",
    ]);
  });

  test("a wait whose answer is there already is none", () => {
    const run = one().at(0).start().send("Answer").at(10).waits("a", wait("Answer"));
    expect(inWords(follow(run).open)).toEqual(["1 running a/0 1 10- #3-"]);
  });

  test("a result that comes too late ends nothing", () => {
    const run = one().at(0).start();
    const late = run.running("a");
    run.at(10).failed("a", retryIn(0)).at(20).returned(late);
    expect(follow(run).ended).toHaveLength(1);
    expect(inWords(follow(run).open)).toEqual(["1 running a/0 2 10- #2-"]);
  });
});

describe("the end of a run", () => {
  const busy = () =>
    one().at(0).start().returned("a", "X", "X").at(5).send("Start").at(10).waits("a", wait("Answer")).at(20);

  test("completion ends all there is", () => {
    const { ended, open } = follow(busy().send("Stop"));
    expect(open).toEqual([]);
    expect(inWords(ended.filter(({ to }) => to === 20))).toEqual([
      "2 running b/0 1 0-20 #2-5 interrupted",
      "3 queued b 1 0-20 #2-5",
      "4 waiting a 1 10-20 #4-5",
    ]);
  });

  test("a cancelled run keeps what it had not done; resumed, that goes on", () => {
    const run = busy().cancel();
    expect(inWords(follow(run).open)).toEqual(["2 queued b 1 20- #5-", "3 queued b 1 0- #2-", "4 waiting a 1 10- #4-"]);
    run.at(1_000).resume().at(1_010).returned("b");
    expect(inWords(follow(run).ended.filter(({ workItem }) => workItem === 2))).toEqual([
      "2 running b/0 1 0-20 #2-5 interrupted",
      "2 queued b 1 20-1000 #5-6",
      "2 running b/0 1 1000-1010 #6-7 returned",
    ]);
  });

  test("a failure for good ends its own span as failed and the others as interrupted", () => {
    const run = one().at(0).start().send("X").at(10).failed("a", noRetry);
    expect(inWords(follow(run).ended)).toEqual([
      "1 running a/0 1 0-10 #1-3 failed",
      "2 running b/0 1 0-10 #2-3 interrupted",
    ]);
  });

  test("a failure of the run itself interrupts all", () => {
    const run = one().at(0).start().at(10).do({ kind: "FailRun", causedBy: 1, error });
    expect(inWords(follow(run).ended)).toEqual(["1 running a/0 1 0-10 #1-2 interrupted"]);
  });
});

describe("a run taken up again", () => {
  test("after a crash: what was at work ended when the engine was last known to be there", () => {
    const run = one().at(0).start().at(40).send("X").at(900).resume({ loadedUntil: 60 }).at(910).returned("a");
    expect(inWords(follow(run).ended.filter(({ workItem }) => workItem === 1))).toEqual([
      "1 running a/0 1 0-60 #1-3 interrupted",
      "1 queued a 1 60-900 #3-3",
      "1 running a/0 1 900-910 #3-4 returned",
    ]);
  });

  test("from any of its states the rest is told the same", () => {
    const run = one().at(0).start().returned("a", "X", "X").at(10).failed("b", retryIn(50)).at(20);
    const { state } = run;
    run.waits("b", wait("Answer")).at(60).wakeup(60).at(70).returned("b").at(80).send("Answer");
    const since = follow(run, state);
    expect(inWords(since.ended)).toEqual(inWords(follow(run).ended.filter(({ to }) => (to ?? 0) > 10)));
    expect(inWords(since.open)).toEqual(inWords(follow(run).open));
  });

  test("a fork begins with what was under way where it left", () => {
    const run = one().at(0).start().returned("a", "X", "X").at(10).failed("b", retryIn(50)).at(20);
    const base = forkedState(run.state, "fork", 1_000, run.state.program);
    run.at(1_000).resume().at(1_005).returned("b");
    const { ended, open } = follow(run, base);
    expect(inWords(ended)).toEqual([
      "3 running b/0 1 10-10 #3-4 interrupted",
      "3 queued b 1 10-1000 #4-4",
      "3 running b/0 1 1000-1005 #4-5 returned",
    ]);
    expect(inWords(open)).toEqual(["2 backoff b 2 10- #3-"]);
  });
});

test("whatever happens: F1, F2, and no span ends before it begins", () => {
  fc.assert(
    fc.property(anyRun, (run) => {
      const { ended, open } = follow(run);
      const all = [...ended, ...open];
      for (const { from, to } of all) expect(to ?? from).toBeGreaterThanOrEqual(from);
      const counted = run.ticks.filter(({ kind }) => kind === "StepResult").length - run.late;
      expect(ended.filter(({ phase, outcome }) => phase === "running" && outcome !== "interrupted")).toHaveLength(
        counted,
      );
      const apart = new Map<string, TrailSpan[]>();
      for (const each of all) {
        for (const key of [`item ${each.workItem}`, ...(each.slot === null ? [] : [`${each.step}/${each.slot}`])]) {
          apart.set(key, [...(apart.get(key) ?? []), each]);
        }
      }
      for (const spans of apart.values()) {
        const inOrder = spans.toSorted((a, b) => a.from - b.from || (a.to ?? Infinity) - (b.to ?? Infinity));
        for (const [index, { from }] of inOrder.entries()) {
          if (index > 0) expect(from).toBeGreaterThanOrEqual(inOrder[index - 1]?.to ?? Infinity);
        }
      }
    }),
    { numRuns: 300 },
  );
});
