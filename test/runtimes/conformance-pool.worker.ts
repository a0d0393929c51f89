import { withPool } from "tickwork/pool";
import { isolatedConformanceWorkflows } from "tickwork/testing";
import { serveWorkflows } from "tickwork/worker";

serveWorkflows(isolatedConformanceWorkflows, {
  database: self.name,
  decorate: (runtime) =>
    withPool(runtime, {
      worker: () => new Worker(new URL("./conformance-steps.worker.ts", import.meta.url), { type: "module" }),
      size: 3,
    }),
});
