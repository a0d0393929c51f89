/** How many workers a pool has unless it is said. */
import { availableParallelism } from "./node.ts";

/** One core is left to the engine. */
export function defaultPoolSize(): number {
  // Before version 21 Node has no navigator.
  const { navigator } = globalThis as { readonly navigator?: { readonly hardwareConcurrency?: number } };
  const cores = navigator?.hardwareConcurrency ?? availableParallelism() ?? 2;
  return Math.max(1, cores - 1);
}
