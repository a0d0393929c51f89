import { defineWorkflow, StartEvent, StopEvent } from "tickwork";
import { withPool } from "tickwork/pool";
import { serveWorkflows } from "tickwork/worker";
import { busy, dying, identify, moving } from "./fixture-workflows.ts";

/** In the engine's own thread. */
const here = defineWorkflow("here").step("answer", { accepts: StartEvent, emits: StopEvent }, ({ data }) =>
  StopEvent(data),
);
const workflows = { busy, dying, identify, moving, here };

serveWorkflows(workflows, {
  database: self.name,
  decorate: (runtime) =>
    withPool(runtime, {
      worker: () => new Worker(new URL("./steps.worker.ts", import.meta.url), { type: "module" }),
      size: 1,
      gracePeriod: 200,
    }),
});
