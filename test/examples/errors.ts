import { z } from "zod";
import {
  defineWorkflow,
  run,
  startEvent,
  stopEvent,
  WorkflowError,
  WorkflowTimeoutError,
} from "tickwork";

const Ask = startEvent("Ask", z.object({ wait: z.number() }));
const Answer = stopEvent("Answer");

const slow = defineWorkflow("slow", { timeout: 1_000 }).step(
  "work",
  { accepts: Ask, emits: Answer },
  async ({ data }) => {
    await new Promise((resolve) => setTimeout(resolve, data.wait));
    return Answer();
  },
);

try {
  await run(slow, { wait: 5_000 }, { runId: "slow-1" }).result();
} catch (error) {
  if (!(error instanceof WorkflowError)) throw error; // what the step itself threw
  console.log(error instanceof WorkflowTimeoutError, error.name, error.code);
  console.log(error.message);
  console.log(error.data.activeSteps);
}

const finished = run(slow, { wait: 0 });
await finished.result();
await finished
  .sendEvent(Ask({ wait: 1 }))
  .catch((error: WorkflowError) => console.log(error.code));
