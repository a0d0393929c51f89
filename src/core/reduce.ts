/**
 * The reducer: one tick in, the next state and the commands it asks for out. Pure: the same state and tick give
 * the same answer on every machine, at any time. The invariants B1 to B7 stand in `broker-state.ts`.
 */
import { deadlineOf, hasEnded, nextDue, type BrokerState } from "./broker-state.ts";
import type { Command } from "./command.ts";
import { reduceEndChild, reduceStartChild } from "./children.ts";
import { reduceAddEvent, reduceAdmitRun, reduceStartRun } from "./reduce-add-event.ts";
import { reduceCancelRun, reduceFailRun, reduceResumeRun, reduceTimeout } from "./reduce-lifecycle.ts";
import { reduceCollectEvents, reduceRecordEffect, reduceStepResult } from "./reduce-step-result.ts";
import { reduceIdleCheck } from "./streams.ts";
import { reduceWaiterTimeout, reduceWakeup } from "./reduce-timers.ts";
import { applyChanges } from "./apply-changes.ts";
import type { Tick, TickKind, UnstampedTick } from "./tick.ts";
import { Turn } from "./turn.ts";

export interface Reduction {
  readonly state: BrokerState;
  readonly commands: readonly Command[];
}

export function reduce(state: BrokerState, tick: Tick): Reduction {
  const turn = new Turn(state, tick);
  reducers[tick.kind](turn, tick as never);
  const due = nextDue(turn.state);
  // A run that was loaded again has no timer yet, even if what is due is what was due before.
  if (due !== nextDue(state) || tick.kind === "ResumeRun") turn.commands.push({ kind: "ScheduleWakeup", due });
  return { state: turn.state, commands: turn.commands };
}

/** A tick kind without a reducer does not compile. */
const reducers: { [Kind in TickKind]: (turn: Turn, tick: Extract<Tick, { kind: Kind }>) => void } = {
  StartRun: reduceStartRun,
  AdmitRun: reduceAdmitRun,
  AddEvent: reduceAddEvent,
  StepResult: reduceStepResult,
  CollectEvents: reduceCollectEvents,
  EditState: (turn, tick) => {
    if (hasEnded(turn.state)) turn.state.dropped += 1;
    else turn.state.store = applyChanges(turn.state.store, tick.changes);
  },
  RecordEffect: reduceRecordEffect,
  StartChild: reduceStartChild,
  EndChild: reduceEndChild,
  Wakeup: reduceWakeup,
  WaiterTimeout: reduceWaiterTimeout,
  Timeout: reduceTimeout,
  CancelRun: reduceCancelRun,
  ResumeRun: reduceResumeRun,
  IdleCheck: reduceIdleCheck,
  FailRun: reduceFailRun,
};

/** The tick that the run needs at `nextDue`; null when nothing is due. */
export function dueTick(state: BrokerState, now: number): UnstampedTick | null {
  const due = nextDue(state);
  if (due === null || due > now) return null;
  const causedBy = state.sequence;
  const timer = state.timers.first();
  const deadline = deadlineOf(state.limit);
  if (!timer || (deadline !== null && deadline < timer[0].due)) return { kind: "Timeout", causedBy };
  return timer[1].kind === "retry"
    ? { kind: "Wakeup", causedBy, due: timer[0].due }
    : { kind: "WaiterTimeout", causedBy, waiter: timer[1].waiter };
}
