/** Events find their way: to waiters first, then to every step that accepts them. */
import { emptyStep, hasEnded, MAILBOX_LIMIT, type Lineage, type Waiter } from "./broker-state.ts";
import type { EventRef } from "./event-ref.ts";
import { offerToJoin } from "./joins.ts";
import { completeRun, failRun } from "./reduce-lifecycle.ts";
import { addMember } from "./streams.ts";
import type { AddEventTick, AdmitRunTick, StartRunTick } from "./tick.ts";
import type { Turn } from "./turn.ts";
import { answerWaiter, keepInMailbox, matchesWait, waitersFor } from "./waiters.ts";

export function reduceStartRun(turn: Turn, tick: StartRunTick): void {
  if (tick.program && tick.program !== turn.state.program) {
    turn.state.program = tick.program;
    turn.replaceSteps(tick.program.steps.map(() => emptyStep));
  }
  turn.state.runId = tick.runId;
  turn.state.status = "running";
  turn.state.createdAt = tick.at;
  turn.state.limit = { timeout: tick.timeout, used: 0, loadedAt: tick.at };
  turn.state.store = tick.store;
  if (tick.parent) turn.state.parent = tick.parent;
  const event = turn.reference(tick.event, 0);
  if (tick.queued) {
    turn.state.status = "queued";
    turn.state.mailbox = [event];
  } else routeEvent(turn, event, {});
}

/** The time limit counts from here; events that came while the run was queued follow its start event. */
export function reduceAdmitRun(turn: Turn, tick: AdmitRunTick): void {
  if (turn.state.status !== "queued") return;
  const { mailbox, limit } = turn.state;
  turn.state.status = "running";
  turn.state.limit = { ...limit, loadedAt: tick.at };
  turn.state.mailbox = [];
  turn.dispatchAll();
  for (const event of mailbox) if (turn.state.status === "running") routeEvent(turn, event, {});
}

export function reduceAddEvent(turn: Turn, tick: AddEventTick): void {
  // A late event: the caller was told that the run has ended, or lost a race with its end.
  if (hasEnded(turn.state)) {
    turn.state.dropped += 1;
    return;
  }
  const event = turn.reference(tick.event, 0);
  if (turn.state.status !== "queued") return routeEvent(turn, event, tick);
  if (turn.state.mailbox.length < MAILBOX_LIMIT) turn.state.mailbox = [...turn.state.mailbox, event];
  else turn.commands.push({ kind: "UnhandledEvent", event });
}

export interface Address {
  readonly target?: string;
  readonly waiter?: number;
}

/**
 * Delivers one event. A stop event ends the run. A step that gets the event through a waiter does not get it
 * as input as well. What nobody wants is kept for a wait that may come, and reported.
 */
export function routeEvent(turn: Turn, event: EventRef, { target, waiter }: Address, lineage?: Lineage): void {
  const { program } = turn.state;
  const role = program.roles[event.type];
  if (role === "stop") return completeRun(turn, event);
  if (role === "inputRequired") turn.publish(event);

  let delivered = false;
  let woken: Set<number> | null = null;
  if (turn.state.waiters.byInstance.size > 0) {
    for (const candidate of addressedWaiters(turn, event, target, waiter)) {
      answerWaiter(turn, candidate, event);
      woken ??= new Set();
      woken.add(candidate.step);
      delivered = true;
    }
  }
  if (waiter === undefined) {
    for (const stepIndex of program.routes[event.type] ?? []) {
      if (woken?.has(stepIndex) || (target !== undefined && program.steps[stepIndex]?.name !== target)) continue;
      if (turn.state.status !== "running") return;
      delivered = deliver(turn, stepIndex, event, target !== undefined, lineage) || delivered;
    }
  }
  if (delivered || role === "inputRequired") return;
  if (target === undefined && waiter === undefined) keepInMailbox(turn, event);
  turn.commands.push({ kind: "UnhandledEvent", event, ...(target !== undefined && { target }) });
}

/** Hands an event to one step, by way of its join if it has one. False when it came to nothing. */
function deliver(
  turn: Turn,
  step: number,
  event: EventRef,
  isTargeted: boolean,
  lineage: Lineage | undefined,
): boolean {
  const plan = turn.state.program.steps[step];
  if (!plan?.join) {
    turn.addWorkItem(step, event, lineage);
    return true;
  }
  if (plan.join.mode === "all") {
    offerToJoin(turn, step, plan.join.slots, event, lineage);
    return true;
  }
  if (isTargeted) {
    failRun(turn, {
      name: "WorkflowRuntimeError",
      message: `${event.type} was sent to step ${plan.name}, which takes whole lists only. Return a list from the step that makes them.`,
      code: "LIST_TARGETED",
      data: { step: plan.name, event: event.type },
    });
    return true;
  }
  return addMember(turn, step, plan.join.take, event, lineage);
}

function addressedWaiters(
  turn: Turn,
  event: EventRef,
  target: string | undefined,
  waiter: number | undefined,
): Waiter[] {
  if (waiter !== undefined) {
    const one = turn.state.waiters.byInstance.get(waiter);
    return one && matchesWait(one, event) ? [one] : [];
  }
  const all = waitersFor(turn.state.waiters, event);
  return target === undefined ? all : all.filter(({ step }) => turn.state.program.steps[step]?.name === target);
}
