import { describe, expect, test } from "vitest";
import { terminalEvent } from "../../src/core/terminal-event.ts";
import { eventOfTick } from "../../src/core/tick-events.ts";
import type { Tick } from "../../src/core/tick.ts";
import { error } from "./fold.ts";

describe("terminalEvent", () => {
  test("of a failed step names step and error, how often it was tried and how long that took", () => {
    expect(terminalEvent({ kind: "failed", error, step: "a", attempts: 3, elapsed: 20 }, null)).toEqual({
      type: "WorkflowFailedEvent",
      data: { step: "a", error, attempts: 3, elapsed: 20 },
    });
  });

  test("of another failure names no step, attempts or time", () => {
    expect(terminalEvent({ kind: "failed", error }, null).data).toEqual({ error });
  });

  test("of a cancel gives the reason, if there was one", () => {
    expect(terminalEvent({ kind: "cancelled", reason: "r" }, null)).toEqual({
      type: "WorkflowCancelledEvent",
      data: { reason: "r" },
    });
    expect(terminalEvent({ kind: "cancelled" }, null).data).toEqual({});
  });

  test("of a timeout gives the limit and the active steps", () => {
    expect(terminalEvent({ kind: "timedOut", activeSteps: ["a"] }, 9)).toEqual({
      type: "WorkflowTimedOutEvent",
      data: { timeout: 9, activeSteps: ["a"] },
    });
  });
});

describe("eventOfTick", () => {
  const at = { sequence: 1, at: 1, causedBy: 1 } as const;
  const id = { step: "a", workerId: 0, workItem: 1, invocation: 1 };
  const event = { type: "X", data: 1 };

  test("finds the outputs of a result by their place", () => {
    const tick: Tick = {
      ...at,
      ...id,
      kind: "StepResult",
      outcome: { kind: "returned" },
      outputs: [{ mode: "send", event }],
    };
    expect([eventOfTick(tick, 0), eventOfTick(tick, 1), eventOfTick(tick, -1)]).toEqual([event, undefined, undefined]);
  });

  test("finds the prompts of waits by the place of the wait", () => {
    const waits = [
      { waiterId: "x", type: "A", timeout: null },
      { waiterId: "y", type: "A", timeout: null, prompt: event },
    ];
    const tick: Tick = { ...at, ...id, kind: "StepResult", outcome: { kind: "waiting", waits }, outputs: [] };
    expect([eventOfTick(tick, 0), eventOfTick(tick, 1)]).toEqual([undefined, event]);
  });

  test("finds the event of an AddEvent and a CollectEvents tick at 0", () => {
    expect(eventOfTick({ ...at, kind: "AddEvent", event }, 0)).toBe(event);
    const collect: Tick = { ...at, ...id, kind: "CollectEvents", bufferId: "b", callId: "b#0", event, expected: {} };
    expect(eventOfTick(collect, 0)).toBe(event);
  });

  test("finds none in a tick that brings none", () => {
    expect(eventOfTick({ ...at, kind: "CancelRun" }, 0)).toBeUndefined();
  });
});
