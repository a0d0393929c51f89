/** Joins: a step that runs once for a full set, one event in every slot, filled in order of arrival. */
import type { JoinBuffer, JoinInput, Lineage } from "./broker-state.ts";
import type { EventRef } from "./event-ref.ts";
import { own } from "./json.ts";
import { StepQueue } from "./step-queue.ts";
import type { Turn } from "./turn.ts";

/** Takes an event into the join of a step; with the last one missing, the step gets its set. */
export function offerToJoin(
  turn: Turn,
  step: number,
  slots: readonly (readonly string[])[],
  event: EventRef,
  lineage: Lineage | undefined,
): void {
  const stream = lineage?.stream ?? null;
  const key = `${step}/${stream ?? ""}`;
  const before = turn.state.joins.get(key);
  const input: JoinInput = lineage ? { event, lineage } : { event };
  const buffer: JoinBuffer = {
    step,
    stream,
    byType: {
      ...before?.byType,
      [event.type]: (own(before?.byType, event.type) ?? StepQueue.empty<JoinInput>()).pushBack(input),
    },
  };
  turn.countAlive(lineage, 1);
  const types = assignSlots(slots, buffer);
  if (!types) {
    turn.state.joins = turn.state.joins.set(key, buffer);
    return;
  }
  const { inputs, rest } = takeInputs(types, buffer);
  turn.state.joins = rest ? turn.state.joins.set(key, rest) : turn.state.joins.delete(key);
  const set = inputs.map((taken) => taken.event);
  const first = set[0];
  if (!first) return;
  turn.addWorkItem(step, first, mergeLineages(inputs), set);
  for (const taken of inputs) turn.countAlive(taken.lineage, -1);
}

/** How many slots are filled. */
export function joinProgress(
  slots: readonly (readonly string[])[],
  buffer: JoinBuffer,
): { have: number; want: number } {
  let have = 0;
  for (const queue of Object.values(buffer.byType)) have += queue.length;
  return { have: Math.min(have, slots.length - 1), want: slots.length };
}

/**
 * A type for every slot, or null while there is none: for each slot in its turn the one whose event is the oldest, of
 * those that leave enough for the slots after it. Slots may overlap where a step takes child kinds.
 */
function assignSlots(slots: readonly (readonly string[])[], { byType }: JoinBuffer): string[] | null {
  const left = new Map(Object.entries(byType).map(([type, queue]) => [type, queue.length]));
  const has = (type: string): boolean => (left.get(type) ?? 0) > 0;
  // Nearly always it is known at once.
  if (!slots.every((types) => types.some(has)) || !canFill(slots, 0, left)) return null;
  const chosen: string[] = [];
  for (const [slot, types] of slots.entries()) {
    for (const type of types.filter(has).toSorted((a, b) => age(byType, a) - age(byType, b))) {
      const count = left.get(type) ?? 0;
      left.set(type, count - 1);
      chosen[slot] = type;
      if (canFill(slots, slot + 1, left)) break;
      left.set(type, count);
    }
  }
  return chosen;
}

/** Whether every slot from this one on can have an event of its own: each takes one, and those before it move if they can. */
function canFill(slots: readonly (readonly string[])[], from: number, left: ReadonlyMap<string, number>): boolean {
  const holders = new Map<string, number[]>();
  const place = (slot: number, tried: Set<string>): boolean => {
    for (const type of slots[slot] ?? []) {
      const most = left.get(type) ?? 0;
      if (most === 0 || tried.has(type)) continue;
      tried.add(type);
      const held = holders.get(type) ?? [];
      holders.set(type, held);
      if (held.length < most) {
        held.push(slot);
        return true;
      }
      const movable = held.findIndex((other) => place(other, tried));
      if (movable < 0) continue;
      held[movable] = slot;
      return true;
    }
    return false;
  };
  for (let slot = from; slot < slots.length; slot++) if (!place(slot, new Set())) return false;
  return true;
}

function age(byType: JoinBuffer["byType"], type: string): number {
  return own(byType, type)?.head?.event.tick ?? 0;
}

function takeInputs(types: readonly string[], buffer: JoinBuffer): { inputs: JoinInput[]; rest: JoinBuffer | null } {
  const byType: { [eventType: string]: StepQueue<JoinInput> } = Object.assign(Object.create(null), buffer.byType);
  const inputs: JoinInput[] = [];
  for (const type of types) {
    const queue = byType[type];
    if (!queue?.head) continue;
    inputs.push(queue.head);
    if (queue.length === 1) delete byType[type];
    else byType[type] = queue.rest;
  }
  return { inputs, rest: Object.keys(byType).length > 0 ? { ...buffer, byType } : null };
}

/** All of one stream, so only the recoveries differ: the most of each counts. */
function mergeLineages(inputs: readonly JoinInput[]): Lineage | undefined {
  let merged: Lineage | undefined;
  for (const { lineage } of inputs) {
    if (!lineage) continue;
    if (!merged) merged = lineage;
    else if (merged !== lineage) {
      const recoveries: { [handler: string]: number } = { ...merged.recoveries };
      for (const [handler, count] of Object.entries(lineage.recoveries)) {
        recoveries[handler] = Math.max(count, recoveries[handler] ?? 0);
      }
      merged = { stream: merged.stream, recoveries };
    }
  }
  return merged;
}
