/** Round moments along a time axis. Pure. */
import type { TimeScale } from "./time-scale.ts";

const MILLISECOND = 1;
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500].map((count) => count * MILLISECOND),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
  ...[1, 3, 6, 12].map((count) => count * HOUR),
  ...[1, 2, 7, 14, 28, 91, 182, 364].map((count) => count * DAY),
];

export interface AxisTick {
  readonly at: number;
  readonly x: number;
}

export interface Axis {
  /** Milliseconds between two. */
  readonly step: number;
  readonly ticks: readonly AxisTick[];
}

/** At least `apart` pixels between two, and from the edges of folds. Hours and days are those of the reader's zone. */
export function axisTicks(scale: TimeScale, apart: number, offsetAt: (at: number) => number = zoneOffset): Axis {
  const step = STEPS.find((each) => each / scale.rate >= apart) ?? 364 * DAY;
  const ticks: AxisTick[] = [];
  const offset = step >= HOUR ? offsetAt(scale.from) : 0;
  let at = Math.ceil((scale.from + offset) / step) * step - offset;
  while (at <= scale.to) {
    const time = at;
    const fold = scale.folds.find((each) => time > each.from && time < each.to);
    if (fold) {
      at = Math.ceil((fold.to + offset) / step) * step - offset;
      continue;
    }
    const x = scale.x(at);
    const nextFold = scale.folds.find((each) => each.x >= x);
    const isFree = (ticks.length === 0 || x - (ticks.at(-1)?.x ?? 0) >= apart) && !(nextFold && nextFold.x - x < apart);
    if (isFree) ticks.push({ at, x });
    at += step;
  }
  return { step, ticks };
}

/** Milliseconds that the reader's zone is ahead of UTC. */
function zoneOffset(at: number): number {
  return -new Date(at).getTimezoneOffset() * MINUTE;
}
