/**
 * What a pool gains and costs: the same fan-out of work for the processor in place and in a pool of one worker per
 * core, and the way over the boundary of a step that does nothing. What can be gained is bounded by the cores that are
 * free: `2.00` would be all of two.
 */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { processRuntime, run } from "tickwork";
import { withPool } from "tickwork/pool";
import { race } from "./measure.ts";
import { printTable } from "./report.ts";
import { inPlace, moved, pooled, type Load } from "./pool.worker.ts";

const cores = availableParallelism();
const runtime = withPool(processRuntime, {
  worker: () => new Worker(new URL("pool.worker.mjs", import.meta.url)),
  size: cores,
});

async function expectResult(handler: { result(): Promise<unknown> }, want: unknown): Promise<void> {
  const got = await handler.result();
  if (got !== want) throw new Error(`Got ${String(got)}, wanted ${String(want)}`);
}

// About 10 ms each.
const heavy: Load = { items: 32, below: 100_000 };
const PRIMES_BELOW_100_000 = 9592;
const idle: Load = { items: 1000, below: 0 };
const BYTES = 50_000_000;

const times = await race(
  [
    { name: "in place", run: () => expectResult(run(inPlace, { ...heavy }), heavy.items * PRIMES_BELOW_100_000) },
    {
      name: "pool",
      run: () => expectResult(run(pooled, { ...heavy }, { runtime }), heavy.items * PRIMES_BELOW_100_000),
    },
    { name: "no work, in place", run: () => expectResult(run(inPlace, { ...idle }), 0) },
    { name: "no work, pool", run: () => expectResult(run(pooled, { ...idle }, { runtime }), 0) },
    { name: "50 MB", run: () => expectResult(run(moved, BYTES, { runtime }), BYTES) },
  ],
  7,
);
await runtime.executor.close();

const timeOf = (name: string): number => times.get(name)!;
printTable(
  `CPU-bound fan-out, ${heavy.items} items; pool of ${cores} workers on ${cores} cores`,
  ["", "ms", "x in place"],
  ["in place", "pool"].map((name) => [name, timeOf(name).toFixed(1), (timeOf("in place") / timeOf(name)).toFixed(2)]),
);
printTable(
  "What a pool costs",
  ["", "µs"],
  [
    ["a step that does nothing, in place", ((timeOf("no work, in place") / idle.items) * 1000).toFixed(2)],
    ["the same in a pool", ((timeOf("no work, pool") / idle.items) * 1000).toFixed(2)],
    ["50 MB made in a pool, moved and delivered", (timeOf("50 MB") * 1000).toFixed(0)],
  ],
);
