/** Logs of attempts under way: nothing changes its place, and nothing goes by itself. */
import type { RunningLog } from "tickwork/client";
import { expect, test } from "vitest";
import { mergeLogs, withoutListed } from "../../inspector/store/running-logs.ts";
import { tick } from "./fixtures/tick.ts";

const log = (workItem: number, count = 1): RunningLog => ({
  step: "load",
  workItem,
  invocation: 1,
  attempt: 1,
  startedAt: 1_000,
  records: Array.from({ length: count }, (_, at) => ({ at, message: `line ${at}` })),
  earlier: 0,
});
const answer = (...attempts: RunningLog[]) => ({ runId: "r", sequence: 1, attempts, more: 0 });
const namesOf = (logs: readonly { workItem: number; isOver: boolean }[]) =>
  logs.map(({ workItem, isOver }) => `${workItem}${isOver ? " over" : ""}`);

test("what is new comes last, what goes on keeps its place, what is over stays and says so", () => {
  const first = mergeLogs([], answer(log(1), log(2)));
  const second = mergeLogs(first, answer(log(3), log(2, 4)));
  expect(namesOf(second)).toEqual(["1 over", "2", "3"]);
  expect(second[1]?.records).toHaveLength(4);
});

test("another invocation of the same work item is another", () => {
  const again = mergeLogs(mergeLogs([], answer(log(1))), answer({ ...log(1), invocation: 2, attempt: 2 }));
  expect(namesOf(again)).toEqual(["1 over", "1"]);
});

test("what is over goes when its tick is listed, and not before", () => {
  const shown = mergeLogs(mergeLogs([], answer(log(1), log(2))), answer(log(2)));
  const listed = tick(5, { at: 1_500, step: "load", workItem: 1, attempt: 1 });
  expect(namesOf(withoutListed(shown, [tick(5, { step: "load", workItem: 9, attempt: 1 })]))).toEqual(["1 over", "2"]);
  expect(namesOf(withoutListed(shown, [listed]))).toEqual(["2"]);
  expect(namesOf(withoutListed(shown, [{ ...listed, workItem: 2 }]))).toEqual(["1 over", "2"]);
});

test("however many there are, 40 are kept, and those under way before those that are over", () => {
  let shown = mergeLogs([], answer(...Array.from({ length: 30 }, (_, n) => log(n + 1))));
  shown = mergeLogs(shown, answer(...Array.from({ length: 30 }, (_, n) => log(n + 31))));
  expect(shown).toHaveLength(40);
  expect(shown.filter(({ isOver }) => isOver)).toHaveLength(10);
  expect(shown[0]?.workItem).toBe(21);
});
