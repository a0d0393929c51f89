/** What the ticks of a running step do. They count only while exactly that invocation is in progress. */
import type { FailedWork, InProgress, RetryState, WorkItem } from "./broker-state.ts";
import { applyChanges } from "./apply-changes.ts";
import { reduceCollect } from "./collect.ts";
import { FAILURE_INDEX } from "./tick-events.ts";
import { handlerOf, STEP_FAILED, type FailureData } from "./failure.ts";
import { findInvocation } from "./invocation.ts";
import { own } from "./json.ts";
import { routeEvent } from "./reduce-add-event.ts";
import { openStream, settle } from "./streams.ts";
import { failRun } from "./reduce-lifecycle.ts";
import { replaceSlot } from "./slots.ts";
import type { CollectEventsTick, RecordEffectTick, StepOutcome, StepResultTick } from "./tick.ts";
import type { Turn } from "./turn.ts";
import { forgetTimeouts, forgetWorkItem, registerWaits } from "./waiters.ts";

export function reduceStepResult(turn: Turn, tick: StepResultTick): void {
  const found = findInvocation(turn, tick);
  if (!found) return;
  const { index, entry } = found;
  switch (tick.outcome.kind) {
    case "returned":
      turn.release(index, tick.workerId);
      reduceReturned(turn, index, entry.workItem, tick);
      break;
    case "failed":
      reduceFailed(turn, index, entry, tick.workerId, tick.outcome);
      break;
    case "waiting":
      turn.release(index, tick.workerId);
      reduceWaiting(turn, index, entry.workItem, tick.outcome);
      break;
  }
  turn.dispatch(index);
}

export function reduceCollectEvents(turn: Turn, tick: CollectEventsTick): void {
  const found = findInvocation(turn, tick);
  if (!found) return;
  const event = tick.event ? turn.reference(tick.event, 0) : found.entry.workItem.event;
  reduceCollect(turn, found.index, tick.workItem, event, tick);
}

export function reduceRecordEffect(turn: Turn, tick: RecordEffectTick): void {
  const found = findInvocation(turn, tick);
  if (!found) return;
  const memo = turn.memo(found.index, tick.workItem);
  turn.setMemo(tick.workItem, { ...memo, effects: { ...memo.effects, [tick.key]: tick.value } });
}

/** Sends take effect in the order of their calls, before what the step returned. */
function reduceReturned(turn: Turn, stepIndex: number, item: WorkItem, tick: StepResultTick): void {
  turn.step(stepIndex).completed += 1;
  forgetWorkItem(turn, item.id);
  if (tick.changes) turn.state.store = applyChanges(turn.state.store, tick.changes);
  const { lineage } = item;
  const opensStream = tick.list === true && (turn.state.program.steps[stepIndex]?.feeds?.length ?? 0) > 0;
  const ofElements = opensStream ? openStream(turn, stepIndex, lineage) : lineage;
  let index = 0;
  for (const output of tick.outputs) {
    if (turn.state.status !== "running") break;
    const event = turn.reference(output.event, index++);
    if (output.mode === "stream") turn.publish(event);
    else routeEvent(turn, event, output, output.mode === "element" ? ofElements : lineage);
  }
  // Also when an output failed the run: a resumed run counts on it (B8).
  if (opensStream) settle(turn, ofElements);
  if (lineage) settle(turn, lineage);
}

function reduceFailed(
  turn: Turn,
  stepIndex: number,
  entry: InProgress,
  workerId: number,
  { error, verdict }: Extract<StepOutcome, { kind: "failed" }>,
): void {
  const { workItem, startedAt } = entry;
  const step = turn.step(stepIndex);
  step.failed += 1;
  step.lastError = error.message;
  const retry: RetryState = {
    failures: (workItem.retry?.failures ?? 0) + 1,
    firstAttemptAt: workItem.retry?.firstAttemptAt ?? startedAt,
    lastError: error,
    lastFailedAt: turn.tick.at,
  };
  const failed: WorkItem = { ...workItem, causedBy: turn.tick.sequence, since: turn.tick.at, retry };
  if (!verdict.retry && catchFailure(turn, stepIndex, failed, workerId)) return;
  if (!verdict.retry) {
    // It is interrupted with all other work, and keeps its place: a resumed run tries it again.
    step.slots = replaceSlot(step.slots, workerId, { ...entry, workItem: failed });
    failRun(turn, error, failedWork(turn, stepIndex, retry));
    return;
  }
  turn.release(stepIndex, workerId);
  forgetTimeouts(turn, workItem.id);
  if (verdict.delay <= 0) {
    turn.enqueue(stepIndex, failed);
  } else {
    turn.state.pending += 1;
    step.delayed += 1;
    const key = { due: turn.tick.at + verdict.delay, id: workItem.id };
    turn.state.timers = turn.state.timers.set(key, { kind: "retry", step: stepIndex, workItem: failed });
  }
}

function failedWork(turn: Turn, step: number, { failures, firstAttemptAt, lastFailedAt }: RetryState): FailedWork {
  return {
    step: turn.state.program.steps[step]?.name ?? "",
    attempts: failures,
    elapsed: Math.max(0, lastFailedAt - firstAttemptAt),
  };
}

/** Hands a failure for good to the step's error handler. False when it has none, or none that may step in again. */
function catchFailure(turn: Turn, stepIndex: number, failed: WorkItem, workerId: number): boolean {
  const { program } = turn.state;
  const handler = handlerOf(program, stepIndex);
  const plan = handler === undefined ? undefined : program.steps[handler];
  if (handler === undefined || !plan?.catches || !failed.retry) return false;
  const { stream = null, recoveries = {} } = failed.lineage ?? {};
  const recovered = own(recoveries, plan.name) ?? 0;
  if (recovered >= plan.catches.maxRecoveries) return false;
  const { event, inputs, retry } = failed;
  const failure: FailureData = {
    ...failedWork(turn, stepIndex, retry),
    input: inputs ? inputs.map(({ type, data }) => ({ type, data })) : { type: event.type, data: event.data },
    error: retry.lastError,
    failedAt: retry.lastFailedAt,
  };
  turn.release(stepIndex, workerId);
  forgetWorkItem(turn, failed.id);
  turn.addWorkItem(
    handler,
    { tick: turn.tick.sequence, index: FAILURE_INDEX, type: STEP_FAILED, data: failure },
    { stream, recoveries: { ...recoveries, [plan.name]: recovered + 1 } },
  );
  if (failed.lineage) settle(turn, failed.lineage);
  return true;
}

function reduceWaiting(
  turn: Turn,
  stepIndex: number,
  item: WorkItem,
  { waits }: Extract<StepOutcome, { kind: "waiting" }>,
): void {
  if (registerWaits(turn, stepIndex, item.id, waits)) {
    turn.enqueueFirst(stepIndex, { ...item, causedBy: turn.tick.sequence, since: turn.tick.at });
    return;
  }
  turn.state.parked = turn.state.parked.set(item.id, { step: stepIndex, workItem: item, since: turn.tick.at });
  turn.step(stepIndex).waiting += 1;
}
