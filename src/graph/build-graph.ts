/** The step graph of a definition: everything that can happen, whether or not a run went there. */
import type { AnyEventKind } from "../workflow/event.ts";
import { jsonSchemaOf } from "../workflow/json-schema.ts";
import type { StepDefinition } from "../workflow/step.ts";
import { catches } from "../workflow/stream-levels.ts";
import { accepts, takes, waitsFor } from "../workflow/subkinds.ts";
import { kindsOf, type Workflow } from "../workflow/workflow.ts";
import type { EventNode, GraphEdge, GraphNode, StepNode, WorkflowGraph } from "./workflow-graph.ts";

export interface GraphOptions {
  /**
   * Gives event nodes the JSON Schema of their data; default false, since schemas are most of a graph's size and
   * drawing it needs none.
   */
  readonly schemas?: boolean;
}

/** The graph of a workflow as plain JSON. What a step takes by `acceptsSubkinds` has edges too. */
export function buildGraph(workflow: Workflow, { schemas = false }: GraphOptions = {}): WorkflowGraph {
  const kinds = [...new Map(kindsOf(workflow).map((kind) => [kind.type, kind])).values()];
  const nodes: GraphNode[] = [
    ...workflow.steps.map((step) => stepNode(step, workflow)),
    ...kinds.map((kind) => eventNode(kind, workflow, schemas)),
  ];
  if (kinds.some(({ role }) => role === "inputRequired" || role === "humanResponse")) {
    nodes.push({ id: "external", kind: "external", name: "Outside" });
  }
  for (const name of Object.keys(workflow.resources)) nodes.push({ id: `resource:${name}`, kind: "resource", name });
  const children = new Set(workflow.steps.flatMap(({ runs }) => runs));
  return {
    name: workflow.name,
    version: workflow.version,
    ...(workflow.description !== null && { description: workflow.description }),
    nodes,
    edges: edgesOf(workflow, kinds),
    ...(children.size > 0 && {
      children: Array.from(children, (child) => buildGraph(child as Workflow, { schemas })),
    }),
  };
}

function stepNode(step: StepDefinition, { steps }: Workflow): StepNode {
  return {
    id: `step:${step.name}`,
    kind: "step",
    name: step.name,
    accepts: step.accepts.map(({ type }) => type),
    emits: step.emits.map(({ type }) => type),
    numWorkers: step.numWorkers,
    hasRetryPolicy: step.retryPolicy !== null,
    ...(step.retryPolicy && { retryPolicy: step.retryPolicy.description }),
    ...(step.join && { join: step.join }),
    ...(step.runs.length > 0 && { runs: step.runs.map(({ name }) => name) }),
    ...(step.catches && {
      catches: step.catches.forSteps ?? namesOf(steps.filter((other) => catches(step, other, steps))),
    }),
  };
}

function eventNode(kind: AnyEventKind, { steps }: Workflow, withSchema: boolean): EventNode {
  const { type, role } = kind;
  const ancestors = ancestorsOf(kind);
  return {
    id: `event:${type}`,
    kind: "event",
    name: type,
    role,
    producedBy: namesOf(steps.filter(({ emits }) => emits.some((made) => made.type === type))),
    acceptedBy: namesOf(steps.filter((step) => accepts(step, kind) || waitsFor(step, kind))),
    ...(ancestors.length > 0 && { extends: ancestors }),
    ...(withSchema && { schema: jsonSchemaOf(kind) }),
  };
}

function edgesOf({ steps }: Workflow, kinds: readonly AnyEventKind[]): GraphEdge[] {
  const edges = new Map<string, GraphEdge>();
  const connect = (source: string, target: string, label?: string): void => {
    const id = `${source}>${target}`;
    if (!edges.has(id)) edges.set(id, { id, source, target, ...(label !== undefined && { label }) });
  };
  const connectTaken = (step: StepDefinition, named: AnyEventKind, label?: string): void => {
    for (const kind of kinds) {
      if (takes(step, named, kind)) connect(`event:${kind.type}`, `step:${step.name}`, label);
    }
  };
  for (const step of steps) {
    for (const kind of step.accepts) connectTaken(step, kind);
    for (const other of steps) {
      if (catches(step, other, steps)) connect(`step:${other.name}`, `step:${step.name}`, "fails");
    }
    for (const kind of step.waitsFor) connectTaken(step, kind, "waits");
    for (const kind of step.emits) {
      connect(`step:${step.name}`, `event:${kind.type}`, step.lists.has(kind.type) ? "list" : undefined);
    }
  }
  for (const { type, role } of kinds) {
    if (role === "inputRequired") connect(`event:${type}`, "external");
    if (role === "humanResponse") connect("external", `event:${type}`);
  }
  return [...edges.values()];
}

function ancestorsOf(kind: AnyEventKind): string[] {
  const types: string[] = [];
  for (let { parent } = kind; parent; { parent } = parent) types.push(parent.type);
  return types;
}

function namesOf(steps: readonly StepDefinition[]): string[] {
  return steps.map(({ name }) => name);
}
