/** Where edges touch their nodes: the middle of a side, spread when several share one. */
import type { Point } from "./edge-path.ts";
import type { Box, PlacedEdge } from "./placed.ts";

const MOST_BETWEEN_PORTS = 14;

export function spreadPorts(
  boxes: { readonly [id: string]: Box },
  edges: readonly PlacedEdge[],
  direction: "across" | "down",
): ReadonlyMap<string, { readonly start: Point; readonly end: Point }> {
  const isAcross = direction === "across";
  const crossOf = (point: Point): number => (isAcross ? point.y : point.x);
  const centerOf = (box: Box): Point => ({ x: box.x + box.width / 2, y: box.y + box.height / 2 });
  const sides = new Map<string, { id: string; end: "start" | "end"; box: Box; isFar: boolean; towards: number }[]>();

  for (const edge of edges) {
    const source = boxes[edge.source];
    const target = boxes[edge.target];
    if (source === undefined || target === undefined) continue;
    // An edge that points back leaves where others arrive.
    const afterStart = edge.between[0] ?? centerOf(target);
    const beforeEnd = edge.between.at(-1) ?? centerOf(source);
    add(`${edge.source} ${edge.isBack ? "near" : "far"}`, {
      id: edge.id,
      end: "start",
      box: source,
      isFar: !edge.isBack,
      towards: crossOf(afterStart),
    });
    add(`${edge.target} ${edge.isBack ? "far" : "near"}`, {
      id: edge.id,
      end: "end",
      box: target,
      isFar: edge.isBack,
      towards: crossOf(beforeEnd),
    });
  }
  function add(
    side: string,
    port: { id: string; end: "start" | "end"; box: Box; isFar: boolean; towards: number },
  ): void {
    const known = sides.get(side);
    if (known === undefined) sides.set(side, [port]);
    else known.push(port);
  }

  const ports = new Map<string, { start: Point; end: Point }>();
  for (const side of sides.values()) {
    side.sort((a, b) => a.towards - b.towards);
    side.forEach((port, index) => {
      const { box, isFar } = port;
      const length = isAcross ? box.height : box.width;
      const gap = Math.min(MOST_BETWEEN_PORTS, (length - 16) / side.length);
      const shift = (index - (side.length - 1) / 2) * gap;
      const center = centerOf(box);
      const point = isAcross
        ? { x: isFar ? box.x + box.width : box.x, y: center.y + shift }
        : { x: center.x + shift, y: isFar ? box.y + box.height : box.y };
      const known = ports.get(port.id) ?? { start: point, end: point };
      known[port.end] = point;
      ports.set(port.id, known);
    });
  }
  return ports;
}
