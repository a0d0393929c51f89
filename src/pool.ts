/** Isolated steps on all cores: a pool of workers for an engine, and the workers' side of it. */
export { withPool } from "./pool/with-pool.ts";
export { serveSteps } from "./pool/serve-steps.ts";
export type { PoolOptions } from "./pool/step-pool.ts";
export type { PoolWorker } from "./pool/worker-events.ts";
