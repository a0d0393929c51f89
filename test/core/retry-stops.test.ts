import {
  stopAfterAttempt,
  stopAfterDelay,
  stopAll,
  stopAny,
  stopBeforeDelay,
  stopNever,
  WorkflowConfigurationError,
} from "tickwork";
import { expect, test } from "vitest";
import { attempt } from "./retry-attempts.ts";

test("stopAfterAttempt counts the first attempt too", () => {
  const stop = stopAfterAttempt(3);
  expect([1, 2, 3, 4].map((failures) => stop.isLast(attempt({ failures }), 0))).toEqual([false, false, true, true]);
});

test("stopAfterDelay looks at the time since the first attempt began", () => {
  const stop = stopAfterDelay(10_000);
  expect([9_999, 10_000].map((elapsed) => stop.isLast(attempt({ elapsed }), 5_000))).toEqual([false, true]);
});

test("stopBeforeDelay looks at the time when the next attempt would begin", () => {
  const stop = stopBeforeDelay(5_000);
  expect([4_499, 4_500].map((elapsed) => stop.isLast(attempt({ elapsed }), 500))).toEqual([false, true]);
});

test("stopNever does not stop", () => {
  expect(stopNever().isLast(attempt({ failures: 1e9, elapsed: 1e12 }), 1e9)).toBe(false);
});

test("stopAny stops with the first, stopAll with the last", () => {
  const parts = [stopAfterAttempt(3), stopAfterDelay(10_000)] as const;
  const cases = [
    attempt(),
    attempt({ failures: 3 }),
    attempt({ elapsed: 10_000 }),
    attempt({ failures: 3, elapsed: 1e5 }),
  ];
  expect(cases.map((one) => stopAny(...parts).isLast(one, 0))).toEqual([false, true, true, true]);
  expect(cases.map((one) => stopAll(...parts).isLast(one, 0))).toEqual([false, false, false, true]);
});

test("combined stops are told the delay too", () => {
  expect(stopAny(stopAfterAttempt(3), stopBeforeDelay(100)).isLast(attempt(), 100)).toBe(true);
  expect(stopAll(stopAfterAttempt(1), stopBeforeDelay(100)).isLast(attempt(), 99)).toBe(false);
});

test.each([
  () => stopAfterAttempt(0),
  () => stopAfterAttempt(2.5),
  () => stopAfterAttempt(Number.POSITIVE_INFINITY),
  () => stopAfterAttempt("3" as never),
  () => stopAfterDelay(-1),
  () => stopAfterDelay(Number.NaN),
  () => stopBeforeDelay(Number.POSITIVE_INFINITY),
  () => stopAny(),
  () => stopAll(),
  () => stopAny(3 as never),
])("%s is refused where it is written", (make) => {
  expect(make).toThrow(WorkflowConfigurationError);
});

test.each([
  [() => stopAfterAttempt(1), "1 attempt"],
  [() => stopAny(stopAfterAttempt(5), stopBeforeDelay(30_000)), "5 attempts or 30000 ms with the next delay"],
  [
    () => stopAll(stopAny(stopAfterAttempt(5), stopAfterDelay(9)), stopNever()),
    "(5 attempts or 9 ms) and attempts without limit",
  ],
])("describes itself %#", (make, expected) => {
  expect(make().description).toBe(expected);
});
