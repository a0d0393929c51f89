import { MemoryJournal, runToEnd } from "tickwork/testing";
import { expect, test } from "vitest";
import { resultOf, single } from "../engine/fixtures.ts";

test("reads inside an edit see what was committed, nested parts too (225, 227)", async () => {
  const result = await resultOf(async ({ store }) => {
    await store.set("deep", { list: [1] });
    const seen: unknown[] = [];
    await store.edit(async (draft) => {
      draft["deep"].list.push(2);
      seen.push(await store.get("deep.list"), await store.getState());
    });
    return [...seen, await store.get("deep.list")];
  });
  expect(result).toEqual([[1], { deep: { list: [1] } }, [1, 2]]);
});

test("a path of exactly 1000 parts works (230)", async () => {
  const path = Array.from({ length: 1000 }, () => "a").join(".");
  // Deeper than what events may hold, so that only the path is at issue.
  const error = await resultOf(({ store }) =>
    store.get(`${path}.a`, null).catch((thrown: { code: string }) => thrown.code),
  );
  expect(error).toBe("PATH_INVALID");
  expect(await resultOf(({ store }) => store.get(path, "nothing there"))).toBe("nothing there");
  expect(await resultOf(async ({ store }) => (await store.set(path, 1), store.get(path)))).toBe(1);
});

test("keys named like methods, and like numbers, are keys (231)", async () => {
  const keys = ["keys", "values", "items", "get", "set", "size", "length", "0", "01", "-1"];
  const result = await resultOf(async ({ store }) => {
    for (const key of keys) await store.set(`top.${key}`, key);
    for (const key of keys) await store.set(key, key);
    return Promise.all(keys.flatMap((key) => [store.get(`top.${key}`), store.get(key)]));
  });
  expect(result).toEqual(keys.flatMap((key) => [key, key]));
});

test("reading leaves nothing in the history (232)", async () => {
  const reading = single(async ({ store }) => [await store.getState(), await store.get("a", 1)]);
  const { ticks } = await runToEnd(reading, null, { journal: new MemoryJournal() });
  expect(ticks.map(({ kind }) => kind)).toEqual(["StartRun", "StepResult"]);
});
