import { describe, expect, test } from "vitest";
import { graphStatus, runStatus } from "../../src/graph/graph-status.ts";
import { Fold, program, retryIn, wait } from "../core/fold.ts";
import { planOf } from "../core/plans.ts";

const run = () => new Fold(program({ a: ["Start", 2], b: "X" })).start(1);

describe("graphStatus", () => {
  test("counts what is busy and queued, by step and in all", () => {
    const status = graphStatus(run().send("X").send("X").send("X").state);
    expect(status).toMatchObject({ busy: 2, queued: 2, sequence: 4 });
    expect(status.steps["b"]).toMatchObject({ slots: 1, busy: 1, queued: 2, busySlots: [0] });
  });

  test("shows a step at rest once it has done what was queued for it (C-60)", () => {
    const fold = run().send("X").send("X").send("X");
    const shown = () => {
      const { busy, queued, busySlots } = graphStatus(fold.state).steps["b"]!;
      return [busy, queued, busySlots];
    };
    const seen = [shown()];
    for (let n = 0; n < 3; n++) seen.push((fold.returned("b"), shown()));
    expect(seen).toEqual([
      [1, 2, [0]],
      [1, 1, [0]],
      [1, 0, [0]],
      [0, 0, []],
    ]);
  });

  test("tells what backs off, and until when", () => {
    const { state } = run().failed("a", retryIn(500)).send("Start").failed("a", retryIn(100));
    expect(graphStatus(state).steps["a"]).toMatchObject({
      delayed: 2,
      nextRetryAt: 1100,
      failed: 2,
      lastError: "boom",
    });
  });

  test("tells what waits, and since when", () => {
    const { state } = run().waits("a", wait("Answer")).at(2000).send("Start").waits("a", wait("Answer"));
    expect(graphStatus(state).steps["a"]).toMatchObject({ waiting: 2, waitingSince: 1000 });
  });

  test("tells how far the fullest set is", () => {
    const { state } = run().collect("a", { Start: 3 });
    expect(graphStatus(state).steps["a"]?.collected).toEqual({ have: 1, want: 3 });
  });

  test("tells how far the set of a join is", () => {
    const joining = new Fold(planOf({ begin: { accepts: "Start" }, join: { slots: ["A", "B", "C"] } })).start();
    expect(graphStatus(joining.send("A").send("C").state).steps["join"]?.collected).toEqual({ have: 2, want: 3 });
    expect(graphStatus(joining.send("B").state).steps["join"]).not.toHaveProperty("collected");
  });

  test("of an ended run names no next retry", () => {
    expect(graphStatus(run().failed("a", retryIn(500)).cancel().state).steps["a"]).not.toHaveProperty("nextRetryAt");
  });
});

test("runStatus tells idle from running, and a new run is queued", () => {
  expect(runStatus(new Fold(program({ a: "Start" })).state)).toBe("queued");
  expect(runStatus(run().state)).toBe("running");
  expect(runStatus(run().waits("a", wait("Answer")).state)).toBe("idle");
  expect(runStatus(run().cancel().state)).toBe("cancelled");
});
