import { describe, expect, test } from "vitest";
import { stuckStream } from "../../src/core/streams.ts";
import { LIST_INDEX } from "../../src/core/tick-events.ts";
import { Fold, noRetry, retryIn, wait } from "./fold.ts";
import { element, planOf, send, type StepWords } from "./plans.ts";

const steps = {
  split: { accepts: "Start", feeds: ["all"] },
  work: { accepts: "Item" },
  all: { accepts: "Done", list: "all" },
} satisfies Record<string, StepWords>;
const listing = (more: Record<string, StepWords> = {}) => new Fold(planOf({ ...steps, ...more }));
const idleCheck = (run: Fold) => run.do({ kind: "IdleCheck", causedBy: 1 });

describe("a returned list", () => {
  test("gives its join all that came of it, in order of arrival, when the last of it is done", () => {
    const run = listing().start().returnedList("split", element("Item", 1), element("Item", 2), element("Item", 3));
    expect(run.started).toEqual(["work 1", "work 2", "work 3"]);
    run.returned(run.running("work", 3), send("Done", "c")).returned(run.running("work", 1), send("Done", "a"));
    expect(run.startedSets).toEqual([]);
    expect(run.returned("work", send("Done", "b")).startedSets).toEqual(["all c, a, b"]);
    expect(run.state.streams.size).toBe(0);
  });

  test("is handed on as one event of its own, outside the list", () => {
    const run = listing().start().returnedList("split", element("Done", 1));
    const item = run.command("RunWorker")?.workItem;
    expect(item?.event).toEqual({ tick: 2, index: LIST_INDEX, type: "Done[]", data: null });
    expect(item?.lineage).toBeUndefined();
  });

  test("may be empty: the join gets no member, once", () => {
    const run = listing().start().returnedList("split");
    expect(run.startedSets).toEqual(["all"]);
    expect(run.state.streams.size).toBe(0);
    expect(run.state.nextStream).toBe(2);
  });

  test("leaves out what ended without a member", () => {
    const run = listing().start().returnedList("split", element("Item", 1), element("Done", 2));
    expect(run.returned("work").startedSets).toEqual(["all 2"]);
  });

  test("may hold members only", () => {
    const run = listing().start().returnedList("split", element("Done", 1), element("Done", 2));
    expect(run.startedSets).toEqual(["all 1, 2"]);
  });

  test("of a step that feeds no join opens no stream", () => {
    const run = new Fold(planOf({ split: { accepts: "Start" }, work: { accepts: "Item" } })).start();
    run.returnedList("split", element("Item", 1));
    expect(run.state.streams.size).toBe(0);
    expect(run.command("RunWorker")?.workItem.lineage).toBeUndefined();
  });

  test("is no list if the step returned one event", () => {
    expect(listing().start().returned("split", element("Item", 1)).state.streams.size).toBe(0);
  });

  test("does not contain what its step sent beside it", () => {
    const run = listing().start().returnedList("split", send("Item", "aside"), element("Item", "inside"));
    expect(run.commands.map((command) => command.kind === "RunWorker" && command.workItem.lineage?.stream)).toEqual([
      undefined,
      1,
    ]);
    expect(run.returned(run.running("work", "inside")).startedSets).toEqual(["all"]);
  });

  test("feeds each of its joins", () => {
    const run = new Fold(
      planOf({
        split: { accepts: "Start", feeds: ["all", "odd"] },
        all: { accepts: "Done", list: "all" },
        odd: { accepts: "Odd", list: "all" },
      }),
    ).start();
    run.returnedList("split", element("Done", 1), element("Odd", 2), element("Done", 3));
    expect(run.startedSets).toEqual(["all 1, 3", "odd 2"]);
  });

  test("gathers by its own id: two lists of one step do not mix", () => {
    const run = listing().start(1).send("Start", 2);
    run.returnedList(run.running("split", 1), element("Item", 1));
    run.returnedList(run.running("split", 2), element("Item", 2));
    expect(run.state.streams.get(2)).toMatchObject({ id: 2, producer: 0, openedBy: 4, alive: 1 });
    expect(run.returned(run.running("work", 2), send("Done", "two")).startedSets).toEqual(["all two"]);
    expect(run.returned(run.running("work", 1), send("Done", "one")).startedSets).toEqual(["all one"]);
  });

  test("goes on through a retry, a back-off, a wait and a resume of its members' work", () => {
    const run = listing().start().returnedList("split", element("Item", 1));
    expect(run.failed("work", retryIn(0)).failed("work", retryIn(5)).startedSets).toEqual([]);
    run.at(1005).wakeup(1005).waits("work", wait("Answer")).send("Answer").cancel().resume();
    expect(run.started).toEqual(["work 1"]);
    expect(run.returned("work", send("Done", "at last")).startedSets).toEqual(["all at last"]);
  });

  test("is gone with the run's stop event", () => {
    const run = listing().start().returnedList("split", element("Item", 1), element("Item", 2));
    run.returned("work", send("Stop"));
    expect(run.state.status).toBe("completed");
    expect(run.state.streams.size).toBe(0);
  });

  test("that fails the run by what was sent beside it is complete all the same after a resume", () => {
    const run = listing()
      .start()
      .returnedList("split", element("Item", 1), send("Done", 2, "all"));
    expect(run.state.outcome).toMatchObject({ kind: "failed", error: { code: "LIST_TARGETED" } });
    expect(run.queued("work")).toEqual([1]);
    expect(run.resume().returned("work", send("Done", "after all")).startedSets).toEqual(["all after all"]);
  });

  test("is complete too when one of its elements failed the run like that", () => {
    const run = listing().start().returnedList("split", element("Item", 1), element("Item", 2));
    run.returned(run.running("work", 1), send("Done", "x", "all"));
    expect(run.state.status).toBe("failed");
    expect(run.resume().returned("work", send("Done", "y")).startedSets).toEqual(["all y"]);
  });
});

describe("the first few", () => {
  const firstTwo = () => listing({ all: { accepts: "Done", list: 2 } }).start();

  test("are handed on as soon as they are there, and not again at the end", () => {
    const run = firstTwo().returnedList("split", element("Item", 1), element("Item", 2), element("Item", 3));
    run.returned(run.running("work", 2), send("Done", "b"));
    expect(run.startedSets).toEqual([]);
    expect(run.returned(run.running("work", 1), send("Done", "a")).startedSets).toEqual(["all b, a"]);
    expect(run.returned("work", send("Done", "too late")).startedSets).toEqual([]);
    expect(run.state.streams.size).toBe(0);
    expect(run.state.mailbox).toEqual([]);
  });

  test("are as many as there are when the list ends before", () => {
    const run = firstTwo().returnedList("split", element("Item", 1));
    expect(run.returned("work", send("Done", "only")).startedSets).toEqual(["all only"]);
  });

  test("that were handed on are not kept again", () => {
    const run = firstTwo().returnedList(
      "split",
      element("Done", 1),
      element("Done", 2),
      element("Done", 3),
      element("Item"),
    );
    expect(run.startedSets).toEqual(["all 1, 2"]);
    expect(run.state.streams.get(1)?.members["2"]?.events.length).toBe(2);
  });
});

describe("a list within a list", () => {
  const nested = () =>
    new Fold(
      planOf({
        outer: { accepts: "Start", feeds: ["all"] },
        inner: { accepts: "Item", feeds: ["some"] },
        work: { accepts: "Part" },
        some: { accepts: "Piece", list: "all" },
        all: { accepts: "Done", list: "all" },
      }),
    ).start();

  test("keeps the outer one open, and its join works in the outer one", () => {
    const run = nested().returnedList("outer", element("Item", 1)).returnedList("inner", element("Part", 2));
    expect(run.state.streams.get(1)).toMatchObject({ alive: 1 });
    expect(run.state.streams.get(2)).toMatchObject({ alive: 1, lineage: { stream: 1 } });
    expect(run.returned("work", send("Piece", "p")).startedSets).toEqual(["some p"]);
    expect(run.command("RunWorker")?.workItem.lineage?.stream).toBe(1);
    expect(run.returned("some", send("Done", "d")).startedSets).toEqual(["all d"]);
    expect(run.state.streams.size).toBe(0);
  });

  test("gives the outer one's join what the inner one does not feed", () => {
    const run = nested().returnedList("outer", element("Item", 1)).returnedList("inner", element("Part", 2));
    run.returned("work", send("Done", "from within"));
    expect(run.startedSets).toEqual(["some"]);
    expect(run.returned("some").startedSets).toEqual(["all from within"]);
  });

  test("closes both at once when nothing came of the inner one's join", () => {
    const run = nested().returnedList("outer", element("Item", 1)).returnedList("inner", element("Part", 2));
    expect(run.returned("work").startedSets).toEqual(["some"]);
    expect(run.returned("some").startedSets).toEqual(["all"]);
  });

  test("hands its recoveries on", () => {
    const run = new Fold(
      planOf({
        begin: { accepts: "Start" },
        outer: { accepts: "Again", feeds: ["all"] },
        work: { accepts: "Item" },
        all: { accepts: "Done", list: "all" },
        rescue: { catches: "all", maxRecoveries: 5 },
      }),
    ).start();
    run.failed("begin", noRetry).returned("rescue", send("Again")).returnedList("outer", element("Item"));
    expect(run.command("RunWorker")?.workItem.lineage).toEqual({ stream: 1, recoveries: { rescue: 1 } });
    expect(run.returned("work").command("RunWorker")?.workItem.lineage).toEqual({
      stream: null,
      recoveries: { rescue: 1 },
    });
  });
});

describe("a member from outside every list", () => {
  test("is kept like any event that nobody takes, and reported", () => {
    const run = listing().start().send("Done", 1);
    expect(run.kinds).toEqual(["UnhandledEvent"]);
    expect(run.state.mailbox.map(({ data }) => data)).toEqual([1]);
  });

  test("is so too where the list it is part of feeds another join", () => {
    const run = listing({ other: { accepts: "Other", list: "all" } }).start();
    run.returnedList("split", element("Other", 1), element("Item", 2));
    expect(run.kinds).toEqual(["UnhandledEvent", "RunWorker"]);
  });

  test("sent to the join by name fails the run and says what to do", () => {
    const run = listing().start().send("Done", 1, { target: "all" });
    expect(run.command("FailRun")?.error).toEqual({
      name: "WorkflowRuntimeError",
      message: "Done was sent to step all, which takes whole lists only. Return a list from the step that makes them.",
      code: "LIST_TARGETED",
      data: { step: "all", event: "Done" },
    });
  });
});

describe("a list that can never be complete", () => {
  const joining = () => listing({ join: { slots: ["A", "B"] } }).start();

  test("fails the run, and says what waits where", () => {
    const run = joining().returnedList("split", element("A", 1), element("A", 2));
    expect(run.state.status).toBe("running");
    expect(idleCheck(run).command("FailRun")?.error).toEqual({
      name: "WorkflowRuntimeError",
      message:
        "The list that step split returned can never be complete: 2 of it wait in join for events that will not come.",
      code: "STREAM_STUCK",
      data: { producer: "split", stream: 1, joins: ["join"], alive: 2 },
    });
  });

  test("names the joins of that list only, one after the other", () => {
    const run = listing({ join: { slots: ["A", "B"] }, pair: { slots: ["A", "C"] } }).start();
    run.send("A", "outside").returnedList("split", element("A", 1));
    expect(idleCheck(run).command("FailRun")?.error).toMatchObject({
      message: expect.stringContaining("2 of it wait in join, pair for events"),
      data: { joins: ["join", "pair"] },
    });
  });

  test("is the outer one of two, whose joins have nothing of it themselves", () => {
    const run = new Fold(
      planOf({
        outer: { accepts: "Start", feeds: ["all"] },
        inner: { accepts: "Item", feeds: ["all"] },
        join: { slots: ["A", "B"] },
        all: { accepts: "Done", list: "all" },
      }),
    ).start();
    run.returnedList("outer", element("Item")).returnedList("inner", element("A"));
    expect(idleCheck(run).command("FailRun")?.error).toMatchObject({
      message: expect.stringContaining("step outer returned can never be complete: 1 of it wait in a join for events"),
      data: { producer: "outer", stream: 1, joins: [] },
    });
  });

  test.each<[string, (run: Fold) => Fold]>([
    ["something of it is at work", (run) => run.returnedList("split", element("A"), element("Item"))],
    [
      "something of it backs off",
      (run) => run.returnedList("split", element("A"), element("Item")).failed("work", retryIn(5)),
    ],
    ["something else is at work", (run) => run.send("Start").returnedList(run.running("split"), element("A"))],
    [
      "something of it waits for an answer",
      (run) => run.returnedList("split", element("A"), element("Item")).waits("work", wait("Answer")),
    ],
    ["there is no list", (run) => run.returned("split", send("A"))],
    ["the run has ended", (run) => run.returnedList("split", element("A")).cancel()],
  ])("is none while %s", (_name, prepare) => {
    const run = prepare(joining());
    expect(stuckStream(run.state)).toBe(null);
    const { status } = run.state;
    expect(idleCheck(run).kinds).toEqual([]);
    expect(run.state.status).toBe(status);
  });

  test("is none while something in a list within it waits for an answer", () => {
    const run = new Fold(
      planOf({
        outer: { accepts: "Start", feeds: ["all"] },
        inner: { accepts: "Item", feeds: ["all"] },
        work: { accepts: "Part" },
        join: { slots: ["A", "B"] },
        all: { accepts: "Done", list: "all" },
      }),
    ).start();
    run.returnedList("outer", element("A"), element("Item")).returnedList("inner", element("Part"));
    expect(stuckStream(run.waits("work", wait("Answer")).state)).toBe(null);
  });

  test("is found beside one that waits for an answer", () => {
    const run = joining().send("Start", 2);
    run.returnedList(run.running("split", null), element("Item")).waits("work", wait("Answer"));
    run.returnedList(run.running("split", 2), element("A"));
    expect(stuckStream(run.state)?.id).toBe(2);
  });

  test("is found while something outside every list waits for an answer", () => {
    const run = joining().returnedList("split", element("A"), send("Item")).waits("work", wait("Answer"));
    expect(stuckStream(run.state)?.id).toBe(1);
  });
});
