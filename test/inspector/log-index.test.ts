import fc from "fast-check";
import { expect, test } from "vitest";
import { createLogIndexer } from "../../inspector/log/log-index.ts";
import { createTickCache, PAGE_SIZE } from "../../inspector/source/tick-cache.ts";
import { tick, ticks } from "./fixtures/tick.ts";

test("rows of unread pages stand in until they are read", () => {
  const cache = createTickCache();
  cache.extendTo(1_000);
  const indexer = createLogIndexer(cache, false);
  expect(indexer.index(1_000).count).toBe(1_000);
  cache.add(ticks(1, PAGE_SIZE).map((each) => (each.sequence % 2 === 0 ? { ...each, kind: "Wakeup" as const } : each)));
  const rows = indexer.index(1_000);
  expect(rows.count).toBe(1_000 - PAGE_SIZE / 2);
  expect([rows.at(0), rows.at(1), rows.at(128)]).toEqual([1, 3, PAGE_SIZE + 1]);
  expect(rows.rowOf(PAGE_SIZE + 1)).toBe(128);
});

test("what was hidden stays hidden when the cache forgets the page", () => {
  const cache = createTickCache(1);
  cache.add(ticks(1, PAGE_SIZE).map((each) => ({ ...each, kind: "Wakeup" as const })));
  const indexer = createLogIndexer(cache, false);
  expect(indexer.index(PAGE_SIZE).count).toBe(0);
  cache.add(ticks(PAGE_SIZE + 1, 2 * PAGE_SIZE));
  expect(indexer.index(2 * PAGE_SIZE).count).toBe(PAGE_SIZE);
  expect(createLogIndexer(cache, true).index(2 * PAGE_SIZE).count).toBe(2 * PAGE_SIZE);
});

test("a page that is known further than the run is shown is looked at again when more is shown", () => {
  const cache = createTickCache();
  cache.add(ticks(1, 24));
  const indexer = createLogIndexer(cache, false);
  expect(indexer.index(7).count).toBe(7);
  expect(indexer.index(24).count).toBe(24);
});

test("a run goes on in a page that was forgotten", () => {
  const cache = createTickCache(1);
  cache.add(ticks(1, 10).map((each) => ({ ...each, kind: "Wakeup" as const })));
  const indexer = createLogIndexer(cache, false);
  expect(indexer.index(10).count).toBe(0);
  cache.add(ticks(PAGE_SIZE + 1, PAGE_SIZE + 1));
  expect(indexer.index(12).count).toBe(2);
  expect(indexer.index(12).at(0)).toBe(11);
});

test("row and sequence lead to each other, whatever is known", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 700 }),
      fc.array(fc.tuple(fc.integer({ min: 1, max: 700 }), fc.boolean()), { maxLength: 300 }),
      (last, known) => {
        const cache = createTickCache();
        cache.extendTo(last);
        cache.add(
          known
            .filter(([sequence]) => sequence <= last)
            .map(([sequence, isInternal]) => tick(sequence, isInternal ? { kind: "EditState" } : {})),
        );
        const rows = createLogIndexer(cache, false).index(last);
        for (let row = 0; row < rows.count; row += 1) {
          expect(rows.rowOf(rows.at(row))).toBe(row);
          if (row > 0) expect(rows.at(row)).toBeGreaterThan(rows.at(row - 1));
        }
      },
    ),
  );
});
