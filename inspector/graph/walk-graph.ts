/** The node the arrow keys lead to: along an edge where one goes that way, else the nearest that way. */
import type { Point } from "./edge-path.ts";

export type ArrowKey = "ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown";

interface PlacedNode {
  readonly id: string;
  readonly position: Point;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
}

export function nextNode(
  nodes: readonly PlacedNode[],
  edges: readonly { readonly source: string; readonly target: string }[],
  from: string,
  key: ArrowKey,
): string | null {
  const here = nodes.find((node) => node.id === from);
  if (here === undefined) return nodes[0]?.id ?? null;
  const neighbours = new Set<string>();
  for (const { source, target } of edges) {
    if (source === from) neighbours.add(target);
    if (target === from) neighbours.add(source);
  }
  const linked = nodes.filter((node) => neighbours.has(node.id));
  return nearest(linked, here, key) ?? nearest(nodes, here, key);
}

function nearest(nodes: readonly PlacedNode[], here: PlacedNode, key: ArrowKey): string | null {
  const origin = center(here);
  let best: string | null = null;
  let bestCost = Infinity;
  for (const node of nodes) {
    if (node.id === here.id) continue;
    const at = center(node);
    const dx = at.x - origin.x;
    const dy = at.y - origin.y;
    const [ahead, aside] =
      key === "ArrowRight" ? [dx, dy] : key === "ArrowLeft" ? [-dx, dy] : key === "ArrowDown" ? [dy, dx] : [-dy, dx];
    if (ahead <= 1 || Math.abs(aside) > ahead * 3 + 40) continue;
    const cost = ahead + Math.abs(aside) * 1.5;
    if (cost < bestCost) {
      best = node.id;
      bestCost = cost;
    }
  }
  return best;
}

function center({ position, width = 0, height = 0 }: PlacedNode): Point {
  return { x: position.x + width / 2, y: position.y + height / 2 };
}
