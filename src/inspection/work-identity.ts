/** How a piece of work is known in two histories that number it differently: by its step and the events it was made from. */
import type { BrokerState, WorkItem, WorkItemMemo } from "../core/broker-state.ts";
import type { EventRef } from "../core/event-ref.ts";
import { isEqualJson } from "../core/json.ts";
import { busySlots } from "../core/slots.ts";
import { eventsOfTick, FAILURE_INDEX, LIST_INDEX } from "../core/tick-events.ts";
import type { Tick } from "../core/tick.ts";

export type NameOfEvent = (event: EventRef) => string;

/** An event by where it was written down. */
export const realName = ({ tick, index }: EventRef): string => `${tick}.${index}`;

export function keyOf(step: string, { event, inputs }: WorkItem, nameOfEvent: NameOfEvent): string {
  return [step, nameOfEvent(event), ...(inputs ?? []).map(nameOfEvent)].join(" ");
}

export function nameOf(state: BrokerState, step: number): string {
  return state.program.steps[step]?.name ?? "";
}

/** What a work item was told, as data: equal for two that were told the same. */
export function toldOf(memo: WorkItemMemo | undefined, nameOfEvent: NameOfEvent): unknown {
  return {
    answers: (memo?.answers ?? []).map(({ waiterId, event }) => [waiterId, event && nameOfEvent(event)]),
    collected: Object.entries(memo?.collected ?? {}).map(([call, set]) => [call, set?.map(nameOfEvent) ?? null]),
    effects: memo?.effects ?? {},
    children: Object.entries(memo?.children ?? {}).map(([key, { outcome }]) => [key, outcome ?? null]),
  };
}

export function* busyWork(state: BrokerState) {
  for (const [index, { slots }] of state.steps.entries()) {
    for (const [workerId, { workItem }] of busySlots(slots)) yield { index, item: workItem, workerId };
  }
}

export function* allWork(state: BrokerState): IterableIterator<{ readonly step: number; readonly item: WorkItem }> {
  for (const { index, item } of busyWork(state)) yield { step: index, item };
  for (const [step, { queue }] of state.steps.entries()) for (const item of queue) yield { step, item };
  for (const timer of state.timers.values()) {
    if (timer.kind === "retry") yield { step: timer.step, item: timer.workItem };
  }
  for (const { step, workItem } of state.parked.values()) yield { step, item: workItem };
}

/** Which event of the recorded tick an event of its replacement is, by content; null: it is none of them. */
export function matchEvents(recorded: Tick, change: Tick | null): (index: number) => number | null {
  const left = [...eventsOfTick(recorded)];
  const matched = new Map<number, number>();
  for (const [index, { type, data }] of change ? eventsOfTick(change) : []) {
    const found = left.findIndex(([, one]) => one.type === type && isEqualJson(one.data, data));
    const [same] = found < 0 ? [] : left.splice(found, 1);
    if (same) matched.set(index, same[0]);
  }
  const isSameOutcome =
    recorded.kind === "StepResult" && change?.kind === "StepResult" && isEqualJson(recorded.outcome, change.outcome);
  return (index) => {
    // The set of a list join is known by what is in it.
    if (index === LIST_INDEX) return index;
    if (index === FAILURE_INDEX) return isSameOutcome ? index : null;
    return matched.get(index) ?? null;
  };
}
