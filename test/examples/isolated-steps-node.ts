import { isMainThread, Worker } from "node:worker_threads";
import { processRuntime, run } from "tickwork";
import { serveSteps, withPool } from "tickwork/pool";
import { counting } from "./isolated-steps.workflow.ts";

if (isMainThread) {
  const runtime = withPool(processRuntime, {
    worker: () => new Worker(new URL(import.meta.url)),
  });
  const { primes } = await run(counting, { below: 400_000 }, { runtime }).result();
  console.log(`${primes} primes`);
  await runtime.executor.close();
} else {
  serveSteps({ counting });
}
