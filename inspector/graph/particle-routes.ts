/** Which edges a tick's events travelled, and how many along each. Pure. */
import type { TickSummary } from "tickwork/client";

/** A way over one or two edges, the second after the first. */
export interface ParticleRoute {
  readonly edges: readonly string[];
  count: number;
}

export function toParticleRoutes(
  ticks: readonly TickSummary[],
  hasEdge: (id: string) => boolean,
): readonly ParticleRoute[] {
  const routes = new Map<string, ParticleRoute>();
  const add = (edges: readonly string[]): void => {
    const known = edges.filter(hasEdge);
    if (known.length === 0) return;
    const key = known.join(" ");
    const route = routes.get(key);
    if (route === undefined) routes.set(key, { edges: known, count: 1 });
    else route.count += 1;
  };
  for (const tick of ticks) {
    const reached = new Set<string>();
    for (const { type, mode, to } of tick.events) {
      const event = `event:${type}`;
      const into = mode === "in" || tick.step === undefined ? `external>${event}` : `step:${tick.step}>${event}`;
      if (to.length === 0) add([into, `${event}>external`]);
      for (const step of to) {
        reached.add(step);
        add([into, `${event}>step:${step}`]);
      }
    }
    // Work that waited in a queue and starts now arrives without an event of this tick.
    if (tick.input !== undefined && tick.step !== undefined) {
      for (const { step } of tick.started) {
        if (!reached.has(step) && step === tick.step) add([`event:${tick.input}>step:${step}`]);
      }
    }
  }
  return [...routes.values()];
}
