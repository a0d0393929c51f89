import { WorkflowRuntimeError } from "../core/errors.ts";
import type { JsonObject } from "../core/json.ts";
import { describeIssues } from "../workflow/standard-schema.ts";
import type { Workflow } from "../workflow/workflow.ts";

/** Throws `WorkflowRuntimeError` for a state that does not fit the workflow's schema. */
export function checkState({ name, state: schema }: Workflow, state: JsonObject): void {
  const result = schema?.["~standard"].validate(state);
  if (!result || result instanceof Promise || result.issues === undefined) return;
  throw new WorkflowRuntimeError(
    `The state of workflow ${name} would become invalid: ${describeIssues(result.issues)}`,
    { code: "STATE_INVALID" },
  );
}
