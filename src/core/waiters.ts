/** Waiters: a step's recorded wish for an event. An event answers each at most once; a timer belongs to one. */
import { MAILBOX_LIMIT, noWaiters, type Waiter, type WaiterTable } from "./broker-state.ts";
import { cancelChildren } from "./children.ts";
import type { EventRef } from "./event-ref.ts";
import { isEqualJson } from "./json.ts";
import { byNumber, SortedMap } from "./sorted-map.ts";
import type { WaitRequest } from "./tick.ts";
import type { Turn } from "./turn.ts";

/** What a wait asks of an event. */
type Wish = Pick<WaitRequest, "type" | "subtypes" | "requirements">;

/** True when the event has the awaited type, or one that extends it where these are taken, and every required field. */
export function matchesWait(wait: Wish, event: EventRef): boolean {
  if (event.type !== wait.type && !wait.subtypes?.includes(event.type)) return false;
  if (!wait.requirements) return true;
  if (typeof event.data !== "object" || event.data === null) return false;
  const data = event.data as Record<string, unknown>;
  return Object.entries(wait.requirements).every(
    ([key, value]) => Object.hasOwn(data, key) && isEqualJson(data[key], value),
  );
}

/** The waiters an event answers: all that match, but of one work item only the first asked. */
export function waitersFor(table: WaiterTable, event: EventRef): Waiter[] {
  const candidates = table.byType.get(event.type);
  if (!candidates) return [];
  const items = new Set<number>();
  const found: Waiter[] = [];
  for (const waiter of candidates.values()) {
    if (items.has(waiter.workItem) || !matchesWait(waiter, event)) continue;
    items.add(waiter.workItem);
    found.push(waiter);
  }
  return found;
}

/** Records the waits of a suspended invocation. True when one of them has its answer already. */
export function registerWaits(turn: Turn, step: number, workItem: number, waits: readonly WaitRequest[]): boolean {
  let answered = false;
  for (const [index, wait] of waits.entries()) {
    const memo = turn.memo(step, workItem);
    if (memo.answers.some((answer) => answer.waiterId === wait.waiterId)) {
      answered = true;
      continue;
    }
    if (memo.waiters.some((waiter) => waiter.waiterId === wait.waiterId)) continue;
    const early = turn.state.mailbox.find((event) => matchesWait(wait, event));
    if (early) {
      turn.state.mailbox = turn.state.mailbox.filter((event) => event !== early);
      turn.setMemo(workItem, { ...memo, answers: [...memo.answers, { waiterId: wait.waiterId, event: early }] });
      answered = true;
      continue;
    }
    register(turn, step, workItem, wait);
    // The prompt is published once, when the wait is registered, and known by its place among the waits.
    if (wait.prompt) turn.publish(turn.reference(wait.prompt, index));
  }
  return answered;
}

function register(turn: Turn, step: number, workItem: number, wait: WaitRequest): void {
  const { waiterId, type, subtypes, requirements, prompt } = wait;
  const instance = turn.state.nextWaiter;
  const dueAt = wait.timeout === null ? null : turn.tick.at + wait.timeout;
  const waiter: Waiter = {
    instance,
    step,
    workItem,
    waiterId,
    type,
    ...(subtypes && { subtypes }),
    ...(requirements && { requirements }),
    ...(prompt && { prompt }),
    askedAt: turn.tick.at,
    dueAt,
  };
  turn.state.nextWaiter = instance + 1;
  const memo = turn.memo(step, workItem);
  turn.setMemo(workItem, { ...memo, waiters: [...memo.waiters, waiter] });
  turn.state.waiters = addWaiter(turn.state.waiters, waiter);
  if (dueAt !== null) {
    turn.state.timers = turn.state.timers.set({ due: dueAt, id: -instance }, { kind: "waiter", waiter: instance });
  }
}

/** The types of events that answer a waiter. */
export function awaitedTypes({ type, subtypes }: Wish): readonly string[] {
  return subtypes ? [type, ...subtypes] : [type];
}

export function addWaiter({ byInstance, byType }: WaiterTable, waiter: Waiter): WaiterTable {
  let types = byType;
  for (const type of awaitedTypes(waiter)) {
    const sameType = types.get(type) ?? SortedMap.empty<number, Waiter>(byNumber);
    types = types.set(type, sameType.set(waiter.instance, waiter));
  }
  return { byInstance: byInstance.set(waiter.instance, waiter), byType: types };
}

function removeWaiter({ byInstance, byType }: WaiterTable, waiter: Waiter): WaiterTable {
  const remaining = byInstance.delete(waiter.instance);
  if (remaining.size === 0) return noWaiters;
  let types = byType;
  for (const type of awaitedTypes(waiter)) {
    const sameType = types.get(type)?.delete(waiter.instance);
    types = sameType && sameType.size > 0 ? types.set(type, sameType) : types.delete(type);
  }
  return { byInstance: remaining, byType: types };
}

/** Hands a waiter its answer (null: out of time) and lets its work item run again, ahead of its queue. */
export function answerWaiter(turn: Turn, waiter: Waiter, event: EventRef | null): void {
  forgetWaiter(turn, waiter);
  const memo = turn.memo(waiter.step, waiter.workItem);
  turn.setMemo(waiter.workItem, {
    ...memo,
    waiters: memo.waiters.filter((other) => other.instance !== waiter.instance),
    answers: [...memo.answers, { waiterId: waiter.waiterId, event }],
  });
  const parked = turn.state.parked.get(waiter.workItem);
  // Not parked: it runs already, sees this answer when it asks, and never runs twice for two answers.
  if (!parked) return;
  turn.state.parked = turn.state.parked.delete(waiter.workItem);
  turn.step(parked.step).waiting -= 1;
  turn.enqueueFirst(parked.step, { ...parked.workItem, causedBy: turn.tick.sequence, since: turn.tick.at });
}

/** The work item is done: its open waits, what it was told and the runs it started go with it. */
export function forgetWorkItem(turn: Turn, workItem: number): void {
  const memo = turn.state.memos.get(workItem);
  if (!memo) return;
  if (memo.children) cancelChildren(turn, memo.children);
  for (const waiter of memo.waiters) forgetWaiter(turn, waiter);
  turn.state.memos = turn.state.memos.delete(workItem);
}

/** A new attempt waits anew where the last one ran out of time; answers it keeps. */
export function forgetTimeouts(turn: Turn, workItem: number): void {
  const memo = turn.state.memos.get(workItem);
  if (!memo?.answers.some(({ event }) => event === null)) return;
  turn.setMemo(workItem, { ...memo, answers: memo.answers.filter(({ event }) => event !== null) });
}

function forgetWaiter(turn: Turn, waiter: Waiter): void {
  turn.state.waiters = removeWaiter(turn.state.waiters, waiter);
  if (waiter.dueAt !== null) {
    turn.state.timers = turn.state.timers.delete({ due: waiter.dueAt, id: -waiter.instance });
  }
}

/** Keeps an event that nobody wants yet; beyond the limit the oldest goes. */
export function keepInMailbox(turn: Turn, event: EventRef): void {
  turn.state.mailbox = [...turn.state.mailbox, event].slice(-MAILBOX_LIMIT);
}
