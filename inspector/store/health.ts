/**
 * How the engine is, as rows to be read: what is so, whether that is well, and what can be done about it. Everything is
 * derived from the store's state; the view decides nothing.
 */
import type { EngineControl, RunSummary } from "tickwork/client";
import { durabilityRows } from "./health-durability.ts";
import { engineRows } from "./health-engine.ts";
import { spaceHealth } from "./health-space.ts";
import { promiseRows } from "./health-promises.ts";
import type { Health, HealthAbilities, HealthBasis, HealthTone } from "./health-row.ts";
import type { InspectorState } from "./inspector-state.ts";

/**
 * When none of these changed, neither did health. Not among them are the runs, which change with every frame of a busy
 * one: all of them are looked at once per second, with the clock, and only the open one's row at once.
 */
const BASIS = [
  "now",
  "runId",
  "nextBefore",
  "connection",
  "problem",
  "engine",
  "engineSince",
  "storage",
  "storageAt",
  "storageAskedAt",
  "traffic",
] as const satisfies readonly (keyof HealthBasis)[];

export function abilitiesOf(source: EngineControl): HealthAbilities {
  return {
    canRetry: source.retryStorage !== undefined,
    canFree: source.prune !== undefined,
    canKeep: source.requestPersistence !== undefined,
  };
}

export function healthOf(basis: HealthBasis, abilities: HealthAbilities): Health {
  const engine = engineRows(basis);
  const durability = durabilityRows(basis, abilities);
  const space = spaceHealth(basis, abilities);
  return {
    tone: worstOf([...engine, ...durability, ...space.rows].map(({ tone }) => tone)),
    engine,
    durability,
    space,
    promises: promiseRows(basis),
    at: basis.storageAt,
  };
}

/**
 * Health of a state, made anew at most once per second and when something other than the runs changed. While it is
 * looked at, the ticks of the open run are those that every other view shows.
 */
export function createHealthReader(abilities: HealthAbilities): (state: InspectorState) => Health {
  let last: InspectorState | null = null;
  let health: Health | null = null;
  return (state) => {
    const before = last;
    if (health === null || before === null || BASIS.some((key) => before[key] !== state[key])) {
      health = healthOf(state, abilities);
      last = state;
    } else if (state.isHealthOpen && openRun(state) !== openRun(before)) {
      health = { ...health, durability: durabilityRows(state, abilities) };
      last = state;
    }
    return health;
  };
}

function openRun({ runs, runId }: InspectorState): RunSummary | undefined {
  return runId === null ? undefined : runs[runId];
}

function worstOf(tones: readonly HealthTone[]): HealthTone {
  return (["trouble", "look", "ok"] as const).find((tone) => tones.includes(tone)) ?? "plain";
}
