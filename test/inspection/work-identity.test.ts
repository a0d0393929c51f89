import { expect, test } from "vitest";
import type { WorkflowEvent } from "../../src/core/event-ref.ts";
import type { StepResultTick, StepOutcome } from "../../src/core/tick.ts";
import { matchEvents } from "../../src/inspection/work-identity.ts";

const A = { type: "A", data: { n: 1 } };
const B = { type: "B", data: { n: 2 } };

function result(outcome: StepOutcome, events: readonly WorkflowEvent[] = []): StepResultTick {
  const id = { step: "s", workerId: 0, workItem: 1, invocation: 1 };
  const outputs = events.map((event) => ({ mode: "send", event }) as const);
  return { kind: "StepResult", sequence: 2, at: 0, causedBy: 1, ...id, outcome, outputs };
}

test("events are matched by content, each once, wherever they stand", () => {
  const returned = { kind: "returned" } as const;
  const matched = matchEvents(result(returned, [A, B]), result(returned, [B, A, A]));
  expect([0, 1, 2].map(matched)).toEqual([1, 0, null]);
});

test("prompts are events of their tick, too", () => {
  const waiting = (...prompts: (WorkflowEvent | null)[]): StepOutcome => ({
    kind: "waiting",
    waits: prompts.map((prompt, index) => ({
      waiterId: String(index),
      type: "Answer",
      timeout: null,
      ...(prompt && { prompt }),
    })),
  });
  const matched = matchEvents(result(waiting(null, A)), result(waiting(A, B)));
  expect([0, 1].map(matched)).toEqual([1, null]);
});
