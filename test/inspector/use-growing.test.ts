import { expect, test } from "vitest";
import { nextPortion } from "../../inspector/graph/use-growing.ts";

test("a portion takes about as long as it may, on fast machines and on slow ones", () => {
  const portionsOf = (perNode: number): number[] => {
    const portions = [15];
    while (portions.length < 6) portions.push(nextPortion(portions.at(-1) ?? 0, (portions.at(-1) ?? 0) * perNode));
    return portions;
  };
  expect(portionsOf(0.01).at(-1)).toBe(30);
  expect(portionsOf(0.5).slice(1)).toEqual([16, 16, 16, 16, 16]);
  expect(portionsOf(20).at(-1)).toBe(8);
});
