import type { GraphStatus, RunSummary, RunView, StepStatus, WorkItemView } from "tickwork/client";
import { expect, test } from "vitest";
import type { Sentence } from "../../inspector/store/sentence.ts";
import { textOf } from "../../inspector/store/sentence.ts";
import type { WhyInput } from "../../inspector/store/why-waiting.ts";
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
const text = (sentences: readonly Sentence[]): string[] => sentences.map(textOf);

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
  const now = { storage: null, engine: null, runs: {} };
  return { now, graph: state, view: runView, run: null, description: DESCRIPTION, moment: NOW, status: step };
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
    "Part #7 backs off: attempt 2 is due in 12 s after “429”. 2 more back off too.",
  ]);
  expect(text(whyItemWaits(why, item))).toEqual(["Part #7 backs off: attempt 2 is due in 12 s after “429”."]);
  const whole = { ...item, lastError: "The server was busy." };
  expect(text(whyItemWaits(why, whole))).toEqual([
    "Part #7 backs off: attempt 2 is due in 12 s after “The server was busy”.",
  ]);
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

const working = (workItem: number, step: string, more: Partial<WorkItemView> = {}): WorkItemView => ({
  workItem,
  step,
  state: "running",
  eventType: "Chunk",
  attempt: 1,
  since: NOW,
  causedBy: 1,
  ...more,
});

test("a full step says with what", () => {
  const workItems = [1, 2, 3, 4].map((each) => working(each, "merge"));
  const why = input({ queued: 9, busy: 4 }, { workItems });
  expect(text(whyStepWaits(why, why.status))).toEqual([
    "9 work items wait because all 4 slots are busy with Chunk #1, Chunk #2, Chunk #3 and 1 more.",
  ]);
  const queued = working(9, "merge", { state: "queued", since: NOW - 60_000 });
  expect(text(whyItemWaits({ ...why, graph: { ...why.graph, steps: { merge: why.status } } }, queued))).toEqual([
    "Queued 1 min ago: all 4 slots of merge are busy with Chunk #1, Chunk #2, Chunk #3 and 1 more.",
  ]);
});

test("a retry says which of how many, where its policy says how many", () => {
  const node = DESCRIPTION.graph.nodes.find(({ name }) => name === "merge");
  const graph = { ...DESCRIPTION.graph, nodes: [{ ...node, retryPolicy: "5 attempts, 1000 ms apart" } as never] };
  const item = working(7, "merge", { state: "delayed", attempt: 3, dueAt: NOW + 12_000, lastError: "429" });
  const why = { ...input({ delayed: 1 }, { workItems: [item] }), description: { ...DESCRIPTION, graph } };
  expect(text(whyItemWaits(why, item))).toEqual(["Chunk #7 backs off: attempt 3 of 5 is due in 12 s after “429”."]);
});

test("a set says from which work items the rest may come", () => {
  const workItems = [working(3, "profile"), working(4, "split"), working(5, "ask")];
  const why = input({ collected: { have: 3, want: 5 } }, { workItems });
  expect(text(whyStepWaits(why, why.status))).toEqual([
    "2 of 5 Part events are still missing, from work items Chunk #3 and Chunk #5.",
  ]);
});

test("a child run goes on", () => {
  const item = working(3, "merge", { children: [{ runId: "r/1", workflow: "part" }] });
  const why = input({ busy: 1 }, { workItems: [item] });
  expect(text(whyRunWaits(why))).toEqual(["merge: Chunk #3 waits for its child run of part, r/1, which goes on."]);
  expect(text(whyItemWaits(why, item))).toEqual(["Chunk #3 waits for its child run of part, r/1, which goes on."]);
});

test("a run that waits its turn names those it waits for", () => {
  const run = { runId: "r", workflow: "w", status: "queued" } as RunSummary;
  const other = { ...run, runId: "a", status: "running" } as RunSummary;
  const ended = { ...run, runId: "b", status: "completed" } as RunSummary;
  const why = { ...input({}, {}, { status: "queued" }), run };
  const now = { storage: null, engine: null, runs: { r: run, a: other, b: ended } };
  expect(text(whyRunWaits({ ...why, now }))).toEqual([
    "Queued: no more runs of this workflow may go on at once. It starts when one of these ends: a.",
  ]);
  expect(text(whyRunWaits(why))).toEqual(["Queued: it starts when another run of this workflow ends."]);
});

test("what holds up every run: another tab, a full disk, changed code; said of now, not of the past", () => {
  const storage = { state: "full", problem: { code: "STORAGE_QUOTA", message: "No room.", remedy: "freeSpace" } };
  const engine = { state: "waiting", reason: "Tab 2 has it.", isElsewhere: true, otherVersion: null };
  const run = { runId: "r", workflow: "w", pausedBecause: "its code changed" } as RunSummary;
  const { now: _now, ...past } = { ...input({}), run };
  const why: WhyInput = { ...past, now: { storage, engine, runs: {} } as unknown as NonNullable<WhyInput["now"]> };
  expect(text(whyRunWaits(why))).toEqual([
    "Another tab owns this run. Tab 2 has it.",
    "Storage is full, so no step begins: No room.",
    "Paused: its code changed",
  ]);
  expect(whyRunWaits(past)).toEqual([]);
  const pausedByIt = { ...why, run: { ...run, pausedBecause: "No room." } };
  expect(text(whyRunWaits(pausedByIt)).filter((sentence) => sentence.includes("No room."))).toHaveLength(1);
});
