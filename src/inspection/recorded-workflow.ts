/**
 * A workflow as the history of a run has it: the definition that its ticks were recorded with, which may be another than
 * that of now. It holds names and numbers. What only code knows (schemas, retry policies, who waits for what) is told of
 * the code of now, where that still has the step or event.
 */
import type { Program, StepPlan } from "../core/program.ts";
import type { EventNode, GraphEdge, GraphNode, StepNode, WorkflowGraph } from "../graph/workflow-graph.ts";
import type { EventDescription, WorkflowDescription } from "./inspection-event.ts";

/** `now`: as it is served now; null: it is not. */
export function recordedWorkflow(program: Program, now: WorkflowDescription | null): WorkflowDescription {
  const roles = Object.entries(program.roles);
  const typeOf = (wanted: string): string => roles.find(([, role]) => role === wanted)?.[0] ?? "";
  const events: { [type: string]: EventDescription } = Object.create(null);
  for (const [type, role] of roles) events[type] = { type, role, schema: schemaOf(now, type) };
  return {
    name: program.workflow,
    version: program.version,
    graph: recordedGraph(program, now?.graph.edges ?? [], now?.graph.nodes ?? []),
    startEvent: typeOf("start"),
    stopEvent: typeOf("stop"),
    events: { ...events },
  };
}

function schemaOf(now: WorkflowDescription | null, type: string): EventDescription["schema"] {
  return now !== null && Object.hasOwn(now.events, type) ? (now.events[type]?.schema ?? null) : null;
}

function recordedGraph(
  program: Program,
  edgesNow: readonly GraphEdge[],
  nodesNow: readonly GraphNode[],
): WorkflowGraph {
  // What keeps work that was set aside is no step.
  const plans = program.steps.filter(({ orphanOf }) => orphanOf === undefined);
  const ids = new Set([
    ...plans.map(({ name }) => `step:${name}`),
    ...Object.keys(program.roles).map((type) => `event:${type}`),
  ]);
  const waits = edgesNow.filter(({ source, target, label }) => label === "waits" && ids.has(source) && ids.has(target));
  const takersOf = (type: string): string[] => [
    ...new Set([
      ...plans.filter(({ index }) => program.routes[type]?.includes(index)).map(({ name }) => name),
      ...waits.filter(({ source }) => source === `event:${type}`).map(({ target }) => target.slice("step:".length)),
    ]),
  ];
  const events = Object.entries(program.roles).map(([type, role]): EventNode => ({
    id: `event:${type}`,
    kind: "event",
    name: type,
    role,
    producedBy: plans.filter(({ emits }) => emits.includes(type)).map(({ name }) => name),
    acceptedBy: takersOf(type),
  }));
  const isAsked = events.some(({ role }) => role === "inputRequired" || role === "humanResponse");
  const steps = plans.map((plan) => stepNode(plan, plans, nodesNow));
  return {
    name: program.workflow,
    version: program.version,
    nodes: [...steps, ...events, ...(isAsked ? [{ id: "external", kind: "external", name: "Outside" } as const] : [])],
    edges: edgesOf(program, plans, waits),
  };
}

function stepNode(plan: StepPlan, plans: readonly StepPlan[], nodesNow: readonly GraphNode[]): StepNode {
  const { name, accepts, emits, numWorkers, join } = plan;
  const now = nodesNow.find((node) => node.kind === "step" && node.name === name);
  const { hasRetryPolicy = false, retryPolicy } = now?.kind === "step" ? now : {};
  const caught = caughtBy(plan, plans);
  return {
    id: `step:${name}`,
    kind: "step",
    name,
    accepts,
    emits,
    numWorkers,
    hasRetryPolicy,
    ...(retryPolicy !== undefined && { retryPolicy }),
    ...(join && { join: join.mode }),
    ...(plan.catches && { catches: caught }),
  };
}

/** A handler that names no steps catches the failures of those that no other handler names. */
function caughtBy({ catches }: StepPlan, plans: readonly StepPlan[]): string[] {
  if (!catches) return [];
  const { forSteps } = catches;
  const named = new Set(plans.flatMap((plan) => plan.catches?.forSteps ?? []));
  const isCaught = (name: string): boolean => (forSteps ? forSteps.includes(name) : !named.has(name));
  return plans.filter((plan) => !plan.catches && isCaught(plan.name)).map(({ name }) => name);
}

function edgesOf({ routes, roles }: Program, plans: readonly StepPlan[], waits: readonly GraphEdge[]): GraphEdge[] {
  const edges = new Map<string, GraphEdge>();
  const connect = (source: string, target: string, label?: string): void => {
    const id = `${source}>${target}`;
    if (!edges.has(id)) edges.set(id, { id, source, target, ...(label !== undefined && { label }) });
  };
  for (const plan of plans) {
    const step = `step:${plan.name}`;
    for (const [type, takers] of Object.entries(routes))
      if (takers.includes(plan.index)) connect(`event:${type}`, step);
    for (const other of caughtBy(plan, plans)) connect(`step:${other}`, step, "fails");
    for (const { source, target } of waits) if (target === step) connect(source, step, "waits");
    for (const type of plan.emits) connect(step, `event:${type}`, plan.lists?.includes(type) ? "list" : undefined);
  }
  for (const [type, role] of Object.entries(roles)) {
    if (role === "inputRequired") connect(`event:${type}`, "external");
    if (role === "humanResponse") connect("external", `event:${type}`);
  }
  return [...edges.values()];
}
