/** Where the camera looks, and how a new layout leaves one node where it was on the screen. Pure. */
import type { Point } from "./edge-path.ts";

export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

interface Boxed {
  readonly id: string;
  readonly position: Point;
  readonly width?: number | undefined;
  readonly height?: number | undefined;
}

/** Room for the tools above, and for the legend and the attribution below. */
const PADDING = { top: 52, bottom: 52, left: 24, right: 24 };
const CLOSEST_FIT = 1.1;
/** However large the graph, one can look at all of it. */
const FARTHEST = 0.15;

/** The whole drawing, in the middle of the place that the tools leave. */
export function fitCamera(drawing: Size, place: Size): Camera {
  const width = Math.max(1, place.width - PADDING.left - PADDING.right);
  const height = Math.max(1, place.height - PADDING.top - PADDING.bottom);
  const zoom = Math.min(CLOSEST_FIT, width / Math.max(1, drawing.width), height / Math.max(1, drawing.height));
  return {
    x: PADDING.left + (width - drawing.width * zoom) / 2,
    y: PADDING.top + (height - drawing.height * zoom) / 2,
    zoom,
  };
}

/** How far away one can go: as far as the whole drawing needs in the smallest place. */
export function farthestZoom(drawing: Size): number {
  return Math.min(FARTHEST, fitCamera(drawing, { width: 320, height: 240 }).zoom);
}

/** Nearer or farther, within limits; what is in the middle stays there. */
export function zoomCamera(
  { x, y, zoom }: Camera,
  factor: number,
  { minZoom, maxZoom, width, height }: Size & { readonly minZoom: number; readonly maxZoom: number },
): Camera {
  const next = Math.min(maxZoom, Math.max(minZoom, zoom * factor));
  const by = next / zoom;
  return { x: width / 2 - (width / 2 - x) * by, y: height / 2 - (height / 2 - y) * by, zoom: next };
}

/** The camera with a node in the middle; near enough to read it. */
export function centerOn(node: Boxed, place: Size, zoom: number): Camera {
  const { width = 0, height = 0, position } = node;
  return {
    x: place.width / 2 - (position.x + width / 2) * zoom,
    y: place.height / 2 - (position.y + height / 2) * zoom,
    zoom,
  };
}

/** The camera with which the node is, after the change, on the very pixel where it was before. */
export function keepInPlace(camera: Camera, before: Point, after: Point): Camera {
  const { x, y, zoom } = camera;
  return { x: x + (before.x - after.x) * zoom, y: y + (before.y - after.y) * zoom, zoom };
}

/** The node that stays in place: the preferred one if it is in view and in both layouts, else the one nearest to the middle. */
export function chooseAnchor(
  before: readonly Boxed[],
  after: readonly Boxed[],
  preferred: readonly (string | null)[],
  camera: Camera,
  size: Size,
): string | null {
  const stays = new Set(after.map(({ id }) => id));
  const candidates = before.filter(({ id }) => stays.has(id));
  for (const id of preferred) {
    const node = candidates.find((candidate) => candidate.id === id);
    if (node !== undefined && isInView(node, camera, size)) return node.id;
  }
  let best: string | null = null;
  let bestDistance = Infinity;
  for (const node of candidates) {
    const at = onScreen(node, camera);
    const distance = Math.hypot(at.x + at.width / 2 - size.width / 2, at.y + at.height / 2 - size.height / 2);
    if (distance >= bestDistance) continue;
    best = node.id;
    bestDistance = distance;
  }
  return best;
}

export function isInView(node: Boxed, camera: Camera, size: Size): boolean {
  const { x, y, width, height } = onScreen(node, camera);
  return x >= 0 && y >= 0 && x + width <= size.width && y + height <= size.height;
}

function onScreen({ position, width = 0, height = 0 }: Boxed, { x, y, zoom }: Camera) {
  return { x: position.x * zoom + x, y: position.y * zoom + y, width: width * zoom, height: height * zoom };
}
