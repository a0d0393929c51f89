/** The graphs of two runs as one. Pure. */
import type { WorkflowGraph } from "tickwork/client";

/** Which of two things has it. */
export type Presence = "both" | "a" | "b";

export interface MergedGraph {
  /** Nodes and edges of either, those of the first before those that only the second has. */
  readonly graph: WorkflowGraph;
  /** By the id of the node or edge. */
  readonly presence: ReadonlyMap<string, Presence>;
}

/** Nodes are the same when their ids are: what both have is told as the first has it. */
export function mergeGraphs(a: WorkflowGraph, b: WorkflowGraph): MergedGraph {
  const presence = new Map<string, Presence>();
  for (const { id } of [...a.nodes, ...a.edges]) presence.set(id, "a");
  for (const { id } of [...b.nodes, ...b.edges]) presence.set(id, presence.has(id) ? "both" : "b");
  const isNew = ({ id }: { readonly id: string }): boolean => presence.get(id) === "b";
  return {
    graph: { ...a, nodes: [...a.nodes, ...b.nodes.filter(isNew)], edges: [...a.edges, ...b.edges.filter(isNew)] },
    presence,
  };
}
