/** The depth of all queues over the run as an area under a line. Pure. */
import type { DepthPoint, GraphStatus } from "tickwork/client";

export interface DepthCurve {
  readonly line: string;
  readonly area: string;
  readonly most: number;
  /** Places, from 0 to 1, where something failed. */
  readonly failures: readonly number[];
}

/** In a box of 1000 by 100, across sequences. `newest` continues the curve where the last point is older. */
export function toDepthCurve(
  known: readonly DepthPoint[],
  lastSequence: number,
  newest: Pick<GraphStatus, "sequence" | "at" | "queued" | "busy"> | null,
): DepthCurve {
  const last = known.at(-1);
  const points =
    newest !== null && last !== undefined && newest.sequence > last.sequence
      ? [...known, { ...newest, failed: last.failed }]
      : known;
  if (points.length === 0 || lastSequence < 1) return { line: "", area: "", most: 0, failures: [] };
  const most = points.reduce((depth, point) => Math.max(depth, point.queued + point.busy), 0);
  const x = (sequence: number): number => (lastSequence <= 1 ? 1_000 : ((sequence - 1) / (lastSequence - 1)) * 1_000);
  const y = (depth: number): number => 98 - (most === 0 ? 0 : (depth / most) * 92);
  const corners = points.map((point) => `${round(x(point.sequence))} ${round(y(point.queued + point.busy))}`);
  const line = `M${corners.join("L")}`;
  const first = points[0];
  const end = points.at(-1);
  const area =
    first === undefined || end === undefined
      ? ""
      : `${line}L${round(x(end.sequence))} 100L${round(x(first.sequence))} 100Z`;
  const failures: number[] = [];
  for (let i = 1; i < points.length; i += 1) {
    const point = points[i];
    const before = points[i - 1];
    if (point !== undefined && before !== undefined && point.failed > before.failed)
      failures.push(x(point.sequence) / 1_000);
  }
  return { line, area, most, failures };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
