/** Questions to a run's history: pure functions of its ticks, for assertions in tests. */
import { initialState } from "../core/broker-state.ts";
import type { WorkflowEvent } from "../core/event-ref.ts";
import { reduce } from "../core/reduce.ts";
import type { StepOutcome, Tick } from "../core/tick.ts";
import { compile } from "../workflow/compile.ts";
import type { Workflow } from "../workflow/workflow.ts";

/** What became of one piece of work in a step. */
export interface Attempts {
  readonly step: string;
  readonly workItem: number;
  /** How each invocation that reported ended, in order; one cut off by a crash reported nothing. */
  readonly outcomes: readonly StepOutcome["kind"][];
}

/**
 * The steps that returned, by name, in the order in which their results came. Failed attempts and suspensions are
 * not among them: see `attemptsOf`.
 */
export function stepsRun(ticks: readonly Tick[]): string[] {
  return ticks.flatMap((tick) => (tick.kind === "StepResult" && tick.outcome.kind === "returned" ? [tick.step] : []));
}

/** Every piece of work of a step, or of all steps, with how its invocations ended; in order of first results. */
export function attemptsOf(ticks: readonly Tick[], step?: string): Attempts[] {
  const found = new Map<number, { step: string; workItem: number; outcomes: StepOutcome["kind"][] }>();
  for (const tick of ticks) {
    if (tick.kind !== "StepResult" || (step !== undefined && tick.step !== step)) continue;
    const { workItem } = tick;
    const attempts = found.get(workItem) ?? { step: tick.step, workItem, outcomes: [] };
    attempts.outcomes.push(tick.outcome.kind);
    found.set(workItem, attempts);
  }
  return [...found.values()];
}

/**
 * The events that the run published, in order: what `streamEvents` gave. Folds the ticks with the workflow's
 * definition, since a definition's roles say what is published. Ticks from 1 on, without a gap.
 */
export function eventsPublished(ticks: readonly Tick[], workflow: Workflow): WorkflowEvent[] {
  const published: WorkflowEvent[] = [];
  let state = initialState(compile(workflow).program);
  for (const tick of ticks) {
    const reduction = reduce(state, tick);
    state = reduction.state;
    for (const command of reduction.commands) {
      if (command.kind === "PublishEvent") published.push({ type: command.event.type, data: command.event.data });
    }
  }
  return published;
}

/** Work that was done again after it had been done, a sentence each. Empty is as it should be. */
export function repeatedWork(ticks: readonly Tick[]): string[] {
  const repeated: string[] = [];
  const doneAt = new Map<number, number>();
  for (const tick of ticks) {
    if (tick.kind !== "StepResult") continue;
    const done = doneAt.get(tick.workItem);
    if (done !== undefined) {
      repeated.push(
        `Step ${tick.step} worked on item ${tick.workItem} again (tick ${tick.sequence}), although it was done with it at tick ${done}.`,
      );
    }
    if (tick.outcome.kind === "returned" && done === undefined) doneAt.set(tick.workItem, tick.sequence);
  }
  return repeated;
}

/** Throws an Error that names the work, if a step was run again for work that it had finished. */
export function expectNoRepeatedWork(ticks: readonly Tick[]): void {
  const repeated = repeatedWork(ticks);
  if (repeated.length > 0) throw new Error(repeated.join("\n"));
}
