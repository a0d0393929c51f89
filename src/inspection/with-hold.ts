/** What is held beside what the log says: true of the newest state only. */
import type { GraphStatus, StepStatus } from "../graph/graph-status.ts";
import type { RunHold } from "./debug-command.ts";
import type { RunView } from "./inspection-event.ts";

export function graphWithHold(graph: GraphStatus, hold: RunHold | null): GraphStatus {
  if (!hold || hold.steps.length === 0) return graph;
  const steps: { [step: string]: StepStatus } = { ...graph.steps };
  for (const { step, count } of hold.steps) {
    const status = steps[step];
    if (status) steps[step] = { ...status, held: count };
  }
  return { ...graph, steps };
}

export function viewWithHold(view: RunView, hold: RunHold | null): RunView {
  if (!hold || hold.steps.length === 0) return view;
  const held = new Set(hold.steps.flatMap(({ workItems }) => workItems));
  const workItems = view.workItems.map((item) =>
    item.state === "running" && held.has(item.workItem) ? { ...item, isHeld: true } : item,
  );
  return { ...view, graph: graphWithHold(view.graph, hold), workItems };
}
