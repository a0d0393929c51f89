import { withPool } from "tickwork/pool";
import { serveWorkflows } from "tickwork/worker";
import { counting } from "./isolated-steps.workflow.ts";

export const workflows = { counting };

const worker = () =>
  new Worker(new URL("./isolated-steps.pool.worker.ts", import.meta.url), {
    type: "module",
  });

serveWorkflows(workflows, {
  database: "numbers",
  decorate: (runtime) => withPool(runtime, { worker }),
});
