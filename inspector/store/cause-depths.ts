import type { CauseChain } from "tickwork/client";

/** How many causes stand between a tick and each that came of it: 1 for what it led to itself. */
export function depthsOf({ sequence, descendants }: CauseChain): ReadonlyMap<number, number> {
  const depths = new Map([[sequence, 0]]);
  for (const { tick, cause } of descendants) {
    depths.set(tick.sequence, (cause === "external" ? 0 : (depths.get(cause) ?? 0)) + 1);
  }
  return depths;
}
