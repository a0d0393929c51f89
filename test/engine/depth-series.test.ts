import { describe, expect, test } from "vitest";
import { initialState } from "../../src/core/broker-state.ts";
import { DepthSeries } from "../../src/engine/depth-series.ts";
import { StepQueue } from "../../src/core/step-queue.ts";
import { Fold, program } from "../core/fold.ts";

const plan = program({ a: "Start" });
const { state: started } = new Fold(plan).start();

/** A series over so many ticks; the queue's depth at each is given. */
function seriesOf(ticks: number, depthAt: (sequence: number) => number): DepthSeries {
  const series = new DepthSeries();
  const [step] = initialState(plan).steps;
  const queues = new Map<number, StepQueue<never>>();
  for (let sequence = 1; sequence <= ticks; sequence++) {
    const depth = depthAt(sequence);
    if (!queues.has(depth)) queues.set(depth, StepQueue.of(Array.from({ length: depth }, () => ({}) as never)));
    series.add({ ...started, sequence, at: sequence, steps: [{ ...step!, queue: queues.get(depth)! }] });
  }
  return series;
}
const sequences = (points: readonly { sequence: number }[]): number[] => points.map(({ sequence }) => sequence);

describe("the depth of the queues over a run", () => {
  test("counts what is queued, at work and failed in all steps", () => {
    const series = new DepthSeries();
    series.add(new Fold(program({ a: "Start", b: ["Start", 2] })).start(1).send("Start", 2).state);
    expect(series.sample(10)).toEqual([{ sequence: 2, at: 1000, queued: 1, busy: 3, failed: 0 }]);
  });

  test("takes no state twice and none that is older", () => {
    const series = seriesOf(5, () => 0);
    series.add({ ...started, sequence: 5 });
    series.add({ ...started, sequence: 3 });
    expect(sequences(series.sample(10))).toEqual([1, 2, 3, 4, 5]);
  });

  test("of a long run keeps every second point, then every fourth, over all of it", () => {
    expect(seriesOf(4095, () => 0).sample(100_000)).toHaveLength(4095);
    const once = sequences(seriesOf(4096, () => 0).sample(100_000));
    expect(once).toHaveLength(2048);
    expect(once.slice(0, 3)).toEqual([2, 4, 6]);
    const twice = sequences(seriesOf(8193, () => 0).sample(100_000));
    expect(twice.slice(0, 3)).toEqual([4, 8, 12]);
    expect(twice.slice(-2)).toEqual([8192, 8193]);
    expect(twice.length).toBeLessThan(4096);
  });

  test("sampled keeps the peaks and the newest point", () => {
    const series = seriesOf(1000, (sequence) => (sequence === 137 ? 9 : 1));
    const sampled = series.sample(10);
    expect(sampled.length).toBeLessThanOrEqual(11);
    expect(sampled).toContainEqual(expect.objectContaining({ sequence: 137, queued: 9 }));
    expect(sampled.at(-1)?.sequence).toBe(1000);
  });

  test("of nothing is empty", () => {
    expect(new DepthSeries().sample(10)).toEqual([]);
    expect(new DepthSeries().sample(0)).toEqual([]);
  });
});
