import type { WorkflowEvent } from "./event-ref.ts";
import type { Tick } from "./tick.ts";

/** The index of the event that a run's end itself makes; it is written nowhere, see `terminal-event.ts`. */
export const TERMINAL_INDEX = -1;
/** The index of what stands for the set that a list join gets; it has no payload of its own. */
export const LIST_INDEX = -2;
/** The index of the failure that a tick hands to an error handler. */
export const FAILURE_INDEX = -3;

/** The payload an event reference points to: the inverse of `Turn.reference`. */
export function eventOfTick(tick: Tick, index: number): WorkflowEvent | undefined {
  switch (tick.kind) {
    case "StartRun":
    case "AddEvent":
    case "CollectEvents":
      return index === 0 ? tick.event : undefined;
    case "StepResult":
      return tick.outcome.kind === "waiting" ? tick.outcome.waits[index]?.prompt : tick.outputs[index]?.event;
    case "ResumeRun":
      return tick.migration?.events?.[index]?.event;
    default:
      return undefined;
  }
}

/** All payloads that references to a tick can point to, with their indexes. */
export function eventsOfTick(tick: Tick): readonly (readonly [index: number, event: WorkflowEvent])[] {
  const events: [number, WorkflowEvent][] = [];
  const most = countOf(tick);
  for (let index = 0; index < most; index++) {
    const event = eventOfTick(tick, index);
    if (event) events.push([index, event]);
  }
  return events;
}

/** As many as there can be. */
function countOf(tick: Tick): number {
  switch (tick.kind) {
    case "StepResult":
      return tick.outcome.kind === "waiting" ? tick.outcome.waits.length : tick.outputs.length;
    case "ResumeRun":
      return tick.migration?.events?.length ?? 0;
    default:
      return 1;
  }
}
