/**
 * The workflow's graph as it is drawn. Steps, events and resources are nodes; events are the labels of the
 * arrows between steps. Who starts a run and who reads its result is told by the look of the start and stop
 * events, so the outside world is drawn only where it takes part in the middle.
 */
import type { GraphNode, WorkflowGraph } from "tickwork/client";

export interface DrawnNode {
  readonly id: string;
  readonly node: GraphNode;
  readonly width: number;
  readonly height: number;
}

export interface DrawnEdge {
  readonly id: string;
  readonly source: string;
  readonly target: string;
  /** A step's use of a resource: no event travels along it. */
  readonly isUse: boolean;
}

export interface Topology {
  readonly nodes: readonly DrawnNode[];
  readonly edges: readonly DrawnEdge[];
  /** Equal for graphs that are drawn alike; key of the layout cache. */
  readonly hash: string;
}

const STEP_HEIGHT = 106;
const STEP_WIDTH = 204;
const PILL_HEIGHT = 26;

export function toTopology(graph: WorkflowGraph): Topology {
  const ends = new Set<string>();
  for (const node of graph.nodes) {
    if (node.kind === "event" && (node.role === "start" || node.role === "stop")) ends.add(node.id);
  }
  const edges = graph.edges
    .filter(
      ({ source, target }) =>
        !(source === "external" && ends.has(target)) && !(target === "external" && ends.has(source)),
    )
    .map(({ id, source, target }) => ({
      id,
      source,
      target,
      isUse: source.startsWith("resource:") || target.startsWith("resource:"),
    }));
  const hasExternal = edges.some(({ source, target }) => source === "external" || target === "external");
  const nodes = graph.nodes
    .filter((node) => node.kind !== "external" || hasExternal)
    .map((node) => ({ id: node.id, node, ...sizeOf(node) }));
  return { nodes, edges, hash: hashTopology(nodes, edges) };
}

function sizeOf(node: GraphNode): { width: number; height: number } {
  switch (node.kind) {
    case "step":
      return {
        width: Math.min(288, Math.max(STEP_WIDTH, Math.ceil(node.name.length * 7.4) + 100)),
        height: STEP_HEIGHT,
      };
    case "event":
      return { width: pillWidth(node.name, node.role === "event" ? 28 : 46), height: PILL_HEIGHT };
    case "external":
      return { width: 104, height: 40 };
    case "resource":
      return { width: pillWidth(node.name, 46), height: PILL_HEIGHT };
  }
}

function pillWidth(name: string, padding: number): number {
  return Math.min(220, Math.ceil(name.length * 7.6) + padding);
}

function hashTopology(nodes: readonly DrawnNode[], edges: readonly DrawnEdge[]): string {
  const parts = [
    ...nodes.map(({ id, width }) => `${id} ${width}`),
    "|",
    ...edges.map(({ source, target }) => `${source}>${target}`),
  ];
  let hash = 0xcbf29ce484222325n;
  for (const char of parts.join("\n")) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(char.codePointAt(0) ?? 0)) * 0x100000001b3n);
  }
  return hash.toString(36);
}
