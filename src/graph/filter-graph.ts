import type { GraphEdge, GraphNode, WorkflowGraph } from "./workflow-graph.ts";

/**
 * The graph with only the nodes to keep. Where others led from one kept node to another, a direct edge does, once, with
 * the name of the first node that is gone as its label; edges that were direct before keep theirs. Steps alone, joined
 * by the events between them:
 *
 *     filterGraph(buildGraph(workflow), ({ kind }) => kind === "step")
 */
export function filterGraph(graph: WorkflowGraph, keep: (node: GraphNode) => boolean): WorkflowGraph {
  const nodes = graph.nodes.filter(keep);
  const kept = new Set(nodes.map(({ id }) => id));
  const removed = new Map(graph.nodes.flatMap((node) => (kept.has(node.id) ? [] : [[node.id, node.name]])));
  const outgoing = new Map<string, string[]>();
  for (const { source, target } of graph.edges) {
    const targets = outgoing.get(source);
    if (targets) targets.push(target);
    else outgoing.set(source, [target]);
  }
  const edges = new Map<string, GraphEdge>();
  for (const edge of graph.edges) if (kept.has(edge.source) && kept.has(edge.target)) edges.set(edge.id, edge);
  for (const { source, target } of graph.edges) {
    const label = removed.get(target);
    if (!kept.has(source) || label === undefined) continue;
    for (const end of keptBehind(target, outgoing, kept)) {
      const id = `${source}>${end}`;
      if (!edges.has(id)) edges.set(id, { id, source, target: end, label });
    }
  }
  return { ...graph, nodes, edges: [...edges.values()] };
}

/** The kept nodes that come first on every way from a removed one. */
function keptBehind(
  from: string,
  outgoing: ReadonlyMap<string, readonly string[]>,
  kept: ReadonlySet<string>,
): Set<string> {
  const found = new Set<string>();
  const seen = new Set([from]);
  const waiting = [from];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    for (const next of outgoing.get(id) ?? []) {
      if (kept.has(next)) found.add(next);
      else if (!seen.has(next)) {
        seen.add(next);
        waiting.push(next);
      }
    }
  }
  return found;
}
