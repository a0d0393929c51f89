import { describe, expect, test } from "vitest";
import { deadlineOf, hasEnded, isIdle, nextDue } from "../../src/core/broker-state.ts";
import { Fold, program, retryIn, wait } from "./fold.ts";

const run = () => new Fold(program({ a: "Start" }, 5000)).start();

describe("isIdle", () => {
  test("is false while something is at work, queued, or backs off", () => {
    expect(isIdle(run().state)).toBe(false);
    expect(isIdle(run().failed("a", retryIn(100)).state)).toBe(false);
  });

  test("is true when only waits are left", () => {
    expect(isIdle(run().waits("a", wait("Answer")).state)).toBe(true);
  });

  test("is true when nothing is left although the run goes on", () => {
    expect(isIdle(run().returned("a").state)).toBe(true);
  });

  test("is false once the run has ended", () => {
    expect(isIdle(run().returned("a", "Stop").state)).toBe(false);
    expect(isIdle(run().waits("a", wait("Answer")).cancel().state)).toBe(false);
  });
});

test("hasEnded is true for every end and for nothing else", () => {
  expect([new Fold(program({ a: "Start" })), run()].map(({ state }) => hasEnded(state))).toEqual([false, false]);
  expect([run().cancel(), run().returned("a", "Stop")].map(({ state }) => hasEnded(state))).toEqual([true, true]);
});

test("deadlineOf counts from the loading, less what was used, and never before the loading", () => {
  expect(deadlineOf({ timeout: 100, used: 30, loadedAt: 1000 })).toBe(1070);
  expect(deadlineOf({ timeout: 100, used: 130, loadedAt: 1000 })).toBe(1000);
  expect(deadlineOf({ timeout: null, used: 0, loadedAt: 1000 })).toBe(null);
});

test("nextDue is the earlier of the limit and the first timer", () => {
  expect(nextDue(run().state)).toBe(6000);
  expect(nextDue(run().failed("a", retryIn(100)).state)).toBe(1100);
  expect(nextDue(run().failed("a", retryIn(100)).cancel().state)).toBe(null);
});
