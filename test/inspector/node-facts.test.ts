import fc from "fast-check";
import { expect, test } from "vitest";
import { readDistantStep, roundedDepth } from "../../inspector/graph/node-facts.ts";
import { describeDistantStep, heatLevel, queueHeat } from "../../inspector/graph/step-words.ts";
import { initialState } from "../../inspector/store/inspector-state.ts";

test("from afar a queue's colour is exact, and its length to a sixteenth of a decade", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 200_000 }), (queued) => {
      const shown = roundedDepth(queued);
      expect(heatLevel(shown)).toBe(heatLevel(queued));
      expect(Math.abs(queueHeat(shown) - queueHeat(queued))).toBeLessThan(0.02);
    }),
  );
});

test("a step that nothing has reached, one at work, one in trouble", () => {
  const step = { step: "fetch", slots: 4, busy: 0, queued: 0, delayed: 0, waiting: 0, completed: 0, failed: 0 };
  const said = (status: object): string => {
    const steps = { fetch: { ...step, ...status } };
    const state = { ...initialState(0), graph: { steps } } as unknown as ReturnType<typeof initialState>;
    return describeDistantStep("fetch", readDistantStep(state, "fetch"));
  };
  expect(said({})).toBe("fetch, step, no work yet");
  expect(said({ busy: 4, queued: 61, completed: 9 })).toBe("fetch, step, busy, about 56 queued");
  expect(said({ completed: 9, failed: 1, waiting: 2 })).toBe(
    "fetch, step, idle, nothing queued, waiting for an event, has failed attempts",
  );
});
