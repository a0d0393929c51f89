/**
 * Changed code: a run goes on with another definition than the one it was recorded with.
 *
 * Only work that is there decides. A step that was added, another numWorkers, another time limit, another version, a
 * step that is gone and had nothing to do: none of these can go wrong for the run. Work has no place any more when
 * - its step is gone, or no longer takes events of its type;
 * - its step joins events otherwise than when the work was put together, or has become (or is no longer) an error
 *   handler: its function would be handed something else than it expects;
 * - it was gathered for a join that is gone or has changed: inputs of a set, members of a list, events of
 *   collectEvents;
 * - the run has not begun, and nothing takes its events.
 *
 * Such work is kept in the state, under a step plan of its own that never starts anything (`StepPlan.orphanOf`). It
 * goes on collecting what only it would have got: answers to its waits, events that no step takes any more. A later
 * definition that has a place for it gets it back. A run that completes drops it with all its other work.
 */
import type { BrokerState } from "./broker-state.ts";
import type { Program } from "./program.ts";
import { ProgramChange } from "./program-change.ts";
import type { Turn } from "./turn.ts";

/** What of a run its new definition has no place for. Plain JSON. */
export interface Mismatch {
  /** The author's versions: the run's, and that of the definition at hand. */
  readonly recorded: string;
  readonly current: string;
  /** Pieces of work in all. */
  readonly work: number;
  readonly steps: readonly MissingStep[];
  /** Types of the events in that work, with how many pieces of work each has. */
  readonly events: readonly { readonly type: string; readonly work: number }[];
}

export interface MissingStep {
  readonly step: string;
  /** gone: it is not in the definition. changed: it does not take this work any more. */
  readonly why: "gone" | "changed";
  /** Work items in the queue, at work or interrupted; events that came before the run began. */
  readonly queued: number;
  /** Work items that back off before another attempt. */
  readonly delayed: number;
  /** Work items that wait for events. */
  readonly waiting: number;
  /** Unfinished sets and lists. */
  readonly gathering: number;
}

/** Goes on with another definition: work in progress is interrupted, and what has no place is set aside. */
export function adoptProgram(turn: Turn, program: Program): void {
  const change = new ProgramChange(turn.state, program);
  turn.replaceSteps(change.steps);
  Object.assign(turn.state, change.rest());
}

/** What would be set aside if the run went on with this definition; null: nothing that is not set aside already. */
export function findMismatch(state: BrokerState, program: Program): Mismatch | null {
  const { missing, events } = new ProgramChange(state, program);
  const steps = Array.from(missing, ([index, counts]): MissingStep => {
    const step = state.program.steps[index]?.name ?? "";
    return { step, why: Object.hasOwn(program.indexes, step) ? "changed" : "gone", ...counts };
  });
  if (steps.length === 0) return null;
  return {
    recorded: state.program.version,
    current: program.version,
    work: steps.reduce(
      (sum, { queued, delayed, waiting, gathering }) => sum + queued + delayed + waiting + gathering,
      0,
    ),
    steps,
    events: Array.from(events, ([type, work]) => ({ type, work })),
  };
}

/** Work items that are set aside: they wait for a definition that has a place for them. */
export function countSetAside({ program, steps }: BrokerState): number {
  let count = 0;
  for (const plan of program.steps) {
    const step = plan.orphanOf === undefined ? undefined : steps[plan.index];
    if (step) count += step.queue.length + step.delayed + step.waiting;
  }
  return count;
}
