/** The step graph of a definition: everything that can happen, whether or not a run went there. */
import type { AnyEventKind } from "../workflow/event.ts";
import { accepts, catches } from "../workflow/stream-levels.ts";
import type { Workflow } from "../workflow/workflow.ts";
import type { GraphEdge, GraphNode, WorkflowGraph } from "./workflow-graph.ts";

export function buildGraph(workflow: Workflow): WorkflowGraph {
  const nodes: GraphNode[] = workflow.steps.map((step) => ({
    id: `step:${step.name}`,
    kind: "step",
    name: step.name,
    accepts: step.accepts.map(({ type }) => type),
    emits: step.emits.map(({ type }) => type),
    numWorkers: step.numWorkers,
    hasRetryPolicy: step.retryPolicy !== null,
    ...(step.join && { join: step.join }),
    ...(step.runs.length > 0 && { runs: step.runs.map(({ name }) => name) }),
    ...(step.catches && {
      catches:
        step.catches.forSteps ??
        workflow.steps.filter((other) => catches(step, other, workflow.steps)).map(({ name }) => name),
    }),
  }));
  const edges = new Map<string, GraphEdge>();
  const connect = (source: string, target: string, label?: string): void => {
    const id = `${source}>${target}`;
    if (!edges.has(id)) edges.set(id, { id, source, target, ...(label !== undefined && { label }) });
  };
  const kinds = new Map<string, AnyEventKind>();
  for (const step of workflow.steps) {
    for (const kind of step.accepts) {
      kinds.set(kind.type, kind);
      connect(`event:${kind.type}`, `step:${step.name}`);
    }
    for (const other of workflow.steps) {
      if (catches(step, other, workflow.steps)) connect(`step:${other.name}`, `step:${step.name}`, "fails");
    }
    for (const kind of step.waitsFor) {
      kinds.set(kind.type, kind);
      connect(`event:${kind.type}`, `step:${step.name}`, "waits");
    }
    for (const kind of step.emits) {
      kinds.set(kind.type, kind);
      connect(`step:${step.name}`, `event:${kind.type}`, step.lists.has(kind.type) ? "list" : undefined);
    }
  }
  for (const { type, role } of kinds.values()) {
    nodes.push({
      id: `event:${type}`,
      kind: "event",
      name: type,
      role,
      producedBy: workflow.steps
        .filter(({ emits }) => emits.some((kind) => kind.type === type))
        .map(({ name }) => name),
      acceptedBy: workflow.steps
        .filter(
          (step) => accepts(step, kinds.get(type) as AnyEventKind) || step.waitsFor.some((kind) => kind.type === type),
        )
        .map(({ name }) => name),
    });
    if (role === "inputRequired") connect(`event:${type}`, "external");
    if (role === "humanResponse") connect("external", `event:${type}`);
  }
  if ([...kinds.values()].some(({ role }) => role === "inputRequired" || role === "humanResponse")) {
    nodes.push({ id: "external", kind: "external", name: "Outside" });
  }
  for (const name of Object.keys(workflow.resources)) nodes.push({ id: `resource:${name}`, kind: "resource", name });
  const children = new Set(workflow.steps.flatMap(({ runs }) => runs));
  return {
    name: workflow.name,
    version: workflow.version,
    ...(workflow.description !== null && { description: workflow.description }),
    nodes,
    edges: [...edges.values()],
    ...(children.size > 0 && { children: Array.from(children, (child) => buildGraph(child as Workflow)) }),
  };
}
