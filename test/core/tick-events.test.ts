import { expect, test } from "vitest";
import type { WorkflowEvent } from "../../src/core/event-ref.ts";
import { eventOfTick, eventsOfTick } from "../../src/core/tick-events.ts";
import type { Tick } from "../../src/core/tick.ts";

const A: WorkflowEvent = { type: "A", data: 1 };
const B: WorkflowEvent = { type: "B", data: 2 };
const tick = (fields: object): Tick => ({ sequence: 2, at: 0, causedBy: 1, ...fields }) as Tick;

const sent = { mode: "send", event: A };
const wait = { waiterId: "w", type: "Answer", timeout: null };

test.each<[string, Tick, ReturnType<typeof eventsOfTick>]>([
  ["an event from outside", tick({ kind: "AddEvent", event: A }), [[0, A]]],
  ["a set without an event", tick({ kind: "CollectEvents" }), []],
  [
    "what a step sent",
    tick({ kind: "StepResult", outcome: { kind: "returned" }, outputs: [sent, { ...sent, event: B }] }),
    [
      [0, A],
      [1, B],
    ],
  ],
  [
    "prompts, by the place of their wait",
    tick({ kind: "StepResult", outcome: { kind: "waiting", waits: [wait, { ...wait, prompt: B }] }, outputs: [] }),
    [[1, B]],
  ],
  ["what a migration brings", tick({ kind: "ResumeRun", migration: { events: [{ event: A }] } }), [[0, A]]],
  ["nothing, without a migration", tick({ kind: "ResumeRun" }), []],
  ["nothing, of a timer", tick({ kind: "Wakeup" }), []],
])("a tick's events are found with their indexes: %s", (_, of, events) => {
  expect(eventsOfTick(of)).toEqual(events);
  for (const [index, event] of events) expect(eventOfTick(of, index)).toBe(event);
  expect(eventOfTick(of, 2)).toBeUndefined();
});
