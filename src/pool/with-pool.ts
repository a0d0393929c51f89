import type { Runtime } from "../ports/runtime.ts";
import type { StepExecutor } from "../ports/step-executor.ts";
import { StepPool, type PoolOptions } from "./step-pool.ts";

/**
 * The same runtime, with a pool of workers in which isolated steps run, on all cores.
 *
 *     // steps.worker.ts
 *     serveSteps({ ingest });
 *
 *     // the engine's worker
 *     serveWorkflows({ ingest }, {
 *       database: "my-app",
 *       decorate: (runtime) => withPool(runtime, {
 *         worker: () => new Worker(new URL("./steps.worker.ts", import.meta.url), { type: "module" }),
 *       }),
 *     });
 *
 * An engine closes the pool with itself, so two engines need two of these. Where there is no engine, `await
 * runtime.executor.close()` ends the workers; those without work do not keep a process of Node alive.
 *
 * Throws `WorkflowConfigurationError` for options that are none.
 */
export function withPool<R extends Runtime>(
  runtime: R,
  options: PoolOptions,
): R & { readonly executor: Required<StepExecutor> } {
  return { ...runtime, executor: new StepPool(options, runtime.clock, runtime.executor ?? null) };
}
