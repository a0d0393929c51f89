import { expect, test } from "vitest";
import type { Level, Levels } from "../../inspector/graph/levels.ts";
import { createLevels, levelAt } from "../../inspector/graph/levels.ts";

/** So many nodes that are drawn, and a page whose next task comes when the test says so. */
function draw(count: number) {
  let next: (() => void) | null = null;
  const levels = createLevels((call) => {
    next = call;
    return () => (next = null);
  });
  const drawn = new Map<string, number>();
  for (let n = 0; n < count; n++) watch(levels, drawn, `step:${n}`);
  const counted = (level: Level): number =>
    Array.from({ length: count }, (_, n) => levels.of(`step:${n}`)).filter((each) => each === level).length;
  const task = (): boolean => {
    const call = next;
    next = null;
    call?.();
    return call !== null;
  };
  return { levels, drawn, counted, task };
}

function watch(levels: Levels, drawn: Map<string, number>, id: string): () => void {
  return levels.subscribe(id, () => drawn.set(id, (drawn.get(id) ?? 0) + 1));
}

test("the nearer the camera, the more is shown", () => {
  expect([0.1, 0.29, 0.3, 0.65, 0.66, 1.8].map(levelAt)).toEqual([
    "distant",
    "distant",
    "overview",
    "overview",
    "near",
    "near",
  ]);
});

test("a few nodes change at once; hundreds in portions, each drawn once", () => {
  const few = draw(12);
  few.levels.aim("overview");
  expect([few.counted("overview"), few.task()]).toEqual([12, false]);

  const many = draw(100);
  many.levels.aim("distant");
  const portions = [many.counted("distant")];
  while (many.task()) portions.push(many.counted("distant"));
  expect(portions).toEqual([0, 20, 40, 60, 80, 100]);
  expect([...many.drawn.values()]).toEqual(Array.from({ length: 100 }, () => 1));
});

test("a camera that goes back meanwhile: only what has changed changes back", () => {
  const { levels, drawn, counted, task } = draw(100);
  levels.aim("overview");
  task();
  levels.aim("near");
  while (task());
  expect(counted("near")).toBe(100);
  expect(drawn.size).toBe(20);
});

test("a node that comes while others still change has the camera's level; one that left is not woken", () => {
  const { levels, drawn, task } = draw(40);
  const leave = watch(levels, drawn, "step:late");
  levels.aim("overview");
  expect(levels.of("step:new")).toBe("overview");
  leave();
  while (task());
  expect(drawn.has("step:late")).toBe(false);
});

test("after it is closed nothing changes", () => {
  const { levels, counted, task } = draw(100);
  levels.aim("overview");
  task();
  levels.close();
  expect(task()).toBe(false);
  expect(counted("near")).toBe(80);
});
