/** A calm curve through points: it leaves and enters along the direction of the layout, and so passes each point. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

const SAMPLES = 12;

export function toEdgePath(
  points: readonly Point[],
  direction: "across" | "down",
): { path: string; line: readonly Point[] } {
  const first = points[0];
  if (first === undefined) return { path: "", line: [] };
  const commands = [`M${round(first.x)} ${round(first.y)}`];
  const line: Point[] = [first];
  let from = first;
  for (const to of points.slice(1)) {
    const [one, two] = controls(from, to, direction);
    commands.push(`C${round(one.x)} ${round(one.y)} ${round(two.x)} ${round(two.y)} ${round(to.x)} ${round(to.y)}`);
    for (let i = 1; i <= SAMPLES; i += 1) line.push(pointOnCubic(from, one, two, to, i / SAMPLES));
    from = to;
  }
  return { path: commands.join(" "), line };
}

/** Straight pieces with round corners, through points that lie on a grid; ports are led to them on that grid. */
export function toDetourPath(
  start: Point,
  through: readonly Point[],
  end: Point,
): { path: string; line: readonly Point[] } {
  const points = [start];
  for (const [index, point] of through.entries()) {
    // The port's own column, as far as the first and last turn reach.
    if (index === 0 || (points.length === 1 && point.x !== start.x)) points.push({ x: start.x, y: point.y });
    else if (index === through.length - 1) points.push({ x: end.x, y: point.y });
    else points.push(point);
  }
  points.push(end);
  const commands = [`M${round(start.x)} ${round(start.y)}`];
  const line: Point[] = [start];
  for (let i = 1; i < points.length - 1; i += 1) {
    const before = points[i - 1] ?? start;
    const corner = points[i] ?? start;
    const after = points[i + 1] ?? end;
    const radius = Math.min(CORNER, distance(before, corner) / 2, distance(corner, after) / 2);
    const one = towards(corner, before, radius);
    const two = towards(corner, after, radius);
    commands.push(
      `L${round(one.x)} ${round(one.y)}Q${round(corner.x)} ${round(corner.y)} ${round(two.x)} ${round(two.y)}`,
    );
    addEvenly(line, one);
    line.push({ x: (one.x + two.x + 2 * corner.x) / 4, y: (one.y + two.y + 2 * corner.y) / 4 }, two);
  }
  commands.push(`L${round(end.x)} ${round(end.y)}`);
  addEvenly(line, end);
  return { path: commands.join(""), line };
}

const CORNER = 10;
const SPACING = 12;

/** Points at even distances, so that particles keep their pace. */
function addEvenly(line: Point[], to: Point): void {
  const from = line.at(-1) ?? to;
  const pieces = Math.max(1, Math.round(distance(from, to) / SPACING));
  for (let i = 1; i <= pieces; i += 1)
    line.push({ x: from.x + ((to.x - from.x) * i) / pieces, y: from.y + ((to.y - from.y) * i) / pieces });
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

function towards(from: Point, to: Point, length: number): Point {
  const all = distance(from, to);
  return all === 0
    ? from
    : { x: from.x + ((to.x - from.x) * length) / all, y: from.y + ((to.y - from.y) * length) / all };
}

function controls(from: Point, to: Point, direction: "across" | "down"): [Point, Point] {
  if (direction === "across") {
    const middle = (from.x + to.x) / 2;
    return [
      { x: middle, y: from.y },
      { x: middle, y: to.y },
    ];
  }
  const middle = (from.y + to.y) / 2;
  return [
    { x: from.x, y: middle },
    { x: to.x, y: middle },
  ];
}

function pointOnCubic(from: Point, one: Point, two: Point, to: Point, t: number): Point {
  const u = 1 - t;
  const a = u * u * u;
  const b = 3 * u * u * t;
  const c = 3 * u * t * t;
  const d = t * t * t;
  return {
    x: a * from.x + b * one.x + c * two.x + d * to.x,
    y: a * from.y + b * one.y + c * two.y + d * to.y,
  };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
