import type { Timeline, TimelineSpan } from "tickwork/client";
import { expect, test } from "vitest";
import { toDepthLine } from "../../inspector/timeline/depth-line.ts";
import { sentenceOf } from "../../inspector/timeline/span-words.ts";
import { createTimeScale } from "../../inspector/timeline/time-scale.ts";
import type { Move } from "../../inspector/timeline/timeline-rows.ts";
import { findCursor, moveCursor, placeOf, spanAt, toRows } from "../../inspector/timeline/timeline-rows.ts";
import { timeline, timelineSpan } from "./fixtures/timeline.ts";

const lane = (step: string, slot: number | null, ...spans: TimelineSpan[]): Timeline["lanes"][number] => ({
  step,
  phase: slot === null ? "queued" : "running",
  slot,
  holdsRest: false,
  spans,
});
const lanes = [
  lane("split", 0, timelineSpan(0, 10)),
  lane("work", null, timelineSpan(10, 40, { count: 3 })),
  lane("work", 0, timelineSpan(10, 20), timelineSpan(20, 30), timelineSpan(60, null)),
  lane("work", 1),
  lane("rest", 0, timelineSpan(28, 35)),
];
const rows = toRows(timeline({ lanes }));
const scale = createTimeScale({ from: 0, to: 100 }, 1_000);

test("a row per lane; the first of each step names it", () => {
  expect(rows.map(({ step, part, isFirst }) => [step, part, isFirst])).toEqual([
    ["split", "slot 0", true],
    ["work", "queue", true],
    ["work", "slot 0", false],
    ["work", "slot 1", false],
    ["rest", "slot 0", true],
  ]);
});

test("the way of the selected work item stands above them", () => {
  const trail = [{ ...timelineSpan(10, 20, { workItem: 7 }), phase: "running" as const, step: "work", slot: 0 }];
  expect(toRows(timeline({ lanes, trail }))[0]).toMatchObject({ key: "trail", step: "work item 7", spans: trail });
});

test("what is at a place: the span there, or the nearest within two pixels", () => {
  expect(spanAt(rows[2], scale, 150, 100)?.from).toBe(10);
  expect(spanAt(rows[2], scale, 301, 100)?.from).toBe(20);
  expect(spanAt(rows[2], scale, 400, 100)).toBeNull();
  expect(spanAt(rows[2], scale, 999, 100)?.from).toBe(60);
  expect(spanAt(rows[9], scale, 0, 100)).toBeNull();
});

test("the shortest span can still be seen", () => {
  expect(placeOf(timelineSpan(50, 50), scale, 100)).toEqual({ left: 500, width: 3 });
});

test.each<[Move[], string, number]>([
  [["first"], "split running 0", 0],
  [["first", "down"], "work queued ", 10],
  [["first", "down", "down"], "work running 0", 10],
  [["first", "down", "down", "right", "right", "right"], "work running 0", 60],
  [["first", "down", "down", "right", "down"], "rest running 0", 28],
  [["first", "down", "down", "last", "up", "up", "up"], "split running 0", 0],
  [["first", "down", "down", "right", "down", "up"], "work running 0", 20],
])("keys %j lead to %s at %d", (moves, row, from) => {
  expect(moves.reduce((cursor, move) => moveCursor(rows, cursor, move), moveCursor([], null, "first"))).toEqual({
    row,
    from,
  });
});

test("a cursor finds its span again when that became a block, and none where the lane is gone", () => {
  expect(findCursor(rows, { row: "work queued ", from: 25 })?.span.from).toBe(10);
  expect(findCursor(rows, { row: "gone", from: 25 })).toBeNull();
});

test("a span in a sentence says where, what, how it ended and how long it took", () => {
  const [first] = rows[2]?.spans ?? [];
  const failed = { ...first!, from: 0, to: 1_400, workItem: 12, attempt: 2, outcome: "failed" as const };
  expect(sentenceOf(failed, 0)).toMatch(/^work, slot 0: work item 12, X, attempt 2, failed, .* for 1\.4 s$/);
  expect(sentenceOf(rows[1]!.spans[0]!, 0)).toMatch(/^work: 3 work items, first of X, queued, .* for 30 ms$/);
  expect(sentenceOf({ ...first!, to: null }, 50)).toMatch(/running, still, .* for 40 ms$/);
});

test("depth holds until the next tick, and reaches to the end", () => {
  const point = (at: number, queued: number) => ({ sequence: at, at, queued, busy: 1, failed: 0 });
  const { line, most } = toDepthLine([point(0, 0), point(50, 3)], scale, 32, 100);
  expect(most).toBe(4);
  expect(line).toBe("M0 24H500V3H1000");
  expect(toDepthLine([], scale, 32, 100)).toEqual({ line: "", area: "", most: 0 });
});
