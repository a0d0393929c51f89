/** Delayed work lives in state with its due time; these ticks only say that the time has come. */
import type { WaiterTimeoutTick, WakeupTick } from "./tick.ts";
import type { Turn } from "./turn.ts";
import { answerWaiter } from "./waiters.ts";

/** Acts on the recorded due time, never on the clock: a wakeup that is early or doubled does nothing. */
export function reduceWakeup(turn: Turn, tick: WakeupTick): void {
  if (turn.state.status !== "running") return;
  for (const [key, timer] of turn.state.timers.entries()) {
    if (key.due > tick.due) return;
    if (timer.kind !== "retry") continue;
    turn.state.timers = turn.state.timers.delete(key);
    turn.step(timer.step).delayed -= 1;
    // `enqueue` counts it again.
    turn.countPending(timer.step, -1);
    turn.enqueue(timer.step, { ...timer.workItem, causedBy: tick.sequence, since: tick.at });
  }
}

export function reduceWaiterTimeout(turn: Turn, tick: WaiterTimeoutTick): void {
  if (turn.state.status !== "running") return;
  const waiter = turn.state.waiters.byInstance.get(tick.waiter);
  if (waiter) answerWaiter(turn, waiter, null);
}
