/** What a host tells about a workflow it serves. */
import { buildGraph } from "../graph/build-graph.ts";
import type { EventDescription, WorkflowDescription } from "../inspection/inspection-event.ts";
import type { CompiledWorkflow } from "../workflow/compile.ts";
import { jsonSchemaOf } from "../workflow/json-schema.ts";

export function describeWorkflow({ definition, kinds, start, stop }: CompiledWorkflow): WorkflowDescription {
  const events: { [type: string]: EventDescription } = {};
  for (const kind of kinds.values())
    events[kind.type] = { type: kind.type, role: kind.role, schema: jsonSchemaOf(kind) };
  return {
    name: definition.name,
    version: definition.version,
    ...(definition.description !== null && { description: definition.description }),
    graph: buildGraph(definition),
    startEvent: start.type,
    stopEvent: stop.type,
    events,
  };
}
