import fc from "fast-check";
import { expect, test } from "vitest";
import { createLogIndexer } from "../../inspector/log/log-index.ts";
import { createTickCache, PAGE_SIZE } from "../../inspector/source/tick-cache.ts";
import type { LogFilter } from "../../inspector/store/place.ts";
import { NO_LOG_FILTER } from "../../inspector/store/place.ts";
import { tick, ticks } from "./fixtures/tick.ts";

const all: LogFilter = { ...NO_LOG_FILTER, showInternal: true };

test("rows of unread pages stand in until they are read", () => {
  const cache = createTickCache();
  cache.extendTo(1_000);
  const indexer = createLogIndexer(cache, NO_LOG_FILTER);
  expect(indexer.index(1_000).count).toBe(1_000);
  cache.add(ticks(1, PAGE_SIZE).map((each) => (each.sequence % 2 === 0 ? { ...each, kind: "Wakeup" as const } : each)));
  const rows = indexer.index(1_000);
  expect(rows.count).toBe(1_000 - PAGE_SIZE / 2);
  expect([rows.at(0), rows.at(1), rows.at(128)]).toEqual([1, 3, PAGE_SIZE + 1]);
  expect(rows.rowOf(PAGE_SIZE + 1)).toBe(128);
});

test("a search shows only what is known to match, and says how much was searched", () => {
  const cache = createTickCache();
  cache.extendTo(600);
  cache.add(ticks(1, 256));
  cache.add([tick(300, { note: "429 Too Many Requests" }), tick(301)]);
  const rows = createLogIndexer(cache, { ...all, text: "too many" }).index(600);
  expect([rows.count, rows.at(0), rows.searched]).toEqual([1, 300, 258]);
});

test("filters by kind, and by step sent to", () => {
  const cache = createTickCache();
  cache.add([
    tick(1, { kind: "StartRun", events: [{ type: "A", mode: "in", to: ["plan"], preview: "" }] }),
    tick(2, { step: "plan" }),
    tick(3, { step: "fetch" }),
    tick(4, { kind: "Wakeup" }),
  ]);
  const found = (filter: Partial<LogFilter>) => {
    const rows = createLogIndexer(cache, { ...NO_LOG_FILTER, ...filter }).index(4);
    return Array.from({ length: rows.count }, (_, row) => rows.at(row));
  };
  expect(found({})).toEqual([1, 2, 3]);
  expect(found({ step: "plan" })).toEqual([1, 2]);
  expect(found({ kind: "Wakeup" })).toEqual([4]);
});

test("what was searched stays searched when the cache forgets the page", () => {
  const cache = createTickCache(1);
  cache.add(ticks(1, PAGE_SIZE, { note: "hit" }));
  const indexer = createLogIndexer(cache, { ...all, text: "hit" });
  expect(indexer.index(PAGE_SIZE).count).toBe(PAGE_SIZE);
  cache.add(ticks(PAGE_SIZE + 1, 2 * PAGE_SIZE));
  expect(indexer.index(2 * PAGE_SIZE).count).toBe(PAGE_SIZE);
  expect(indexer.isSearched(0)).toBe(true);
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
        const rows = createLogIndexer(cache, NO_LOG_FILTER).index(last);
        for (let row = 0; row < rows.count; row += 1) {
          expect(rows.rowOf(rows.at(row))).toBe(row);
          if (row > 0) expect(rows.at(row)).toBeGreaterThan(rows.at(row - 1));
        }
      },
    ),
  );
});
