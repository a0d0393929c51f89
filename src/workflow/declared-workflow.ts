import { WorkflowRuntimeError } from "../core/errors.ts";
import type { AnyWorkflow } from "./infer.ts";
import type { StepDefinition } from "./step.ts";

/** Throws for a workflow that the step does not say it runs. */
export function assertRuns({ name, runs }: StepDefinition, workflow: AnyWorkflow): void {
  if (runs.includes(workflow)) return;
  const known = runs.map((one) => one.name).join(", ") || "none";
  throw new WorkflowRuntimeError(
    `Step ${name} ran workflow ${workflow?.name}, which it does not declare. Add it to its \`runs\` (now: ${known}).`,
    { code: "WORKFLOW_UNDECLARED", data: { step: name, workflow: workflow?.name } },
  );
}
