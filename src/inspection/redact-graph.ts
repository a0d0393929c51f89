import type { GraphStatus, StepStatus } from "../graph/graph-status.ts";
import type { Redaction } from "./redaction.ts";

/** The messages of its steps' last errors are all of the data that it shows. */
export function redactGraph(graph: GraphStatus, show: Redaction): GraphStatus {
  if (show.isOpen) return graph;
  const steps: { [step: string]: StepStatus } = {};
  for (const [name, step] of Object.entries(graph.steps)) {
    const { lastError } = step;
    steps[name] = lastError === undefined ? step : { ...step, lastError: show.message(lastError, name) };
  }
  return { ...graph, steps };
}
