/** The graph checks that an author can switch off, for a workflow or a step. */
import { WorkflowConfigurationError } from "../core/errors.ts";

/**
 * - reachability: every step can be reached from the start event or a human response.
 * - terminalEvent: every event that no step accepts is a stop or an input-required event.
 * - deadEnd: every step that emits something can lead to a stop or an input-required event.
 */
export type GraphCheck = "reachability" | "terminalEvent" | "deadEnd";

/** Throws `WorkflowConfigurationError` for a name that is none of theirs. */
export function checkGraphChecks(where: string, checks: readonly GraphCheck[]): void {
  const unknown = checks.filter((check) => !isGraphCheck(check));
  if (unknown.length > 0) {
    throw new WorkflowConfigurationError(
      `${where}: skipGraphChecks knows "reachability", "terminalEvent" and "deadEnd", not ${unknown.map((name) => JSON.stringify(name)).join(", ")}.`,
    );
  }
}

function isGraphCheck(name: string): name is GraphCheck {
  return name === "reachability" || name === "terminalEvent" || name === "deadEnd";
}
