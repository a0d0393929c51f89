import { WorkflowRuntimeError } from "../core/errors.ts";
import type { AnyWorkflow } from "./infer.ts";
import type { StepDefinition } from "./step.ts";

/** The workflow of this name that the step says it runs; throws for one that it does not declare. */
export function declaredWorkflow({ name, runs }: StepDefinition, workflow: AnyWorkflow): AnyWorkflow {
  const declared = runs.find((one) => one.name === workflow?.name);
  if (declared) return declared;
  const known = runs.map((one) => one.name).join(", ") || "none";
  throw new WorkflowRuntimeError(
    `Step ${name} ran workflow ${workflow?.name}, which it does not declare. Add it to its \`runs\` (now: ${known}).`,
    { code: "WORKFLOW_UNDECLARED", data: { step: name, workflow: workflow?.name } },
  );
}
