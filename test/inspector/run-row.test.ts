import type { RunSummary } from "tickwork/client";
import { expect, test } from "vitest";
import { asideOf, lengthOf, noteOf } from "../../inspector/store/run-row.ts";

const NOW = 1_000_000_000;
const run = (part: Partial<RunSummary>): RunSummary => ({
  runId: "r",
  workflow: "ingest",
  version: "1",
  status: "running",
  createdAt: NOW - 180_000,
  updatedAt: NOW,
  sequence: 12,
  durableSequence: 12,
  busy: 0,
  queued: 0,
  waiting: 0,
  waitingFor: [],
  loaded: true,
  ...part,
});
const ended = { updatedAt: NOW - 177_700 };
const error = { name: "TypeError", message: "no" };
const asks = { waiting: 1, waitingFor: ["Answer"] };

test.each<[string, Partial<RunSummary>]>([
  ["Completed in 2.3 s", { status: "completed", ...ended }],
  ["Failed after 2.3 s · no", { status: "failed", ...ended, error }],
  ["Cancelled after 2.3 s · at tick 12", { status: "cancelled", ...ended }],
  ["Running for 3 min · 4 busy, 2 queued", { busy: 4, queued: 2 }],
  ["Running", { createdAt: NOW }],
  ["Waiting for Answer", asks],
  ["Waiting 1 min for Answer", { ...asks, status: "idle", idleSince: NOW - 60_000 }],
  ["Paused · Not served here. · waits for Answer", { ...asks, pausedBecause: "Not served here." }],
  ["Cancelled after 2.3 s · at tick 12", { status: "cancelled", ...ended, pausedBecause: "Not served here." }],
])("%s", (note, part) => {
  expect(noteOf(run(part), NOW)).toBe(note);
});

test.each<[string, Partial<RunSummary>, boolean]>([
  ["", {}, true],
  ["deleted in 3 d", { deletesAt: NOW + 3 * 86_400_000 }, true],
  ["deleted soon", { deletesAt: NOW - 1 }, true],
  ["", { durableSequence: 9 }, true],
  ["on disk to #9", { durableSequence: 9, updatedAt: NOW - 1_000 }, true],
  ["", { durableSequence: 9, updatedAt: NOW - 1_000 }, false],
])("says %j of what is to come or late", (aside, part, isDurable) => {
  expect(asideOf(run(part), NOW, isDurable)).toBe(aside);
});

test("how long a run takes: to the second while it goes on, else as long as every view says", () => {
  const begun = run({ createdAt: NOW - 9_700 });
  expect(lengthOf(begun, NOW, true)).toBe("9 s");
  expect(lengthOf(begun, NOW, false)).toBe("9.7 s");
  expect(noteOf({ ...begun, status: "completed" }, NOW)).toBe("Completed in 9.7 s");
  expect(lengthOf(begun, NOW - 9_400, true)).toBe("300 ms");
});
