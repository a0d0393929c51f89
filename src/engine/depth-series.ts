/** Queue depth over a run, in bounded memory: when it is full, every other point goes and the stride doubles. */
import type { BrokerState } from "../core/broker-state.ts";
import type { DepthPoint } from "../inspection/timeline.ts";

const LIMIT = 4096;

export class DepthSeries {
  #points: DepthPoint[] = [];
  #stride = 1;
  #last: DepthPoint | null = null;

  add(state: BrokerState): void {
    if (this.#last && state.sequence <= this.#last.sequence) return;
    let queued = 0;
    let busy = 0;
    let failed = 0;
    for (const step of state.steps) {
      queued += step.queue.length;
      busy += step.slots.busy;
      failed += step.failed;
    }
    const point: DepthPoint = { sequence: state.sequence, at: state.at, queued, busy, failed };
    this.#last = point;
    if (state.sequence % this.#stride !== 0) return;
    this.#points.push(point);
    if (this.#points.length < LIMIT) return;
    this.#stride *= 2;
    this.#points = this.#points.filter(({ sequence }) => sequence % this.#stride === 0);
  }

  /** The deepest of each stretch, so that no peak is lost; the newest is always there. */
  sample(count: number): DepthPoint[] {
    const width = Math.max(1, Math.ceil(this.#points.length / Math.max(1, count)));
    const sampled: DepthPoint[] = [];
    for (let start = 0; start < this.#points.length; start += width) {
      const stretch = this.#points.slice(start, start + width);
      sampled.push(stretch.reduce((deepest, point) => (point.queued > deepest.queued ? point : deepest)));
    }
    if (this.#last && sampled.at(-1)?.sequence !== this.#last.sequence) sampled.push(this.#last);
    return sampled;
  }

  /** The deepest of each of so many equal parts of a range of time, and the last point before it. */
  between(from: number, to: number, parts: number): DepthPoint[] {
    const points = this.#last && this.#points.at(-1) !== this.#last ? [...this.#points, this.#last] : this.#points;
    const width = Math.max(1, (to - from) / Math.max(1, parts));
    const found: DepthPoint[] = [];
    let part = -1;
    for (const point of points) {
      if (point.at > to) break;
      const own = point.at < from ? -1 : Math.floor((point.at - from) / width);
      const last = found.at(-1);
      if (own > part || last === undefined) found.push(point);
      else if (own < 0 || depthOf(point) >= depthOf(last)) found[found.length - 1] = point;
      part = own;
    }
    return found;
  }
}

function depthOf({ queued, busy }: DepthPoint): number {
  return queued + busy;
}
