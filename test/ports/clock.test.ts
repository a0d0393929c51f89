import { SimulatedClock } from "tickwork/testing";
import { describe, expect, test } from "vitest";
import { createSteadyTime, notBefore } from "../../src/ports/clock.ts";

const DAY = 24 * 3_600_000;

/** A machine: `pass` lets time pass, `set` changes its clock. */
function machine() {
  let [wall, sinceStart] = [Date.UTC(2026, 0, 1), 5.25];
  const now = createSteadyTime(
    () => wall,
    () => sinceStart,
  );
  return {
    now,
    pass: (milliseconds: number): void => {
      wall += milliseconds;
      sinceStart += milliseconds;
    },
    set: (change: number): void => {
      wall += change;
    },
  };
}

describe("the time of an engine", () => {
  test("is that of the machine, also when its clock is set forward or it slept", () => {
    const { now, pass, set } = machine();
    const begun = now();
    pass(1000);
    set(30 * DAY);
    expect(now() - begun).toBe(30 * DAY + 1000);
  });

  test("goes on when the machine's clock is set back, each time", () => {
    const { now, pass, set } = machine();
    const begun = now();
    for (let count = 1; count <= 3; count++) {
      set(-DAY);
      pass(1000);
      expect(now() - begun).toBe(count * 1000);
    }
  });

  test("follows a clock that is put right a little at a time", () => {
    const { now, pass, set } = machine();
    const begun = now();
    for (let count = 0; count < 100; count++) {
      pass(1000);
      set(-1);
      now();
    }
    expect(now() - begun).toBe(99_900);
  });
});

test("for whoever knows a later time, time goes on from there, with all its timers", async () => {
  const clock = new SimulatedClock();
  expect(notBefore(clock, clock.now())).toBe(clock);
  const ahead = notBefore(clock, clock.now() + DAY);
  const before = ahead.now();
  expect(before).toBe(clock.now() + DAY);
  const fired: number[] = [];
  ahead.setTimer(before + 5000, () => fired.push(ahead.now() - before));
  await clock.advance(4999);
  expect(fired).toEqual([]);
  await clock.advance(1);
  expect(fired).toEqual([5000]);
});
