/** Every way a run begins anew or ends. Each end publishes exactly one last event and asks for one command. */
import {
  emptyStep,
  hasEnded,
  nothingUnderWay,
  type BrokerState,
  type FailedWork,
  type RunOutcome,
} from "./broker-state.ts";
import { cancelAllChildren } from "./children.ts";
import { adoptProgram } from "./adopt-program.ts";
import type { EventRef } from "./event-ref.ts";
import { migrateState } from "./migrate-state.ts";
import type { SerializedError } from "./serialized-error.ts";
import { terminalEvent } from "./terminal-event.ts";
import { TERMINAL_INDEX } from "./tick-events.ts";
import type { CancelRunTick, FailRunTick, ResumeRunTick, TimeoutTick } from "./tick.ts";
import type { Turn } from "./turn.ts";

/** The stop event came: nothing of the run's work is left (B5). */
export function completeRun(turn: Turn, event: EventRef): void {
  cancelAllChildren(turn);
  for (const index of turn.state.steps.keys()) {
    const step = turn.step(index);
    const { completed, failed } = step;
    Object.assign(step, emptyStep, { completed, failed });
  }
  Object.assign(turn.state, nothingUnderWay);
  turn.end({ kind: "completed", event });
  turn.publish(event);
  turn.commands.push({ kind: "CompleteRun", event });
}

export function failRun(turn: Turn, error: SerializedError, work?: FailedWork): void {
  endEarly(turn, { kind: "failed", error, ...work });
  turn.commands.push({ kind: "FailRun", error, ...(work && { step: work.step }) });
}

export function reduceFailRun(turn: Turn, tick: FailRunTick): void {
  if (!hasEnded(turn.state)) failRun(turn, tick.error);
}

export function reduceCancelRun(turn: Turn, { reason }: CancelRunTick): void {
  if (hasEnded(turn.state)) return;
  const activeSteps = activeStepsOf(turn.state);
  endEarly(turn, { kind: "cancelled", ...(reason !== undefined && { reason }) });
  turn.commands.push({ kind: "HaltRun", status: "cancelled", ...(reason !== undefined && { reason }), activeSteps });
}

export function reduceTimeout(turn: Turn, _tick: TimeoutTick): void {
  if (turn.state.status !== "running") return;
  const activeSteps = activeStepsOf(turn.state);
  endEarly(turn, { kind: "timedOut", activeSteps });
  turn.commands.push({ kind: "HaltRun", status: "timedOut", activeSteps });
}

function endEarly(turn: Turn, outcome: Exclude<RunOutcome, { kind: "completed" }>): void {
  cancelAllChildren(turn);
  turn.end(outcome);
  turn.publish(turn.reference(terminalEvent(outcome, turn.state.limit.timeout), TERMINAL_INDEX));
}

/**
 * Loads the run again, maybe with another definition. Interrupted work goes first, and the time limit goes on where it
 * stopped.
 */
export function reduceResumeRun(turn: Turn, tick: ResumeRunTick): void {
  const { state } = turn;
  if (state.status === "new" || state.status === "completed") return;
  if (tick.program && tick.migration) Object.assign(state, migrateState(state, tick.migration, tick.sequence));
  if (tick.program) adoptProgram(turn, tick.program);
  if (state.status === "queued") return;
  const { timeout, used, loadedAt } = state.limit;
  const loadedUntil = Math.max(turn.previousAt, tick.loadedUntil ?? 0);
  state.limit =
    tick.timeout === undefined
      ? { timeout, used: used + Math.max(0, loadedUntil - loadedAt), loadedAt: tick.at }
      : { timeout: tick.timeout, used: 0, loadedAt: tick.at };
  turn.interruptWork();
  state.status = tick.queued ? "queued" : "running";
  delete state.outcome;
  turn.dispatchAll();
}

/** Steps at work; when there are none, those that back off or wait. */
function activeStepsOf(state: BrokerState): string[] {
  const named = (isActive: (step: BrokerState["steps"][number]) => boolean): string[] =>
    state.program.steps.filter((_, index) => isActive(state.steps[index] ?? emptyStep)).map(({ name }) => name);
  const busy = named(({ slots }) => slots.busy > 0);
  return busy.length > 0 ? busy : named(({ delayed, waiting }) => delayed + waiting > 0);
}
