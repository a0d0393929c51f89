import { WorkflowConfigurationError } from "../core/errors.ts";
import type { JsonObject } from "../core/json.ts";
import { toPlainData } from "../workflow/plain-data.ts";
import { describeIssues } from "../workflow/standard-schema.ts";
import type { Workflow } from "../workflow/workflow.ts";

/** The store of a fresh run: what the state schema makes of `{}`. */
export function initialStore(workflow: Workflow): JsonObject {
  if (!workflow.state) return {};
  const result = workflow.state["~standard"].validate({});
  if (result instanceof Promise) {
    throw new WorkflowConfigurationError(
      `The state schema of workflow ${workflow.name} is asynchronous. Use a synchronous one.`,
    );
  }
  if (result.issues === undefined) return toPlainData(result.value) as JsonObject;
  throw new WorkflowConfigurationError(
    `The state schema of workflow ${workflow.name} does not accept an empty state: ${describeIssues(result.issues)}. Give every field a default.`,
  );
}
