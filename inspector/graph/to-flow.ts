/** Topology and layout as React Flow's nodes and edges. Made once per topology: ticks never touch them. */
import type { Node } from "@xyflow/react";
import type { GraphNode } from "tickwork/client";
import type { EdgeRoute, Layout } from "./layout.ts";
import type { DrawnNode, Topology } from "./topology.ts";

export type StepFlowNode = Node<{ readonly node: Extract<GraphNode, { kind: "step" }> }, "step">;
export type EventFlowNode = Node<{ readonly node: Extract<GraphNode, { kind: "event" }> }, "event">;
export type ExternalFlowNode = Node<{ readonly node: Extract<GraphNode, { kind: "external" }> }, "external">;
export type ResourceFlowNode = Node<{ readonly node: Extract<GraphNode, { kind: "resource" }> }, "resource">;
export type FlowNode = StepFlowNode | EventFlowNode | ExternalFlowNode | ResourceFlowNode;

/** Drawn by ourselves, not by React Flow. */
export interface FlowEdge {
  readonly id: string;
  readonly source: string;
  readonly target: string;
  readonly route: EdgeRoute;
  readonly isUse: boolean;
  readonly hasArrow: boolean;
}

export interface Flow {
  /** Of the topology. */
  readonly hash: string;
  readonly nodes: readonly FlowNode[];
  readonly edges: readonly FlowEdge[];
  readonly layout: Layout;
}

/** A folded drawing is harder to follow: it must be this much larger to be worth it. */
const FOLD_WORTH = 1.15;

/** The layout whose drawing is largest in the given place. */
export function pickLayout(layouts: readonly Layout[], place: { width: number; height: number }): Layout | null {
  let best: Layout | null = null;
  let bestScale = 0;
  for (const layout of layouts) {
    const fit = Math.min(place.width / (layout.width + 1), place.height / (layout.height + 1), 1);
    const scale = layout.direction === "folded" ? fit / FOLD_WORTH : fit;
    if (scale > bestScale) {
      best = layout;
      bestScale = scale;
    }
  }
  return best ?? layouts[0] ?? null;
}

export function toFlow(topology: Topology, layout: Layout): Flow {
  const order = topology.nodes.toSorted((a, b) => readingOrder(layout, a.id) - readingOrder(layout, b.id));
  const nodes = order.map((drawn) => toFlowNode(drawn, layout));
  const kinds = new Map(topology.nodes.map(({ id, node }) => [id, node.kind]));
  const edges = topology.edges.flatMap(({ id, source, target, isUse }): FlowEdge[] => {
    const route = layout.routes[id];
    if (route === undefined) return [];
    // Arrowheads only where something arrives; into an event's label the line simply runs on.
    const hasArrow = !isUse && kinds.get(target) !== "event";
    return [{ id, source, target, route, isUse, hasArrow }];
  });
  return { hash: topology.hash, nodes, edges, layout };
}

function toFlowNode({ id, node, width, height }: DrawnNode, layout: Layout): FlowNode {
  const place = {
    id,
    position: layout.positions[id] ?? { x: 0, y: 0 },
    width,
    height,
    measured: { width, height },
    // We draw the edges: without handles of its own no node is measured.
    handles: [],
    draggable: false,
    connectable: false,
    deletable: false,
    focusable: false,
    domAttributes: { "aria-roledescription": undefined, "aria-describedby": undefined },
  };
  switch (node.kind) {
    case "step":
      return { ...place, type: "step", data: { node } };
    case "event":
      return { ...place, type: "event", data: { node } };
    case "external":
      return { ...place, type: "external", data: { node } };
    case "resource":
      return { ...place, type: "resource", data: { node } };
  }
}

function readingOrder(layout: Layout, id: string): number {
  const at = layout.positions[id] ?? { x: 0, y: 0 };
  return layout.direction === "across" ? at.x * 10_000 + at.y : at.y * 10_000 + at.x;
}
