/** A program of Node that is its own pool: it runs a step there, and has nothing more to do. */
import { isMainThread, Worker } from "node:worker_threads";
import { processRuntime, run } from "tickwork";
import { serveSteps, withPool } from "tickwork/pool";
import { identify } from "./fixture-workflows.ts";

if (isMainThread) {
  const runtime = withPool(processRuntime, { worker: () => new Worker(new URL(import.meta.url)), size: 1 });
  const { thread } = (await run(identify, null, { runtime }).result()) as { thread: string };
  console.log(thread === "" ? "nowhere" : "ran");
} else {
  serveSteps({ identify });
}
