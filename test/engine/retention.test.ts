import { defineWorkflow, WorkflowConfigurationError, type WorkflowOptions } from "tickwork";
import type { RunRecord } from "tickwork/testing";
import { describe, expect, test } from "vitest";
import { deletesAt, GRACE, planSweep, runsUnderPressure, type Policy } from "../../src/engine/retention.ts";
import { record } from "../testing/sample-record.ts";

const DAY = 86_400_000;
const NOW = 100 * DAY;

/** Ended so long ago. */
const ended = (runId: string, ago: number, changes: Partial<RunRecord> = {}): RunRecord => ({
  ...record(runId),
  status: "completed",
  sequence: 50,
  updatedAt: NOW - ago,
  ...changes,
});
const keeping = (policy: Partial<Policy>, inUse: readonly string[] = []) => ({
  now: NOW,
  policyOf: (workflow: string) => (workflow === "w" ? { retention: {}, history: {}, ...policy } : undefined),
  isInUse: (runId: string) => inUse.includes(runId),
});
const sweep = (records: readonly RunRecord[], ...rest: Parameters<typeof keeping>) => {
  const { drop, shorten, next } = planSweep(records, keeping(...rest));
  return { drop: drop.map(({ runId }) => runId), shorten: shorten.map(({ runId }) => runId), next };
};

describe("of runs that ended", () => {
  test("all stay where nothing is said", () => {
    expect(sweep([ended("a", 50 * DAY), ended("b", 0)], {})).toEqual({ drop: [], shorten: [], next: null });
  });

  test("those go that ended more than so many days ago, and the next time is known", () => {
    const records = [ended("old", 8 * DAY), ended("kept", 6 * DAY), ended("new", 0)];
    expect(sweep(records, { retention: { days: 7 } })).toEqual({ drop: ["old"], shorten: [], next: NOW + DAY });
  });

  test("so many stay that ended last, of each workflow by itself", () => {
    const records = [
      ended("c", 3 * DAY),
      ended("a", DAY),
      ended("x", 5 * DAY, { workflow: "other" }),
      ended("b", 2 * DAY),
    ];
    expect(sweep(records, { retention: { runs: 2 } }).drop).toEqual(["c"]);
    expect(sweep(records, { retention: { runs: 0 } }).drop).toEqual(["a", "b", "c"]);
  });

  test("each says when its days are over; one that goes on, is part of another or was imported says nothing", () => {
    const parent = { runId: "a", step: "s", workItem: 1 };
    const when = (days: number | undefined, part: Partial<RunRecord> = {}) =>
      deletesAt(ended("a", DAY, part), days === undefined ? { runs: 1 } : { days });
    expect([when(7), when(0), when(undefined)]).toEqual([NOW + 6 * DAY, NOW - DAY + GRACE, undefined]);
    expect([{ status: "idle" as const }, { parent }, { readOnly: true }].map((part) => when(7, part))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  test("one goes when either rule says so", () => {
    const records = [ended("a", 0.5 * DAY), ended("b", 2 * DAY), ended("c", 3 * DAY)];
    expect(sweep(records, { retention: { runs: 2, days: 1 } }).drop).toEqual(["b", "c"]);
  });

  test("none goes in its first minute", () => {
    const records = [ended("a", GRACE), ended("b", GRACE - 1)];
    expect(sweep(records, { retention: { runs: 0 } })).toEqual({ drop: ["a"], shorten: [], next: NOW + GRACE });
    expect(sweep(records, { retention: { days: 0 } }).drop).toEqual(["a"]);
  });

  test("one that is in use stays, and is looked at again", () => {
    const found = sweep([ended("a", 9 * DAY)], { retention: { days: 1 } }, ["a"]);
    expect(found).toEqual({ drop: [], shorten: [], next: NOW + 60_000 });
  });

  test("read-only ones stay, and children for as long as their parent", () => {
    const parent = { runId: "a", step: "s", workItem: 1 };
    const records = [ended("r", 9 * DAY, { readOnly: true }), ended("a", 0.5 * DAY), ended("a/1", 9 * DAY, { parent })];
    expect(sweep(records, { retention: { days: 1, runs: 1 } }).drop).toEqual([]);
  });

  test("those are shortened of which only the result is kept, once, children too", () => {
    const parent = { runId: "a", step: "s", workItem: 1 };
    const records = [
      ended("a", DAY),
      ended("a/1", DAY, { parent }),
      ended("new", 1000),
      ended("done", DAY, { historyFrom: 50 }),
    ];
    const found = sweep(records, { history: { afterEnd: "result" } });
    expect(found.shorten.toSorted()).toEqual(["a", "a/1"]);
    expect(found.next).toBe(NOW + GRACE);
  });

  test("under pressure those go that may, the first to end first", () => {
    const records = [ended("a", 2 * DAY), ended("b", 3 * DAY), ended("new", 0), ended("r", DAY, { readOnly: true })];
    const going = (policy: Partial<Policy>, inUse?: readonly string[]) =>
      runsUnderPressure(records, keeping(policy, inUse)).map(({ runId }) => runId);
    expect(going({ retention: { days: 30, whenFull: "delete" } })).toEqual(["b", "a"]);
    expect(going({ retention: { whenFull: "delete" } }, ["b"])).toEqual(["a"]);
    expect(going({ retention: { days: 30 } })).toEqual([]);
  });
});

test.each<[string, object]>([
  ["retention.days", { retention: { days: -1 } }],
  ["retention.runs", { retention: { runs: 1.5 } }],
  ["retention.whenFull", { retention: { whenFull: "perhaps" } }],
  ["history.keepTicks", { history: { keepTicks: -1 } }],
  ["history.afterEnd", { history: { afterEnd: "nothing" } }],
])("an option that cannot be is refused by name: %s", (name, options) => {
  const define = () => defineWorkflow("w", options as WorkflowOptions);
  expect(define).toThrow(WorkflowConfigurationError);
  expect(define).toThrow(name);
});
