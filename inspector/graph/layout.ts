/** Places nodes and draws edges with dagre. Pure and slow for large graphs: `layout.worker.ts` runs it off the page. */
import * as dagre from "@dagrejs/dagre";
import { findBackEdges } from "./break-cycles.ts";
import type { Point } from "./edge-path.ts";
import { toDetourPath, toEdgePath } from "./edge-path.ts";
import { foldColumns, worthwhileColumns } from "./fold-columns.ts";
import type { Box, Placed, PlacedEdge } from "./placed.ts";
import { spreadPorts } from "./ports.ts";

/** "across": left to right. "down": top to bottom. "folded": top to bottom in columns, like text. */
export type Direction = "across" | "down" | "folded";

export interface LayoutRequest {
  readonly nodes: readonly {
    readonly id: string;
    readonly width: number;
    readonly height: number;
    readonly isLabel: boolean;
  }[];
  readonly edges: readonly { readonly id: string; readonly source: string; readonly target: string }[];
}

export interface EdgeRoute {
  /** SVG path. */
  readonly path: string;
  /** Points along the path, for particles. */
  readonly line: readonly Point[];
  readonly isBack: boolean;
}

export interface Layout {
  readonly direction: Direction;
  readonly width: number;
  readonly height: number;
  /** Top left corners. */
  readonly positions: { readonly [id: string]: Point };
  readonly routes: { readonly [edgeId: string]: EdgeRoute };
}

/** All ways worth considering to lay the graph out; the caller takes the one that fits its place. */
export function layoutGraph(request: LayoutRequest): readonly Layout[] {
  const across = place(request, "across");
  const down = place(request, "down");
  const drawnDown = draw(down, "down");
  const folded = worthwhileColumns(drawnDown).flatMap((columns) => foldColumns(down, columns) ?? []);
  return [draw(across, "across"), drawnDown, ...folded.map((placed) => draw(placed, "folded"))];
}

function place({ nodes, edges }: LayoutRequest, direction: "across" | "down"): Placed {
  const isAcross = direction === "across";
  const graph = new dagre.Graph({ multigraph: true });
  graph.setGraph({
    rankdir: isAcross ? "LR" : "TB",
    nodesep: isAcross ? 28 : 36,
    ranksep: isAcross ? 24 : 16,
    edgesep: 20,
    marginx: 0,
    marginy: 0,
  });
  graph.setDefaultEdgeLabel(() => ({}));
  const back = findBackEdges(nodes, edges);
  for (const { id, width, height } of nodes) graph.setNode(id, { width, height });
  for (const { id, source, target } of edges) {
    const isBack = back.has(id);
    graph.setEdge(isBack ? target : source, isBack ? source : target, { weight: isBack ? 1 : 2 }, id);
  }
  dagre.layout(graph);

  const boxes: Record<string, Box> = {};
  for (const { id, width, height } of nodes) {
    const center = graph.node(id) as Point;
    boxes[id] = { x: Math.round(center.x - width / 2), y: Math.round(center.y - height / 2), width, height };
  }
  const placed = edges.map(({ id, source, target }): PlacedEdge => {
    const isBack = back.has(id);
    const label = graph.edge({ v: isBack ? target : source, w: isBack ? source : target, name: id }) as {
      points?: Point[];
    };
    // dagre bends edges between ranks too, to make room for labels; ours have none and are calmer without.
    const between = (label.points ?? []).slice(1, -1).filter((_, index) => index % 2 === 1);
    return { id, source, target, isBack, between: isBack ? between.toReversed() : between };
  });
  return { boxes, edges: placed };
}

function draw({ boxes, edges }: Placed, direction: Direction): Layout {
  const flow = direction === "across" ? "across" : "down";
  const ports = spreadPorts(boxes, edges, flow);
  const positions: Record<string, Point> = {};
  let width = 0;
  let height = 0;
  for (const [id, box] of Object.entries(boxes)) {
    positions[id] = { x: box.x, y: box.y };
    width = Math.max(width, box.x + box.width);
    height = Math.max(height, box.y + box.height);
  }
  const routes: Record<string, EdgeRoute> = {};
  for (const { id, isBack, between, detour } of edges) {
    const port = ports.get(id);
    if (port === undefined) continue;
    const drawn =
      detour === undefined
        ? toEdgePath([port.start, ...between, port.end], flow)
        : toDetourPath(port.start, detour, port.end);
    routes[id] = { ...drawn, isBack };
  }
  return { direction, width, height, positions, routes };
}
