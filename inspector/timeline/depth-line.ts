/** The depth of all queues over time, as an area on the timeline's scale. Pure. */
import type { DepthPoint } from "tickwork/client";
import type { TimeScale } from "./time-scale.ts";

export interface DepthLine {
  readonly line: string;
  readonly area: string;
  readonly most: number;
}

/** Steps, for a depth holds until the next tick. `until`: to where the last one does. */
export function toDepthLine(points: readonly DepthPoint[], scale: TimeScale, height: number, until: number): DepthLine {
  const most = points.reduce((depth, { queued, busy }) => Math.max(depth, queued + busy), 0);
  const first = points[0];
  if (first === undefined) return { line: "", area: "", most };
  const y = (depth: number): number => round(height - 1 - (most === 0 ? 0 : (depth / most) * (height - 4)));
  const x = (at: number): number => round(Math.min(scale.width, Math.max(0, scale.x(at))));
  let line = `M${x(first.at)} ${y(first.queued + first.busy)}`;
  for (const { at, queued, busy } of points.slice(1)) line += `H${x(at)}V${y(queued + busy)}`;
  line += `H${x(until)}`;
  return { line, area: `${line}V${height}H${x(first.at)}Z`, most };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
