import { describe, expect, test } from "vitest";
import { STEP_FAILED } from "../../src/core/failure.ts";
import { FAILURE_INDEX } from "../../src/core/tick-events.ts";
import { error, Fold, noRetry, retryIn, wait } from "./fold.ts";
import { element, planOf, send, type StepWords } from "./plans.ts";

const caught = (handlers: Record<string, StepWords>, more: Record<string, StepWords> = {}) =>
  new Fold(planOf({ work: { accepts: "Start|Again" }, ...more, ...handlers })).start("input");
const told = (run: Fold) => run.command("RunWorker")?.workItem.event;

describe("a failure for good", () => {
  test("is handed to the handler, with all that is known of it", () => {
    const run = caught({ rescue: { catches: "all" } })
      .at(1100)
      .failed("work", retryIn(0))
      .at(1250)
      .failed("work", noRetry);
    expect(run.kinds).toEqual(["RunWorker"]);
    expect(told(run)).toEqual({
      tick: 3,
      index: FAILURE_INDEX,
      type: STEP_FAILED,
      data: {
        step: "work",
        input: { type: "Start", data: "input" },
        error,
        attempts: 2,
        elapsed: 250,
        failedAt: 1250,
      },
    });
    expect(run.state.status).toBe("running");
    expect(run.step("work")).toMatchObject({ failed: 2, completed: 0, slots: { busy: 0 } });
  });

  test("names every event of a joined set", () => {
    const run = caught({ rescue: { catches: "all" } }, { join: { slots: ["A", "B"] } });
    run.send("A", 1).send("B", 2).failed("join", noRetry);
    expect(told(run)).toHaveProperty("data.input", [
      { type: "A", data: 1 },
      { type: "B", data: 2 },
    ]);
  });

  test("that is retried is not handed on", () => {
    expect(caught({ rescue: { catches: "all" } }).failed("work", retryIn(0)).started).toEqual(["work input"]);
  });

  test("leaves nothing of its work item: waits and answers go", () => {
    const run = caught({ rescue: { catches: "all" } });
    run
      .waits("work", wait("X"), wait("Y", { timeout: 50 }))
      .send("X")
      .failed("work", noRetry);
    expect(run.state.memos.size).toBe(0);
    expect(run.state.waiters.byInstance.size).toBe(0);
    expect(run.state.timers.size).toBe(0);
  });

  test("lets what was queued behind it go on", () => {
    const run = new Fold(planOf({ work: { accepts: "Start", numWorkers: 1 }, rescue: { catches: "all" } }));
    run.start(1).send("Start", 2).failed("work", noRetry);
    expect(run.kinds).toEqual(["RunWorker", "RunWorker"]);
    expect(run.running("work", 2).workItem).toBe(2);
  });
});

describe("of several handlers", () => {
  const handlerFor = (handlers: Record<string, StepWords>): unknown => {
    const run = caught(handlers).failed("work", noRetry);
    const command = run.command("RunWorker");
    return command && run.state.program.steps[command.step]?.name;
  };

  test("the one that names the step is asked, wherever it stands", () => {
    expect(handlerFor({ any: { catches: "all" }, named: { catches: ["work"] } })).toBe("named");
    expect(handlerFor({ named: { catches: ["work"] }, any: { catches: "all" } })).toBe("named");
  });

  test("the one for all is asked when no other names the step", () => {
    expect(handlerFor({ other: { catches: ["else"] }, any: { catches: "all" } })).toBe("any");
  });

  test("none is asked when all are for other steps: the run fails", () => {
    expect(handlerFor({ other: { catches: ["else"] } })).toBeUndefined();
  });
});

describe("a handler", () => {
  test("that fails is not caught, by itself or by another", () => {
    const run = caught({ rescue: { catches: "all" }, second: { catches: ["rescue"] } });
    run.failed("work", noRetry).failed("rescue", noRetry);
    expect(run.state.outcome).toEqual({ kind: "failed", error, step: "rescue", attempts: 1, elapsed: 0 });
  });

  test("steps in as often in one line of events as it may, then the run fails", () => {
    const run = caught({ rescue: { catches: "all", maxRecoveries: 2 } });
    run.failed("work", noRetry).returned("rescue", send("Again"));
    expect(run.command("RunWorker")?.workItem.lineage).toEqual({ stream: null, recoveries: { rescue: 1 } });
    run.failed("work", noRetry).returned("rescue", send("Again"));
    expect(run.command("RunWorker")?.workItem.lineage).toEqual({ stream: null, recoveries: { rescue: 2 } });
    run.failed("work", noRetry);
    expect(run.state.outcome).toEqual({ kind: "failed", error, step: "work", attempts: 1, elapsed: 0 });
  });

  test("counts for each line of events by itself, and beside other handlers", () => {
    const run = caught({ rescue: { catches: ["work"] }, other: { catches: ["next"] } }, { next: { accepts: "Next" } });
    run.failed("work", noRetry).returned("rescue", send("Next")).failed("next", noRetry);
    expect(run.command("RunWorker")?.workItem.lineage?.recoveries).toEqual({ rescue: 1, other: 1 });
    expect(run.send("Start", "new").failed(run.running("work", "new"), noRetry).kinds).toEqual(["RunWorker"]);
  });

  test("may be called like what every object has", () => {
    const handlers = new Map<string, StepWords>([["constructor", { catches: "all" }]]);
    const run = caught(Object.fromEntries(handlers)).failed("work", noRetry);
    expect(run.command("RunWorker")?.workItem.lineage?.recoveries).toEqual({ constructor: 1 });
  });

  test("works in the list of what failed, and what it returns counts for that list", () => {
    const run = caught(
      { rescue: { catches: ["part"] } },
      { part: { accepts: "Part" }, all: { accepts: "Done", list: "all" }, split: { accepts: "Split", feeds: ["all"] } },
    );
    run.send("Split").returnedList("split", element("Part", 1)).failed("part", noRetry);
    expect(run.command("RunWorker")?.workItem.lineage).toEqual({ stream: 1, recoveries: { rescue: 1 } });
    expect(run.state.streams.get(1)?.alive).toBe(1);
    expect(run.returned("rescue", send("Done", "rescued")).startedSets).toEqual(["all rescued"]);
    expect(run.state.streams.size).toBe(0);
  });

  test("a set of events keeps the most recoveries of each", () => {
    const run = new Fold(
      planOf({
        work: { accepts: "Start" },
        second: { accepts: "Again" },
        join: { slots: ["A", "B"] },
        rescue: { catches: ["work"], maxRecoveries: 9 },
        other: { catches: ["second"], maxRecoveries: 9 },
      }),
    );
    const joined = () => run.command("RunWorker")?.workItem.lineage?.recoveries;
    run.start().failed("work", noRetry).returned("rescue", send("A"), send("Again"));
    run.failed("second", noRetry).returned("other", send("B"));
    expect(joined()).toEqual({ rescue: 1, other: 1 });
    run.send("Start").failed("work", noRetry).returned("rescue", send("Again"));
    run.failed("second", noRetry).returned("other", send("A"));
    expect(run.send("Start").failed("work", noRetry).returned("rescue", send("B")).startedSets).toHaveLength(1);
    expect(joined()).toEqual({ rescue: 1, other: 1 });
  });
});
