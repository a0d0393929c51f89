/** How the steps of two compared runs are marked. */
import type { RunComparison, StepTotals, TickSummary } from "tickwork/client";
import { expect, test } from "vitest";
import { describeCompared, markOfEvent, markOfStep } from "../../inspector/store/compare-marks.ts";
import { tick } from "./fixtures/tick.ts";

const totals: StepTotals = { returned: 3, failed: 0, waited: 0, duration: 900, longest: 400 };

function comparison(a: TickSummary | null, more: Partial<RunComparison> = {}): RunComparison {
  const parting = a && { reason: "content" as const, a, b: null, differences: [], differenceCount: 0 };
  const steps = [
    { step: "same", a: totals, b: { ...totals, duration: 2_000 }, unlike: 0 },
    { step: "more", a: totals, b: { ...totals, returned: 4 }, unlike: 1 },
    { step: "data", a: totals, b: totals, unlike: 2 },
    { step: "first", a: totals, b: null, unlike: 3 },
    { step: "second", a: null, b: totals, unlike: 3 },
  ];
  return { parting, steps, ...more } as RunComparison;
}

test("a step differs by how often it ended, how, and with what data, and not by how long it took", () => {
  const marks = ["same", "more", "data", "first", "second", "never"].map((step) =>
    markOfStep(step, comparison(null), "both"),
  );
  expect(marks).toEqual(["same", "differs", "differs", "ranA", "ranB", "idle"]);
});

test("what only one run's code has is told before that it did not run, and where they part before all", () => {
  expect(markOfStep("second", comparison(null), "b")).toBe("codeB");
  expect(markOfStep("never", comparison(null), "a")).toBe("codeA");
  expect(markOfStep("same", comparison(tick(9, { step: "same" })), "b")).toBe("parted");
});

test("runs that part with an event from outside part at that event", () => {
  const answer = { type: "Answer", mode: "in" as const, preview: "", to: [] };
  const parted = comparison(tick(9, { kind: "AddEvent", events: [answer] }));
  expect([markOfEvent("Answer", parted, "both"), markOfEvent("Page", parted, "both")]).toEqual(["parted", null]);
  expect(markOfEvent("Answer", comparison(tick(9, { step: "ask", events: [answer] })), "both")).toBeNull();
  expect(markOfEvent("Page", comparison(null), "a")).toBe("codeA");
});

test("a node says both runs' numbers in words", () => {
  const failing = { ...totals, failed: 2 };
  expect(describeCompared("fetch", "differs", { step: "fetch", a: failing, b: null, unlike: 5 })).toBe(
    "fetch, step, differs. First: 5 runs, 2 failed, 900 ms. Second: did not run",
  );
});
