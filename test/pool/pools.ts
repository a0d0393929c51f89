/** Pools of Node's worker threads, for tests. */
import { Worker } from "node:worker_threads";
import { processRuntime, type RunHook, type Runtime, withHooks } from "tickwork";
import { withPool, type PoolOptions } from "tickwork/pool";
import { afterEach, beforeAll, expect } from "vitest";
import { bundleWorker } from "./bundle-worker.ts";

/** Has each test of this file find a bundle, and closes the pools it opened. */
export function poolsOf(source: string) {
  let path = "";
  const open: { close(): Promise<void> }[] = [];
  beforeAll(async () => {
    path = await bundleWorker(source);
  }, 60_000);
  afterEach(async () => {
    for (const pool of open.splice(0)) await pool.close();
  });
  const workers: Worker[] = [];
  const pool = <R extends Runtime = Runtime>(
    options: Partial<PoolOptions> & { workerData?: unknown } = {},
    runtime: R = processRuntime as R,
  ) => {
    const { workerData, ...others } = options;
    const worker = (): Worker => {
      const made = new Worker(path, { workerData, resourceLimits: { maxOldGenerationSizeMb: 64 } });
      workers.push(made);
      return made;
    };
    const pooled = withPool(runtime, { worker, size: 2, ...others });
    open.push(pooled.executor);
    return pooled;
  };
  return { pool, workers };
}

/** Without a pool, and without a word about it. */
export const inPlace: Runtime = withHooks(processRuntime, { onTick: () => undefined, onProblem: () => undefined });

/** What steps logged, in order. */
export function withLogs<R extends Runtime>(runtime: R): { runtime: R; logs: string[] } {
  const logs: string[] = [];
  const hook: RunHook = {
    onTick: ({ tick }) => {
      if (tick.kind === "StepResult") for (const { message } of tick.logs ?? []) logs.push(message);
    },
  };
  return { runtime: withHooks(runtime, hook), logs };
}

/** Resolves when the step says in the store that it is at work. */
export async function atWork(handler: { snapshot(): Promise<{ store: unknown }> }): Promise<string> {
  let thread: string | undefined;
  await expect
    .poll(async () => (thread = ((await handler.snapshot()).store as { thread?: string }).thread), { timeout: 10_000 })
    .toBeDefined();
  return thread as unknown as string;
}
