/**
 * Short-lived dots along lines. Holds at most `budget` of them: when more happens at once, one dot stands for
 * several and is larger.
 */
import type { Point } from "./edge-path.ts";
import type { ParticleRoute } from "./particle-routes.ts";

export const PARTICLE_LIFE = 600;

interface Particle {
  readonly line: readonly Point[];
  readonly startsAt: number;
  readonly radius: number;
}

export interface ParticleField {
  /** Returns false when not all of it could be shown: the budget is used up. */
  add(routes: readonly ParticleRoute[], lineOf: (edge: string) => readonly Point[] | undefined, now: number): boolean;
  /** Calls `draw` for each dot that shows now; returns false when none is left. */
  forEach(now: number, draw: (x: number, y: number, radius: number, strength: number) => void): boolean;
  clear(): void;
  readonly size: number;
}

/** Dots one route may send at once; more are folded into them. */
const PER_ROUTE = 6;

export function createParticleField(budget = 320): ParticleField {
  let particles: Particle[] = [];
  return {
    add(routes, lineOf, now) {
      let isAll = true;
      for (const { edges, count } of routes) {
        const line = edges.flatMap((edge) => lineOf(edge) ?? []);
        if (line.length < 2) continue;
        const wanted = Math.min(count, PER_ROUTE);
        const dots = Math.min(wanted, budget - particles.length);
        if (dots < wanted) isAll = false;
        if (dots <= 0) return false;
        const radius = Math.min(6, 3 + Math.log2(count / dots) * 0.6);
        for (let i = 0; i < dots; i += 1) particles.push({ line, radius, startsAt: now + (i * 260) / dots });
      }
      return isAll;
    },
    forEach(now, draw) {
      particles = particles.filter(({ startsAt }) => now - startsAt < PARTICLE_LIFE);
      for (const { line, startsAt, radius } of particles) {
        const progress = (now - startsAt) / PARTICLE_LIFE;
        if (progress < 0) continue;
        const eased = progress < 0.5 ? 2 * progress * progress : 1 - (-2 * progress + 2) ** 2 / 2;
        const point = pointAt(line, eased);
        draw(point.x, point.y, radius, Math.min(1, 6 * progress, 4 * (1 - progress)));
      }
      return particles.length > 0;
    },
    clear() {
      particles = [];
    },
    get size() {
      return particles.length;
    },
  };
}

function pointAt(line: readonly Point[], progress: number): Point {
  const exact = progress * (line.length - 1);
  const index = Math.min(line.length - 2, Math.floor(exact));
  const from = line[index] ?? { x: 0, y: 0 };
  const to = line[index + 1] ?? from;
  const rest = exact - index;
  return { x: from.x + (to.x - from.x) * rest, y: from.y + (to.y - from.y) * rest };
}
