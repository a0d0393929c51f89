/** What the graph shows of a broker state: every number from one state, so none can disagree. */
import { hasEnded, isIdle, type BrokerState, type StepState } from "../core/broker-state.ts";
import { collectProgress } from "../core/collect.ts";
import { joinProgress } from "../core/joins.ts";
import type { RunStatus } from "../core/run-status.ts";
import { busySlots } from "../core/slots.ts";

/** What a step's node shows. */
export interface StepStatus {
  readonly step: string;
  /** numWorkers. */
  readonly slots: number;
  /** Worker slots that run something now. */
  readonly busy: number;
  /** Of these, so many have not begun: they are held by somebody who debugs the run. In the newest state only. */
  readonly held?: number;
  /** Which slots are busy, lowest first; at most 64 listed. */
  readonly busySlots: readonly number[];
  /** Work items in the queue that could start if a slot were free. */
  readonly queued: number;
  /** Work items that back off before their next attempt. */
  readonly delayed: number;
  /** When the first of them is due. */
  readonly nextRetryAt?: number;
  /** Suspended in waitForEvent. */
  readonly waiting: number;
  /** Since when the longest waits. */
  readonly waitingSince?: number;
  /** collectEvents and joins: the fullest unfinished set. */
  readonly collected?: { readonly have: number; readonly want: number };
  /** Work items done. */
  readonly completed: number;
  /** Failed attempts. */
  readonly failed: number;
  readonly lastError?: string;
}

/** State of the whole graph at one tick. */
export interface GraphStatus {
  readonly sequence: number;
  readonly at: number;
  readonly status: RunStatus;
  readonly steps: { readonly [step: string]: StepStatus };
  /** Sum of `queued` over all steps. */
  readonly queued: number;
  readonly busy: number;
  readonly published: number;
  /** Results dropped because their invocation was no longer in progress. */
  readonly dropped: number;
}

const SLOTS_LISTED = 64;
/** Timers looked at for "next retry due"; the earliest come first, so a few are enough. */
const TIMERS_LOOKED_AT = 1000;

export function graphStatus(state: BrokerState): GraphStatus {
  const retryAt = nextRetries(state);
  const waitingSince = longestWaits(state);
  const progress = fullestSets(state);
  const steps: { [step: string]: StepStatus } = {};
  let queued = 0;
  let busy = 0;
  for (const plan of state.program.steps) {
    const step = state.steps[plan.index] as StepState;
    queued += step.queue.length;
    busy += step.slots.busy;
    const nextRetryAt = retryAt.get(plan.index);
    const since = waitingSince.get(plan.index);
    const collected = progress.get(plan.index);
    steps[plan.name] = {
      step: plan.name,
      slots: plan.numWorkers,
      busy: step.slots.busy,
      busySlots: listed(step),
      queued: step.queue.length,
      delayed: step.delayed,
      ...(nextRetryAt !== undefined && { nextRetryAt }),
      waiting: step.waiting,
      ...(since !== undefined && { waitingSince: since }),
      ...(collected && { collected }),
      completed: step.completed,
      failed: step.failed,
      ...(step.lastError !== undefined && { lastError: step.lastError }),
    };
  }
  return {
    sequence: state.sequence,
    at: state.at,
    status: runStatus(state),
    steps,
    queued,
    busy,
    published: state.published,
    dropped: state.dropped,
  };
}

export function runStatus(state: BrokerState): RunStatus {
  if (state.status === "new") return "queued";
  return isIdle(state) ? "idle" : state.status;
}

function listed(step: StepState): number[] {
  const ids: number[] = [];
  if (step.slots.busy === 0) return ids;
  for (const [workerId] of busySlots(step.slots)) {
    if (ids.length === SLOTS_LISTED) break;
    ids.push(workerId);
  }
  return ids;
}

function nextRetries(state: BrokerState): Map<number, number> {
  const due = new Map<number, number>();
  if (hasEnded(state)) return due;
  let looked = 0;
  for (const [key, timer] of state.timers.entries()) {
    if (looked++ === TIMERS_LOOKED_AT) break;
    if (timer.kind === "retry" && !due.has(timer.step)) due.set(timer.step, key.due);
  }
  return due;
}

function longestWaits(state: BrokerState): Map<number, number> {
  const since = new Map<number, number>();
  let looked = 0;
  for (const parked of state.parked.values()) {
    if (looked++ === TIMERS_LOOKED_AT) break;
    since.set(parked.step, Math.min(parked.since, since.get(parked.step) ?? parked.since));
  }
  return since;
}

function fullestSets(state: BrokerState): Map<number, { have: number; want: number }> {
  const fullest = new Map<number, { have: number; want: number }>();
  for (const buffer of state.buffers.values()) {
    const progress = collectProgress(buffer);
    const known = fullest.get(buffer.step);
    if (!known || progress.have / progress.want > known.have / known.want) fullest.set(buffer.step, progress);
  }
  for (const buffer of state.joins.values()) {
    const join = state.program.steps[buffer.step]?.join;
    if (join?.mode === "all") fullest.set(buffer.step, joinProgress(join.slots, buffer));
  }
  return fullest;
}
