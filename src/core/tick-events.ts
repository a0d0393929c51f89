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
