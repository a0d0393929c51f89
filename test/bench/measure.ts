/** Measuring, for benchmarks: contestants take turns in one process, so that a busy moment hits all of them. */
import { Session } from "node:inspector/promises";

export interface Contestant {
  readonly name: string;
  /** Not timed; makes what the next `run` needs. */
  readonly prepare?: () => void;
  /** Timed. Throws when its result is wrong. */
  readonly run: () => Promise<void>;
  /** How often `run` is called per sample, for runs too short to time; the time is divided by it. Default 1. */
  readonly times?: number;
}

/** Median milliseconds of one run of each contestant, by name. Each repeat begins with another of them. */
export async function race(contestants: readonly Contestant[], repeats: number): Promise<ReadonlyMap<string, number>> {
  const warmUps = 3;
  const samples = new Map<string, number[]>(contestants.map(({ name }) => [name, []]));
  for (let repeat = -warmUps; repeat < repeats; repeat++) {
    for (let turn = 0; turn < contestants.length; turn++) {
      const contestant = contestants[(turn + repeat + warmUps) % contestants.length]!;
      const time = await timeOnce(contestant);
      if (repeat >= 0) samples.get(contestant.name)?.push(time);
    }
  }
  return new Map(Array.from(samples, ([name, times]) => [name, median(times)]));
}

async function timeOnce({ prepare, run, times = 1 }: Contestant): Promise<number> {
  // Nobody pays for the garbage of the one before, nor for an event loop that is behind.
  collectGarbage?.({ type: "minor" });
  await new Promise((resolve) => setImmediate(resolve));
  let time = 0;
  for (let count = 0; count < times; count++) {
    prepare?.();
    const start = performance.now();
    await run();
    time += performance.now() - start;
  }
  return time / times;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The value that this share of all is below. */
export function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))]!;
}

/** The slope of a straight line through the logarithms: time grows like size to this power. */
export function exponentOf(points: readonly { readonly size: number; readonly time: number }[]): number {
  const xs = points.map(({ size }) => Math.log(size));
  const ys = points.map(({ time }) => Math.log(time));
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanX, meanY] = [mean(xs), mean(ys)];
  const along = xs.reduce((sum, x, index) => sum + (x - meanX) * (ys[index]! - meanY), 0);
  return along / xs.reduce((sum, x) => sum + (x - meanX) ** 2, 0);
}

/** There with --expose-gc. */
const collectGarbage = (globalThis as { gc?: (options?: { type: "minor" }) => void }).gc;

/** Bytes of the heap that are still reachable. */
export async function retainedBytes(): Promise<number> {
  for (let turn = 0; turn < 4; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 0));
    // Without options: asked for a "major" collection, V8 leaves up to 1 MB of garbage behind.
    collectGarbage?.();
  }
  return process.memoryUsage().heapUsed;
}

/** About how many bytes an action allocates, whether collected since or not: V8's sampling profiler, a sample per 4 kB. */
export async function allocatedBytes(action: () => Promise<void>): Promise<number> {
  const session = new Session();
  session.connect();
  await session.post("HeapProfiler.startSampling", {
    samplingInterval: 4096,
    includeObjectsCollectedByMajorGC: true,
    includeObjectsCollectedByMinorGC: true,
  });
  await action();
  const { profile } = await session.post("HeapProfiler.stopSampling");
  session.disconnect();
  const sizeBelow = (node: typeof profile.head): number =>
    node.children.reduce((sum, child) => sum + sizeBelow(child), node.selfSize);
  return sizeBelow(profile.head);
}
