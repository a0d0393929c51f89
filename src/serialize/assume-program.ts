/** Runs that were saved before their definition was saved with them. */
import { own } from "../core/json.ts";
import type { Program, StepPlan } from "../core/program.ts";
import type { SerializedContext } from "./serialized-context.ts";

/** The definition at hand, and plans for what the run names and it does not have. */
export function assumeProgram(atHand: Program, saved: SerializedContext): Program {
  const { steps, delayed, parked, memos, buffers, joins, streams } = saved;
  const withWork = Object.entries(steps).filter(([, { queue, inProgress }]) => queue.length + inProgress.length > 0);
  const named = [
    ...withWork.map(([name]) => name),
    ...[...delayed, ...parked, ...memos, ...buffers, ...joins].map(({ step }) => step),
    ...streams.flatMap(({ producer, members }) => [producer, ...members.map(({ step }) => step)]),
  ];
  const plans: StepPlan[] = [...atHand.steps];
  const indexes: Record<string, number> = Object.assign(Object.create(null), atHand.indexes);
  for (const name of named) {
    if (Object.hasOwn(indexes, name)) continue;
    indexes[name] = plans.length;
    const numWorkers = Math.max(1, own(steps, name)?.inProgress.length ?? 1);
    plans.push({ name, index: plans.length, accepts: [], emits: [], numWorkers });
  }
  return { ...atHand, version: saved.workflowVersion, steps: plans, indexes, assumed: true };
}
