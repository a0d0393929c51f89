/** A step's tick counts only while exactly its invocation is in progress. */
import { hasEnded, type InProgress, type StepState } from "./broker-state.ts";
import { slotAt } from "./slots.ts";
import type { InvocationId } from "./tick.ts";
import type { Turn } from "./turn.ts";

/** The invocation at work; undefined, and counted as dropped, when it is over. */
export function findInvocation(turn: Turn, id: InvocationId): { index: number; entry: InProgress } | undefined {
  const index = hasEnded(turn.state) ? undefined : turn.state.program.indexes[id.step];
  const entry = index === undefined ? undefined : slotAt((turn.state.steps[index] as StepState).slots, id.workerId);
  if (index !== undefined && entry?.workItem.id === id.workItem && entry.workItem.invocation === id.invocation) {
    return { index, entry };
  }
  turn.state.dropped += 1;
  return undefined;
}
