import type { StepStatus } from "tickwork/client";
import { expect, test } from "vitest";
import { firstSorting, sortSteps } from "../../inspector/graph/table-order.ts";

const step = (name: string, more: Partial<StepStatus>): StepStatus => ({
  step: name,
  slots: 1,
  busy: 0,
  busySlots: [],
  queued: 0,
  delayed: 0,
  waiting: 0,
  completed: 0,
  failed: 0,
  ...more,
});
const status = {
  s10: step("s10", { queued: 3, collected: { have: 1, want: 3 } }),
  s2: step("s2", { queued: 900, collected: { have: 9, want: 10 } }),
  s1: step("s1", { queued: 3 }),
};
const declared = ["s10", "s2", "s1", "unknown"];

test("numbers have the largest first, and equal ones the workflow's order; another time the other way round", () => {
  expect(sortSteps(declared, status, firstSorting("queued"))).toEqual(["s2", "s10", "s1", "unknown"]);
  expect(sortSteps(declared, status, { column: "queued", isDescending: false })).toEqual([
    "unknown",
    "s10",
    "s1",
    "s2",
  ]);
});

test("names are sorted as people count, and sets by how full they are", () => {
  expect(sortSteps(declared, status, firstSorting("step"))).toEqual(["s1", "s2", "s10", "unknown"]);
  expect(sortSteps(declared, status, firstSorting("collected")).slice(0, 2)).toEqual(["s2", "s10"]);
});
