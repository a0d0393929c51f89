import { expect, test, vi } from "vitest";
import type { TickQuery } from "tickwork/client";
import { searchRun } from "../../inspector/source/tick-search.ts";

/** An engine that finds every tenth tick, and looks at no more than `most` in one answer. */
function everyTenth(most = 2_000) {
  const asked: [from: number, limit: number][] = [];
  const searchTicks = async (_runId: string, { from, limit }: TickQuery) => {
    asked.push([from, limit]);
    await Promise.resolve();
    const next = from + Math.min(limit, most);
    const all = Array.from({ length: next - from }, (_, index) => from + index);
    return { sequences: all.filter((each) => each % 10 === 0), next, lastSequence: 1e6 };
  };
  return { asked, searchTicks };
}

const all = (rows: { count: number; at(row: number): number }): number[] =>
  Array.from({ length: rows.count }, (_, row) => rows.at(row));
const tens = (last: number): number[] => Array.from({ length: Math.floor(last / 10) }, (_, n) => (n + 1) * 10);
const fail = (error: unknown): never => {
  throw error;
};

test("the newest range first, then the others, each once", async () => {
  const source = everyTenth();
  const search = searchRun(source, "r", {}, () => undefined, fail);
  search.extendTo(4_500);
  expect(search.isDone).toBe(false);
  await vi.waitFor(() => expect(search.isDone).toBe(true));
  expect(source.asked).toEqual([
    [2_501, 2_000],
    [501, 2_000],
    [1, 500],
  ]);
  expect(all(search.rows)).toEqual(tens(4_500));
  expect(search.rows.searched).toBe(4_500);
  expect([search.rows.rowOf(25), search.rows.rowOf(30), search.rows.rowOf(9_999)]).toEqual([2, 2, 450]);
});

test("an answer that ends early is gone on with where it ended", async () => {
  const source = everyTenth(150);
  const search = searchRun(source, "r", { text: "x" }, () => undefined, fail);
  search.extendTo(400);
  await vi.waitFor(() => expect(search.isDone).toBe(true));
  expect(source.asked).toEqual([
    [1, 400],
    [151, 250],
    [301, 100],
  ]);
  expect(all(search.rows)).toEqual(tens(400));
});

test("what comes meanwhile is looked at too, and nothing twice", async () => {
  const source = everyTenth();
  const search = searchRun(source, "r", {}, () => search.extendTo(3_000), fail);
  search.extendTo(100);
  search.extendTo(100);
  await vi.waitFor(() => expect(search.rows.searched).toBe(3_000));
  expect(all(search.rows)).toEqual(tens(3_000));
  expect(source.asked.reduce((sum, [, limit]) => sum + limit, 0)).toBe(3_000);
});

test("after it is closed nothing is asked and nothing is told", async () => {
  const source = everyTenth();
  let changes = 0;
  const search = searchRun(source, "r", {}, () => (changes += 1), fail);
  search.extendTo(10_000);
  search.close();
  await new Promise((resolve) => setTimeout(resolve));
  expect([source.asked.length, changes]).toEqual([1, 0]);
});

test("a source that fails is told once", async () => {
  const problems: unknown[] = [];
  const broken = { searchTicks: () => Promise.reject(new Error("gone")) };
  const search = searchRun(broken, "r", {}, fail as never, (error) => problems.push(error));
  search.extendTo(9_000);
  await vi.waitFor(() => expect(problems).toMatchObject([{ message: "gone" }]));
  expect(search.isDone).toBe(true);
});
