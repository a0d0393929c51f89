import type { RunSummary } from "tickwork/client";
import { expect, test } from "vitest";
import { NO_RUN_FILTER } from "../../inspector/store/place.ts";
import { countGroups, filterRuns, isFilterOpen, mergeRuns, workflowNames } from "../../inspector/store/run-list.ts";

const run = (runId: string, partial: Partial<RunSummary> = {}): RunSummary => ({
  runId,
  workflow: "ingest",
  version: "1",
  status: "running",
  createdAt: Number(runId.slice(1)),
  updatedAt: 0,
  sequence: 1,
  durableSequence: 1,
  busy: 1,
  queued: 0,
  waiting: 0,
  waitingFor: [],
  loaded: true,
  ...partial,
});
const empty = { runs: {}, runIds: [] };

test("newest first, and news keeps the order of ids it does not change", () => {
  const table = mergeRuns(empty, [run("r1"), run("r3"), run("r2")]);
  expect(table.runIds).toEqual(["r3", "r2", "r1"]);
  const next = mergeRuns(table, [run("r1", { sequence: 9 })]);
  expect(next.runIds).toBe(table.runIds);
  expect(next.runs["r1"]?.sequence).toBe(9);
  expect(next.runs["r2"]).toBe(table.runs["r2"]);
});

test("a page that arrives late does not undo newer news", () => {
  const table = mergeRuns(mergeRuns(empty, [run("r1", { sequence: 9 })]), [run("r1", { sequence: 3 })]);
  expect(table.runs["r1"]?.sequence).toBe(9);
});

test("deleted runs go", () => {
  expect(mergeRuns(mergeRuns(empty, [run("r1"), run("r2")]), [], ["r1"]).runIds).toEqual(["r2"]);
});

test("filters by status group and by every word", () => {
  const table = mergeRuns(empty, [
    run("r1", { status: "idle", busy: 0, waiting: 1, waitingFor: ["Answer"] }),
    run("r2", { status: "failed", error: { name: "TypeError", message: "fetch failed" } }),
    run("r3", { status: "timedOut" }),
    run("r4", { pausedBecause: "Workflow ingest is not served here." }),
    run("r5", { status: "cancelled", pausedBecause: "Workflow ingest is not served here." }),
  ]);
  expect(countGroups(table)).toEqual({
    all: 5,
    running: 0,
    waiting: 1,
    paused: 1,
    completed: 0,
    failed: 2,
    cancelled: 1,
  });
  expect(countGroups(table, { ...NO_RUN_FILTER, text: "fetch", status: "paused" })).toMatchObject({
    all: 1,
    failed: 1,
  });
  expect(filterRuns(table, { ...NO_RUN_FILTER, status: "paused" })).toEqual(["r4"]);
  expect(filterRuns(table, { ...NO_RUN_FILTER, status: "failed" })).toEqual(["r3", "r2"]);
  expect(filterRuns(table, { ...NO_RUN_FILTER, text: "ingest answer" })).toEqual(["r1"]);
});

test("filters by workflow and by the time of the start, both ends included", () => {
  const table = mergeRuns(empty, [run("r1"), run("r2", { workflow: "mail" }), run("r3"), run("r4")]);
  expect(filterRuns(table, { ...NO_RUN_FILTER, workflow: "ingest" })).toEqual(["r4", "r3", "r1"]);
  expect(filterRuns(table, { ...NO_RUN_FILTER, startedFrom: 2, startedTo: 3 })).toEqual(["r3", "r2"]);
  expect(filterRuns(table, { ...NO_RUN_FILTER, startedFrom: 2, workflow: "mail", text: "r2" })).toEqual(["r2"]);
  expect(filterRuns(table, NO_RUN_FILTER)).toBe(table.runIds);
  expect([isFilterOpen({ ...NO_RUN_FILTER, text: "  " }), isFilterOpen({ ...NO_RUN_FILTER, startedTo: 9 })]).toEqual([
    true,
    false,
  ]);
  expect(workflowNames(table, [{ name: "zip" }])).toEqual(["ingest", "mail", "zip"]);
});
