import { expect, test } from "vitest";
import { createTickCache, PAGE_SIZE, pageOf } from "../../inspector/source/tick-cache.ts";
import { ticks } from "./fixtures/tick.ts";

test("a page is complete when every tick that exists so far is known", () => {
  const cache = createTickCache();
  cache.add(ticks(1, 10));
  expect(cache.isComplete(0)).toBe(true);
  cache.extendTo(12);
  expect(cache.isComplete(0)).toBe(false);
  cache.add(ticks(11, 12));
  expect(cache.isComplete(0)).toBe(true);
});

test("a live tail with a hole leaves the page incomplete", () => {
  const cache = createTickCache();
  cache.add(ticks(1, 5));
  cache.add(ticks(8, 9));
  expect(cache.get(7)).toBeUndefined();
  expect(cache.get(8)?.sequence).toBe(8);
  expect(cache.isComplete(0)).toBe(false);
});

test("the pages least recently used are forgotten", () => {
  const cache = createTickCache(3);
  for (let page = 0; page < 3; page += 1) cache.add(ticks(page * PAGE_SIZE + 1, (page + 1) * PAGE_SIZE));
  cache.touch(0);
  cache.add(ticks(3 * PAGE_SIZE + 1, 4 * PAGE_SIZE));
  expect([0, 1, 2, 3].map((page) => cache.isComplete(page))).toEqual([true, false, true, true]);
});

test("pages begin after every multiple of their size", () => {
  expect([1, PAGE_SIZE, PAGE_SIZE + 1].map(pageOf)).toEqual([0, 0, 1]);
});
