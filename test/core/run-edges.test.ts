/** What happens at the edges of a run's life: before it, while it is queued, when it ends, and after. */
import { describe, expect, test } from "vitest";
import { MAILBOX_LIMIT } from "../../src/core/broker-state.ts";
import { dueTick } from "../../src/core/reduce.ts";
import { Fold, program, retryIn, wait } from "./fold.ts";
import { element, planOf, send } from "./plans.ts";

const two = (timeout: number | null = null) => new Fold(program({ a: "Start", b: ["X", 2], c: "Y" }, timeout));
const admit = (run: Fold) => run.do({ kind: "AdmitRun", causedBy: 1 });
const timeout = (run: Fold) => run.do({ kind: "Timeout", causedBy: 1 });

describe("before it began", () => {
  test("a resume does nothing", () => {
    const run = two().resume();
    expect(run.state).toMatchObject({ status: "new", sequence: 1, limit: { loadedAt: 0 } });
  });
});

describe("while it is queued", () => {
  const queued = () => two().start("first", { queued: true });

  test("it keeps as many events as the mailbox holds, its start event among them", () => {
    const run = queued();
    for (let index = 1; index < MAILBOX_LIMIT; index++) expect(run.send("X", index).kinds).toEqual([]);
    expect(run.state.mailbox).toHaveLength(MAILBOX_LIMIT);
    expect(run.send("X", "one more").kinds).toEqual(["UnhandledEvent"]);
    expect(run.state.mailbox).toHaveLength(MAILBOX_LIMIT);
  });

  test("nothing it kept is left in the mailbox once it runs", () => {
    expect(admit(queued().send("X", 1)).state.mailbox).toEqual([]);
  });

  test("what was sent after a stop event has no effect", () => {
    const run = admit(queued().send("Stop", 1).send("X", 2).send("Ask", 3));
    expect(run.state.status).toBe("completed");
    expect(run.started).toEqual(["a first"]);
    expect(run.published).toEqual(["Stop"]);
  });

  test("it may be queued again by a resume, and starts its work when it is admitted", () => {
    const run = two().start("first").cancel().resume({ queued: true });
    expect(run.state.status).toBe("queued");
    expect(run.started).toEqual([]);
    expect(admit(run).started).toEqual(["a first"]);
  });

  test("neither a timeout nor a wakeup does anything", () => {
    expect(timeout(queued()).wakeup(9999).state.status).toBe("queued");
  });
});

describe("when it ends", () => {
  const active = (run: Fold) => timeout(run).command("HaltRun")?.activeSteps;

  test("the steps at work are named, and no others", () => {
    expect(active(two().start().send("X").send("X").returned("a"))).toEqual(["b"]);
    expect(active(two().start().send("Y").waits("a", wait("Answer")))).toEqual(["c"]);
  });

  test("when none is at work, those that wait or back off, and no others", () => {
    expect(active(two().start().waits("a", wait("Answer")))).toEqual(["a"]);
    expect(active(two().start().returned("a").send("Y").failed("c", retryIn(50)))).toEqual(["c"]);
    expect(active(two().start().returned("a"))).toEqual([]);
  });

  test("work goes back to its queue in the order it was started, whatever worker had it", () => {
    const run = two().start().send("X", 1).send("X", 2).send("X", 3).send("X", 4);
    run.returned(run.running("b", 1));
    expect(run.running("b", 3).workerId).toBe(0);
    expect(run.cancel().queued("b")).toEqual([2, 3, 4]);
  });

  test("by a step's fault, a list whose last element that was is handed on after a resume", () => {
    const run = new Fold(
      planOf({
        split: { accepts: "Start", feeds: ["all"] },
        work: { accepts: "Item" },
        all: { accepts: "Done", list: "all" },
      }),
    ).start();
    run.returnedList("split", element("Item")).returned("work", send("Done", 1), send("Done", 2, "all"));
    expect(run.kinds).toEqual(["PublishEvent", "FailRun"]);
    expect(run.state.streams.size).toBe(0);
    expect(run.resume().startedSets).toEqual(["all 1"]);
  });
});

describe("after its end", () => {
  test("timers stand still: what backed off or waited does so after a resume", () => {
    const run = two()
      .start()
      .failed("a", retryIn(500))
      .send("X")
      .waits("b", wait("Answer", { timeout: 100 }))
      .cancel();
    expect(run.at(9000).wakeup(9000).waiterTimeout(1).commands).toEqual([]);
    expect(run.state.timers.size).toBe(2);
    expect(run.step("a").delayed).toBe(1);
    expect(run.resume().waiterTimeout(1).started).toHaveLength(1);
    expect(run.wakeup(1500).started).toHaveLength(1);
  });
});

describe("what is due", () => {
  test("without a time limit is the first timer", () => {
    const run = two(null).start().failed("a", retryIn(100));
    expect(dueTick(run.state, 3000)).toEqual({ kind: "Wakeup", causedBy: 2, due: 1100 });
  });
});

describe("a late result", () => {
  test("does not count for the work that has its worker now", () => {
    const run = two().start(1).send("Start", 2);
    const first = run.running("a", 1);
    run.returned(first);
    expect(run.running("a", 2)).toMatchObject({ workerId: first.workerId, invocation: first.invocation });
    expect(run.returned(first, "X").state.dropped).toBe(1);
    expect(run.started).toEqual([]);
  });

  test("of a worker that never was is dropped", () => {
    const run = two().start();
    expect(run.returned({ ...run.running("a"), workerId: 999 }).state.dropped).toBe(1);
    expect(run.returned({ ...run.running("a"), workerId: 1 }).state.dropped).toBe(2);
  });
});
