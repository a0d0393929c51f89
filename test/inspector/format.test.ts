import { expect, test } from "vitest";
import {
  formatAgo,
  formatBytes,
  formatCoarse,
  formatDue,
  formatDuration,
  formatRunsOut,
} from "../../inspector/store/format.ts";
import { queueHeat } from "../../inspector/graph/step-words.ts";

test.each([
  [-5, "0 ms"],
  [12, "12 ms"],
  [1_400, "1.4 s"],
  [59_990, "1 min"],
  [185_000, "3 min 5 s"],
  [7_440_000, "2 h 4 min"],
  [26 * 3_600_000, "1 d 2 h"],
])("%d ms is %s long", (length, text) => expect(formatDuration(length)).toBe(text));

test("coarse, due and ago are never negative", () => {
  expect([formatCoarse(-1_000), formatDue(1_000, 9_000), formatAgo(9_000, 1_000)]).toEqual(["now", "due", "just now"]);
  expect([formatDue(13_000, 1_000), formatAgo(1_000, 181_000)]).toEqual(["in 12 s", "3 min ago"]);
});

test("sizes", () =>
  expect([0, 999, 1_500, 61_400_000].map(formatBytes)).toEqual(["0 B", "999 B", "1.5 kB", "61.4 MB"]));

test("heat grows with the queue's decades and ends at one", () => {
  const heat = [0, 1, 10, 100, 1_000, 10_000, 1_000_000].map(queueHeat);
  expect(heat).toEqual(heat.toSorted((a, b) => a - b));
  expect([heat[0], heat[6]]).toEqual([0, 1]);
});

test("a wait runs out at some time, and then its time is over", () => {
  expect([formatRunsOut(13_000, 1_000), formatRunsOut(1_000, 1_000)]).toEqual(["runs out in 12 s", "its time is over"]);
});
