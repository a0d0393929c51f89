/** A tick or command for every place where data can be: none of it is left, and everything else is. */
import { describe, expect, test } from "vitest";
import type { Command } from "../../src/core/command.ts";
import type { Tick } from "../../src/core/tick.ts";
import { redactCommand, redactTick } from "../../src/inspection/redact-tick.ts";
import { Redaction } from "../../src/inspection/redaction.ts";
import { toPlainData } from "../../src/workflow/plain-data.ts";

const MARK = "Pssst-4711";
const hiding = new Redaction("r", (value) => JSON.parse(JSON.stringify(value).replaceAll(MARK, "*")), toPlainData);
const open = new Redaction("r", undefined, toPlainData);

const at = { sequence: 7, at: 1_000, causedBy: 6 };
const step = { step: "s", workerId: 0, workItem: 1, invocation: 1 };
const data = { a: [MARK] };
const event = { type: "E", data };
const ref = { ...event, tick: 3, index: 0 };
const error = { name: "Error", message: MARK, stack: MARK, data: { at: MARK } };
const program = undefined as never;

const ticks: Tick[] = [
  { ...at, kind: "StartRun", runId: "r", workflow: "w", version: "1", timeout: null, event, store: data, program },
  { ...at, kind: "AddEvent", event, target: "s" },
  { ...at, ...step, kind: "CollectEvents", bufferId: "b", callId: "c", event, expected: { E: 2 } },
  { ...at, ...step, kind: "RecordEffect", key: "k", value: data },
  {
    ...at,
    kind: "ResumeRun",
    migration: { steps: { s: "t" }, events: [{ tick: 3, index: 0, event }], store: data },
  },
  {
    ...at,
    kind: "EditState",
    step: "s",
    changes: [
      { op: "set", path: ["a"], value: MARK },
      { op: "remove", path: ["b"] },
    ],
  },
  {
    ...at,
    ...step,
    kind: "StepResult",
    outcome: { kind: "returned" },
    outputs: [{ mode: "send", event, target: "t" }],
    changes: [{ op: "set", path: [], value: data }],
    logs: [{ at: 1, message: MARK, data }],
  },
  {
    ...at,
    ...step,
    kind: "StepResult",
    outcome: { kind: "failed", error, verdict: { retry: true, delay: 5 } },
    outputs: [],
  },
  {
    ...at,
    ...step,
    kind: "StepResult",
    outcome: { kind: "waiting", waits: [{ waiterId: "w", type: "T", timeout: 5, requirements: data, prompt: event }] },
    outputs: [],
  },
  { ...at, kind: "EndChild", step: "s", workItem: 1, childRunId: "r/1", outcome: { kind: "completed", result: data } },
  { ...at, kind: "EndChild", step: "s", workItem: 1, childRunId: "r/1", outcome: { kind: "failed", error } },
  { ...at, kind: "CancelRun", reason: MARK },
  { ...at, kind: "FailRun", error },
];

const workItem = {
  id: 1,
  event: ref,
  causedBy: 6,
  since: 1,
  invocation: 1,
  inputs: [ref],
  retry: { failures: 1, firstAttemptAt: 1, lastError: error, lastFailedAt: 1 },
};

const commands: Command[] = [
  { kind: "RunWorker", step: 0, workerId: 0, workItem },
  { kind: "PublishEvent", position: 1, event: ref },
  { kind: "UnhandledEvent", event: ref, target: "s" },
  { kind: "CompleteRun", event: ref },
  { kind: "FailRun", error, step: "s" },
  { kind: "HaltRun", status: "cancelled", reason: MARK, activeSteps: ["s"] },
];

/** What is no data: texts that are not the mark, and numbers. */
const factsOf = (value: unknown): string[] => {
  const facts: string[] = [];
  JSON.stringify(value, (key, item: unknown) => {
    if (typeof item === "number" || (typeof item === "string" && item !== MARK && item !== "*"))
      facts.push(`${key} ${item}`);
    return item;
  });
  return facts.toSorted();
};

const countOf = (value: unknown): number => JSON.stringify(value).split(MARK).length - 1;

describe.each([
  ["tick", ticks, redactTick],
  ["command", commands, redactCommand],
] as const)("a %s", (_, samples, redact) => {
  test.each(samples.map((sample, index) => [sample.kind, index, sample] as const))("%s %i", (_kind, _index, sample) => {
    const shown = redact(sample as never, hiding);
    expect(countOf(sample)).toBeGreaterThan(0);
    expect(countOf(shown)).toBe(0);
    expect(factsOf(shown)).toEqual(factsOf(sample));
    expect(redact(sample as never, open)).toBe(sample);
  });
});

test("what holds no data stays the very same", () => {
  const wakeup: Tick = { ...at, kind: "Wakeup", due: 5 };
  expect(redactTick(wakeup, hiding)).toBe(wakeup);
  const schedule: Command = { kind: "ScheduleWakeup", due: 5 };
  expect(redactCommand(schedule, hiding)).toBe(schedule);
});
