/** The graph checks that an author can switch off, for a workflow or a step. */

/**
 * - reachability: every step can be reached from the start event or a human response.
 * - terminalEvent: every event that no step accepts is a stop or an input-required event.
 * - deadEnd: every step that emits something can lead to a stop or an input-required event.
 */
export type GraphCheck = "reachability" | "terminalEvent" | "deadEnd";

export function isGraphCheck(name: string): name is GraphCheck {
  return name === "reachability" || name === "terminalEvent" || name === "deadEnd";
}
