import { expect, test } from "vitest";
import { createLatestWins } from "../../inspector/source/latest-wins.ts";

function deferredLoads() {
  const begun: { wish: number; resolve: (answer: string) => void; reject: (error: unknown) => void }[] = [];
  const load = (wish: number) => new Promise<string>((resolve, reject) => begun.push({ wish, resolve, reject }));
  return { begun, load };
}

const settle = () => new Promise((resolve) => setTimeout(resolve));

test("one load is under way and of the other wishes only the newest is loaded", async () => {
  const { begun, load } = deferredLoads();
  const loaded: [string, number, boolean][] = [];
  const loader = createLatestWins<number, string>(
    load,
    (...answer) => loaded.push(answer),
    () => undefined,
  );
  for (const wish of [1, 2, 3, 4]) loader.request(wish);
  expect(begun.map(({ wish }) => wish)).toEqual([1]);
  begun[0]?.resolve("one");
  await settle();
  expect(begun.map(({ wish }) => wish)).toEqual([1, 4]);
  begun[1]?.resolve("four");
  await settle();
  expect(loaded).toEqual([
    ["one", 1, false],
    ["four", 4, true],
  ]);
});

test("a failure is told unless a newer wish stands behind it", async () => {
  const { begun, load } = deferredLoads();
  const problems: number[] = [];
  const loader = createLatestWins<number, string>(
    load,
    () => undefined,
    (_error, wish) => problems.push(wish),
  );
  loader.request(1);
  loader.request(2);
  begun[0]?.reject(new Error("gone"));
  await settle();
  begun[1]?.reject(new Error("gone"));
  await settle();
  expect(problems).toEqual([2]);
  expect(loader.isBusy).toBe(false);
});

test("nothing is called after close", async () => {
  const { begun, load } = deferredLoads();
  const loaded: string[] = [];
  const loader = createLatestWins<number, string>(
    load,
    (answer) => loaded.push(answer),
    () => undefined,
  );
  loader.request(1);
  loader.close();
  begun[0]?.resolve("late");
  await settle();
  expect(loaded).toEqual([]);
});
