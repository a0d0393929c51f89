/** collectEvents: events gathered by a step until a set is complete. Decided here, once, in arrival order. */
import type { CollectBuffer } from "./broker-state.ts";
import type { EventRef } from "./event-ref.ts";
import { own } from "./json.ts";
import { StepQueue } from "./step-queue.ts";
import type { CollectEventsTick } from "./tick.ts";
import type { Turn } from "./turn.ts";

/**
 * Adds an event to a buffer and records for the work item what came of it: the full set, grouped by type in
 * arrival order, or null. A call that was answered before changes nothing.
 */
export function reduceCollect(turn: Turn, step: number, workItem: number, event: EventRef, tick: CollectEventsTick) {
  const memo = turn.memo(step, workItem);
  if (Object.hasOwn(memo.collected, tick.callId)) return;
  const record = (set: readonly EventRef[] | null): void => {
    turn.setMemo(workItem, { ...memo, collected: { ...memo.collected, [tick.callId]: set } });
  };
  if (!Object.hasOwn(tick.expected, event.type)) return record(null);

  const key = `${step}/${tick.bufferId}`;
  const before = turn.state.buffers.get(key);
  const buffer: CollectBuffer = {
    step,
    bufferId: tick.bufferId,
    expected: tick.expected,
    byType: {
      ...before?.byType,
      [event.type]: (own(before?.byType, event.type) ?? StepQueue.empty<EventRef>()).pushBack(event),
    },
  };
  if (!isComplete(buffer)) {
    turn.state.buffers = turn.state.buffers.set(key, buffer);
    return record(null);
  }
  const { set, rest } = takeSet(buffer);
  turn.state.buffers = rest ? turn.state.buffers.set(key, rest) : turn.state.buffers.delete(key);
  record(set);
}

/** How many events of the wanted set are there, and how many it needs. */
export function collectProgress(buffer: CollectBuffer): { have: number; want: number } {
  let have = 0;
  let want = 0;
  for (const [type, count] of Object.entries(buffer.expected)) {
    want += count;
    have += Math.min(count, own(buffer.byType, type)?.length ?? 0);
  }
  return { have, want };
}

function isComplete({ expected, byType }: CollectBuffer): boolean {
  for (const type in expected) if ((own(byType, type)?.length ?? 0) < (own(expected, type) ?? 0)) return false;
  return true;
}

/** The oldest events that make a set; what is left, if anything, begins the next. */
function takeSet(buffer: CollectBuffer): { set: EventRef[]; rest: CollectBuffer | null } {
  const set: EventRef[] = [];
  const byType: { [eventType: string]: StepQueue<EventRef> } = Object.create(null);
  for (const [type, gathered] of Object.entries(buffer.byType)) {
    let queue = gathered;
    for (let taken = 0; taken < (own(buffer.expected, type) ?? 0); taken++) {
      const event = queue.head;
      if (!event) break;
      set.push(event);
      queue = queue.rest;
    }
    if (queue.length > 0) byType[type] = queue;
  }
  return { set, rest: Object.keys(byType).length > 0 ? { ...buffer, byType } : null };
}
