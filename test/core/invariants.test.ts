import { describe, expect, test } from "vitest";
import type { BrokerState } from "../../src/core/broker-state.ts";
import { brokenInvariants } from "../../src/core/invariants.ts";
import { StepQueue } from "../../src/core/step-queue.ts";
import { Fold, program, retryIn, wait } from "./fold.ts";

const run = () => new Fold(program({ a: "Start" }, 5000)).start(1).send("Start", 2);
/** Numbers of the invariants a change breaks. */
const broken = ({ state }: Fold, change: Partial<BrokerState> | ((state: BrokerState) => Partial<BrokerState>)) =>
  new Set(
    brokenInvariants({ ...state, ...(typeof change === "function" ? change(state) : change) }).map((text) =>
      text.slice(0, 2),
    ),
  );

describe("brokenInvariants", () => {
  test("finds nothing in a state the reducer made", () => {
    expect(brokenInvariants(run().state)).toEqual([]);
  });

  test("finds a work item in two places (B1)", () => {
    const doubled = run();
    const [step] = doubled.state.steps;
    const item = step!.queue.head!;
    expect(broken(doubled, { steps: [{ ...step!, queue: StepQueue.of([item, item]) }], pending: 3 })).toContain("B1");
  });

  test("finds a wrong count of delayed and waiting work (B1)", () => {
    const delayed = new Fold(program({ a: "Start" })).start().failed("a", retryIn(5));
    const waiting = new Fold(program({ a: "Start" })).start().waits("a", wait("X"));
    expect(broken(delayed, ({ steps }) => ({ steps: [{ ...steps[0]!, delayed: 0 }] }))).toContain("B1");
    expect(broken(waiting, ({ steps }) => ({ steps: [{ ...steps[0]!, waiting: 0 }] }))).toContain("B1");
  });

  test("finds queued work beside a free slot (B2)", () => {
    const { program: plan } = run().state;
    expect(broken(run(), { program: { ...plan, steps: [{ ...plan.steps[0]!, numWorkers: 2 }] } })).toContain("B2");
  });

  test("finds more work in progress than workers (B2)", () => {
    const { program: plan } = run().state;
    expect(broken(run(), { program: { ...plan, steps: [{ ...plan.steps[0]!, numWorkers: 0 }] } })).toContain("B2");
  });

  test("finds a wrong count of pending work (B3)", () => {
    expect(broken(run(), { pending: 7 })).toContain("B3");
  });

  test("finds a waiter without its work item or memo (B4)", () => {
    const waiting = new Fold(program({ a: "Start" })).start().waits("a", wait("X"));
    expect(broken(waiting, ({ parked }) => ({ parked: parked.delete(1) }))).toContain("B4");
    expect(broken(waiting, ({ memos }) => ({ memos: memos.delete(1) }))).toContain("B4");
  });

  test("finds work in progress in a run that ended (B5)", () => {
    expect(broken(run(), { status: "cancelled" })).toContain("B5");
  });
});
