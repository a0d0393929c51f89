import type { TickPage } from "tickwork/client";
import { expect, test } from "vitest";
import { createTickCache } from "../../inspector/source/tick-cache.ts";
import { createTickPages } from "../../inspector/source/tick-pages.ts";
import { createScriptedSource } from "./fixtures/scripted-source.ts";
import { tick } from "./fixtures/tick.ts";

/** A run of 600 ticks, so of three pages; reading those in `broken` fails. */
function open(broken: Set<number>) {
  const read: number[] = [];
  const readTicks = (runId: string, { from, limit }: { from: number; limit: number }): Promise<TickPage> => {
    read.push(from);
    if (broken.has(from)) return Promise.reject(new Error(`gap after ${from}`));
    const ticks = Array.from({ length: limit }, (_, index) => tick(from + index));
    return Promise.resolve({ runId, ticks: ticks.filter(({ sequence }) => sequence <= 600), lastSequence: 600 });
  };
  const cache = createTickCache();
  cache.extendTo(600);
  let changes = 0;
  const pages = createTickPages(
    { ...createScriptedSource({ runs: [] }), readTicks },
    "r",
    cache,
    () => (changes += 1),
    () => undefined,
  );
  const settled = () => new Promise((resolve) => setTimeout(resolve));
  return { pages, cache, read, settled, changes: () => changes };
}

test("of a page that cannot be read it is known why, and the others are read", async () => {
  const { pages, cache, settled, changes } = open(new Set([257]));
  pages.want([0, 1, 2]);
  await settled();
  expect([0, 1, 2].map((page) => cache.isComplete(page))).toEqual([true, false, true]);
  expect([0, 1, 2].map((page) => pages.problemOf(page)?.message)).toEqual([undefined, "gap after 257", undefined]);
  expect([changes(), pages.hasProblem]).toEqual([2, true]);
});

test("it is not read over and over, but when the run went on or somebody asks", async () => {
  const broken = new Set([257]);
  const { pages, cache, read, settled } = open(broken);
  pages.want([1]);
  await settled();
  pages.want([1]);
  await settled();
  expect(read).toEqual([257]);
  cache.extendTo(601);
  pages.want([1]);
  await settled();
  expect(read).toEqual([257, 257]);
  broken.clear();
  pages.retry();
  await settled();
  expect([pages.problemOf(1), cache.isComplete(1)]).toEqual([null, true]);
});
