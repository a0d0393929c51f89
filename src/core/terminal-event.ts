/** The last event of a run's stream when it does not end with its stop event. */
import type { FailedWork, RunOutcome } from "./broker-state.ts";
import type { WorkflowEvent } from "./event-ref.ts";
import type { SerializedError } from "./serialized-error.ts";

export const FAILED_EVENT = "WorkflowFailedEvent";
export const CANCELLED_EVENT = "WorkflowCancelledEvent";
export const TIMED_OUT_EVENT = "WorkflowTimedOutEvent";

/** With the work whose failure ended the run; without, when something else broke. */
export interface FailedEventData extends Partial<FailedWork> {
  readonly error: SerializedError;
}

export interface CancelledEventData {
  readonly reason?: string;
}

export interface TimedOutEventData {
  /** Milliseconds. */
  readonly timeout: number | null;
  readonly activeSteps: readonly string[];
}

export function terminalEvent(
  outcome: Exclude<RunOutcome, { kind: "completed" }>,
  timeout: number | null,
): WorkflowEvent {
  switch (outcome.kind) {
    case "failed": {
      const { kind: _kind, ...data }: FailedEventData & { readonly kind: string } = outcome;
      return { type: FAILED_EVENT, data };
    }
    case "cancelled":
      return { type: CANCELLED_EVENT, data: outcome.reason === undefined ? {} : { reason: outcome.reason } };
    case "timedOut":
      return { type: TIMED_OUT_EVENT, data: { timeout, activeSteps: outcome.activeSteps } };
  }
}
