/** Checks B1 to B5 and B8 of `broker-state.ts` by counting. For tests and for states read from outside. */
import { hasEnded, type BrokerState, type Lineage } from "./broker-state.ts";
import { busySlots } from "./slots.ts";
import { awaitedTypes } from "./waiters.ts";

/** What is wrong with a state, one sentence each; empty when all invariants hold. */
export function brokenInvariants(state: BrokerState): string[] {
  const broken: string[] = [];
  const places = new Map<number, string>();
  const place = (workItem: number, where: string): void => {
    const other = places.get(workItem);
    if (other) broken.push(`B1: work item ${workItem} is in ${other} and in ${where}`);
    places.set(workItem, where);
  };
  const aliveIn = new Map<number, number>();
  const countAlive = (lineage: Lineage | undefined): void => {
    if (lineage && lineage.stream !== null) aliveIn.set(lineage.stream, (aliveIn.get(lineage.stream) ?? 0) + 1);
  };
  for (const { byType } of state.joins.values()) {
    for (const inputs of Object.values(byType)) for (const { lineage } of inputs) countAlive(lineage);
  }
  for (const { lineage } of state.streams.values()) countAlive(lineage);
  let pending = 0;
  const delayed = state.steps.map(() => 0);
  const waiting = state.steps.map(() => 0);
  for (const timer of state.timers.values()) {
    if (timer.kind !== "retry") continue;
    place(timer.workItem.id, "timers");
    countAlive(timer.workItem.lineage);
    delayed[timer.step] = (delayed[timer.step] ?? 0) + 1;
    if (state.program.steps[timer.step]?.orphanOf === undefined) pending += 1;
  }
  for (const [id, parked] of state.parked.entries()) {
    place(id, "parked");
    countAlive(parked.workItem.lineage);
    waiting[parked.step] = (waiting[parked.step] ?? 0) + 1;
  }
  for (const [index, step] of state.steps.entries()) {
    const plan = state.program.steps[index];
    const name = plan?.name ?? `#${index}`;
    let queued = 0;
    let busy = 0;
    for (const item of step.queue) {
      queued += 1;
      place(item.id, `the queue of ${name}`);
      countAlive(item.lineage);
    }
    for (const [, { workItem }] of busySlots(step.slots)) {
      busy += 1;
      place(workItem.id, `a slot of ${name}`);
      countAlive(workItem.lineage);
    }
    if (plan?.orphanOf === undefined) pending += queued + busy;
    if (queued !== step.queue.length) broken.push(`B1: ${name} counts ${step.queue.length} queued, has ${queued}`);
    if (busy !== step.slots.busy) broken.push(`B1: ${name} counts ${step.slots.busy} busy slots, has ${busy}`);
    if (plan && busy > plan.numWorkers) broken.push(`B2: ${name} has ${busy} of ${plan.numWorkers} slots busy`);
    if (plan && state.status === "running" && queued > 0 && busy < plan.numWorkers) {
      broken.push(`B2: ${name} has queued work and a free slot`);
    }
    if (delayed[index] !== step.delayed)
      broken.push(`B1: ${name} counts ${step.delayed} delayed, has ${delayed[index]}`);
    if (waiting[index] !== step.waiting)
      broken.push(`B1: ${name} counts ${step.waiting} waiting, has ${waiting[index]}`);
    if (hasEnded(state) && busy > 0) broken.push(`B5: ${name} is at work although the run ended`);
  }
  for (const [id, { alive }] of state.streams.entries()) {
    const counted = aliveIn.get(id) ?? 0;
    if (alive !== counted || alive === 0) broken.push(`B8: stream ${id} counts ${alive} alive, has ${counted}`);
  }
  if (pending !== state.pending) broken.push(`B3: pending is ${state.pending}, counted ${pending}`);
  for (const [instance, waiter] of state.waiters.byInstance.entries()) {
    if (!places.has(waiter.workItem)) broken.push(`B4: waiter ${instance} has no work item ${waiter.workItem}`);
    if (!state.memos.get(waiter.workItem)?.waiters.some((known) => known.instance === instance)) {
      broken.push(`B4: work item ${waiter.workItem} does not know its waiter ${instance}`);
    }
    if (awaitedTypes(waiter).some((type) => !state.waiters.byType.get(type)?.get(instance)))
      broken.push(`B4: waiter ${instance} is not found by type`);
  }
  return broken;
}
