/** What a host tells about a workflow it serves. */
import type { JsonObject } from "../core/json.ts";
import { buildGraph } from "../graph/build-graph.ts";
import type { EventDescription, WorkflowDescription } from "../inspection/inspection-event.ts";
import type { CompiledWorkflow } from "../workflow/compile.ts";
import type { AnyEventKind } from "../workflow/event.ts";

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

const schemas = new WeakMap<AnyEventKind, { schema: JsonObject | null }>();

/** JSON Schema of what a caller passes; null when there is none or the validator cannot express it. */
export function jsonSchemaOf(kind: AnyEventKind): JsonObject | null {
  const known = schemas.get(kind);
  if (known) return known.schema;
  let schema: JsonObject | null = null;
  try {
    const made = kind.schema?.["~standard"].jsonSchema?.input({ target: "draft-2020-12" });
    // Through JSON: what crosses to a page must be plain.
    if (made) schema = JSON.parse(JSON.stringify(made)) as JsonObject;
  } catch {
    // The validator has no JSON Schema for it (a Date, a transform): the form falls back to raw JSON.
  }
  schemas.set(kind, { schema });
  return schema;
}
