import type { GraphStatus, RunView, StepStatus } from "tickwork/client";
import { expect, test } from "vitest";
import type { Sentence, WhyInput } from "../../inspector/store/why-waiting.ts";
import { whyItemWaits, whyRunWaits, whyStepWaits } from "../../inspector/store/why-waiting.ts";
import { DESCRIPTION } from "./fixtures/scripted-run.ts";

const NOW = 1_000_000;
const idle: StepStatus = {
  step: "merge",
  slots: 4,
  busy: 0,
  busySlots: [],
  queued: 0,
  delayed: 0,
  waiting: 0,
  completed: 0,
  failed: 0,
};
const text = (sentences: readonly Sentence[]): string[] =>
  sentences.map((sentence) => sentence.map((part) => (typeof part === "string" ? part : part.text)).join(""));

function input(
  status: Partial<StepStatus>,
  view: Partial<RunView> = {},
  graph: Partial<GraphStatus> = {},
): WhyInput & { status: StepStatus } {
  const step = { ...idle, ...status };
  const state: GraphStatus = {
    sequence: 9,
    at: NOW,
    status: "running",
    steps: { [step.step]: step },
    queued: step.queued,
    busy: step.busy,
    published: 0,
    dropped: 0,
    ...graph,
  };
  const runView: RunView = {
    runId: "r",
    workflow: "w",
    graph: state,
    store: {},
    storeChanges: [],
    workItems: [],
    waiters: [],
    ...view,
  };
  return { graph: state, view: runView, run: null, description: DESCRIPTION, moment: NOW, status: step };
}

test("a full step", () => {
  const why = input({ queued: 1_159, busy: 4 });
  expect(text(whyStepWaits(why, why.status))).toEqual(["1,159 work items wait because all 4 slots are busy."]);
});

test("a queue beside a free slot is no reason", () => {
  const why = input({ queued: 1, busy: 3 });
  expect(whyStepWaits(why, why.status)).toEqual([]);
});

test("back-off, with what failed and when it is due", () => {
  const item = {
    workItem: 7,
    step: "merge",
    state: "delayed",
    eventType: "Part",
    attempt: 2,
    since: NOW - 1,
    dueAt: NOW + 12_000,
    lastError: "429",
    causedBy: 1,
  } as const;
  const why = input({ delayed: 3 }, { workItems: [{ ...item, workItem: 8, dueAt: NOW + 20_000 }, item] });
  expect(text(whyStepWaits(why, why.status))).toEqual([
    "Part #7 backs off: its next attempt is due in 12 s after “429”. 2 more back off too.",
  ]);
  expect(text(whyItemWaits(why, item))).toEqual(["Part #7 backs off: its next attempt is due in 12 s after “429”."]);
});

test("a question, with whom it must match and since when", () => {
  const waiter = {
    waiter: 1,
    step: "merge",
    workItem: 1,
    waiterId: "x",
    type: "Answer",
    role: "humanResponse",
    requirements: { id: 7 },
    askedAt: NOW - 180_000,
    dueAt: null,
    schema: null,
  } as const;
  const why = input({ waiting: 1 }, { waiters: [waiter] });
  expect(text(whyRunWaits(why))).toEqual(["merge: Waits for Answer where id = 7, asked 3 min ago, without limit."]);
});

test("a set that is not full", () => {
  const why = input({ collected: { have: 3, want: 5 } });
  expect(text(whyStepWaits(why, why.status))).toEqual(["2 of 5 Part events are still missing."]);
});

test("an ended run waits for nothing", () => {
  expect(whyRunWaits(input({ collected: { have: 1, want: 2 } }, {}, { status: "failed" }))).toEqual([]);
});
