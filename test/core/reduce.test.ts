import { describe, expect, test } from "vitest";
import { dueTick } from "../../src/core/reduce.ts";
import { Fold, program, retryIn, wait } from "./fold.ts";

const timed = (timeout: number | null) => new Fold(program({ a: ["Start", 3], b: "X" }, timeout));

describe("ScheduleWakeup", () => {
  test("is not asked for when nothing is ever due", () => {
    expect(timed(null).start().kinds).toEqual(["RunWorker"]);
  });

  test("comes with the first moment that is due", () => {
    expect(timed(5000).start().command("ScheduleWakeup")?.due).toBe(6000);
  });

  test("does not come again while what is due stays the same", () => {
    const run = timed(5000).start().send("X").returned("a").failed("b", retryIn(9000));
    expect(run.command("ScheduleWakeup")).toBeUndefined();
  });

  test("comes when something earlier is due", () => {
    expect(timed(5000).start().failed("a", retryIn(100)).command("ScheduleWakeup")?.due).toBe(1100);
  });

  test("comes when the earliest is gone", () => {
    expect(timed(5000).start().failed("a", retryIn(100)).wakeup(1100).command("ScheduleWakeup")?.due).toBe(6000);
  });

  test("comes last, with null, when the run ends", () => {
    expect(timed(5000).start().cancel().commands.at(-1)).toEqual({ kind: "ScheduleWakeup", due: null });
  });
});

describe("dueTick", () => {
  const at = (run: Fold, now: number) => dueTick(run.state, now);

  test("is null before anything is due", () => {
    expect(at(timed(5000).start(), 5999)).toBe(null);
  });

  test("is the timeout when the limit is reached", () => {
    expect(at(timed(5000).start(), 6000)).toEqual({ kind: "Timeout", causedBy: 1 });
  });

  test("is a wakeup with the due time of the earliest retry, however late it is", () => {
    expect(at(timed(5000).start().failed("a", retryIn(100)), 3000)).toEqual({ kind: "Wakeup", causedBy: 2, due: 1100 });
  });

  test("is the timeout of the earliest waiter", () => {
    expect(
      at(
        timed(5000)
          .start()
          .waits("a", wait("Answer", { timeout: 100 })),
        3000,
      ),
    ).toEqual({
      kind: "WaiterTimeout",
      causedBy: 2,
      waiter: 1,
    });
  });

  test("lets a timer go before a limit that falls on the same moment", () => {
    expect(at(timed(100).start().failed("a", retryIn(100)), 3000)?.kind).toBe("Wakeup");
  });

  test("is the limit when it comes before the timer, even if both are past", () => {
    expect(at(timed(100).start().failed("a", retryIn(101)), 3000)?.kind).toBe("Timeout");
  });

  test("is null for a run that ended or is queued", () => {
    expect(at(timed(5000).start().cancel(), 9999)).toBe(null);
    expect(at(timed(5000).start(null, { queued: true }), 9999)).toBe(null);
  });
});

describe("EditState", () => {
  const set = (run: Fold, path: string[], value: number) =>
    run.do({ kind: "EditState", causedBy: 1, changes: [{ op: "set", path, value }] });

  test("changes the store and asks for nothing", () => {
    const run = set(timed(null).start(), ["a", "b"], 1);
    expect(run.state.store).toEqual({ a: { b: 1 } });
    expect(run.commands).toEqual([]);
  });

  test("shares what is not on the path", () => {
    const run = timed(null).start(null, { store: { big: { x: 1 }, n: 0 } });
    const { store } = run.state;
    expect(set(run, ["n"], 1).state.store["big"]).toBe(store["big"]);
  });

  test("after the end is dropped and counted", () => {
    const run = set(timed(null).start().cancel(), ["a"], 1);
    expect(run.state.store).toEqual({});
    expect(run.state.dropped).toBe(1);
  });
});

describe("structural sharing", () => {
  /** A step with a long queue. */
  const deep = () => {
    const run = new Fold(program({ a: ["Start", 3], b: "X" })).start();
    for (let index = 0; index < 200; index++) run.send("X", index);
    return run;
  };

  test("a tick of one step leaves the states of the others as they are", () => {
    const run = deep();
    const before = run.step("b");
    expect(run.returned("a").step("b")).toBe(before);
  });

  test("a tick that adds to a queue does not walk it", () => {
    const run = deep();
    const head = run.step("b").queue.head;
    const visits = countSteps(run, () => run.send("X", "new"));
    expect(visits).toBe(0);
    expect(run.step("b").queue.head).toBe(head);
  });

  test("a tick that takes from a queue does not walk it", () => {
    const run = deep();
    run.returned("b");
    expect(countSteps(run, () => run.returned("b"))).toBe(0);
  });

  test("the state before a tick is as it was", () => {
    const run = deep();
    const before = run.state;
    const text = JSON.stringify([before.sequence, before.pending, run.queued("b"), before.steps[0]?.slots]);
    run.returned("b").returned("a", "Stop");
    expect(
      JSON.stringify([
        before.sequence,
        before.pending,
        Array.from(before.steps[1]!.queue, ({ event }) => event.data),
        before.steps[0]?.slots,
      ]),
    ).toBe(text);
  });

  test("a tick that changes nothing shares everything", () => {
    const run = deep();
    const { steps, parked, memos, waiters, timers, buffers, mailbox, store } = run.state;
    const after = run.wakeup(5).state;
    expect({ ...after }).toMatchObject({ steps, parked, memos, waiters, timers, buffers, mailbox, store });
    expect(after.steps).toBe(steps);
    expect(after.mailbox).toBe(mailbox);
  });

  /** How many items of queues a reduction iterates over. The invariants' own walk happens after it. */
  function countSteps(run: Fold, action: () => void): number {
    const { queue } = run.step("b");
    const prototype = Object.getPrototypeOf(queue) as { [Symbol.iterator](): IterableIterator<unknown> };
    const original = prototype[Symbol.iterator];
    let visits = 0;
    prototype[Symbol.iterator] = function* iterate(this: unknown) {
      const fromInvariants = new Error("where").stack?.includes("brokenInvariants") ?? false;
      for (const item of { [Symbol.iterator]: () => original.call(this) }) {
        if (!fromInvariants) visits += 1;
        yield item;
      }
    };
    try {
      action();
    } finally {
      prototype[Symbol.iterator] = original;
    }
    return visits;
  }
});
