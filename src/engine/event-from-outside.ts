import { hasEnded, type BrokerState } from "../core/broker-state.ts";
import { EventValidationError, WorkflowRuntimeError } from "../core/errors.ts";
import type { WorkflowEvent } from "../core/event-ref.ts";
import type { UnstampedTick } from "../core/tick.ts";
import { runStatus } from "../graph/graph-status.ts";
import type { SendOptions } from "../inspection/engine-control.ts";
import type { CompiledWorkflow } from "../workflow/compile.ts";
import { checkEvent, isEvent, type AnyEventKind } from "../workflow/event.ts";
import { assertAccepts } from "./context.ts";

/** The tick for an event that somebody sends to the run. Throws where it could not arrive, saying why. */
export function tickOfEvent(
  state: BrokerState,
  compiled: CompiledWorkflow,
  event: WorkflowEvent,
  { step, waiter }: SendOptions,
  /** Kinds that no step of the workflow names, by type. */
  otherKind: (type: string) => AnyEventKind | undefined,
): UnstampedTick {
  const { runId } = state;
  if (hasEnded(state)) {
    const status = runStatus(state);
    throw new WorkflowRuntimeError(`Run ${runId} has ended (${status}); it takes no more events.`, {
      code: "RUN_ENDED",
      data: { runId, status },
    });
  }
  if (!isEvent(event)) {
    throw new EventValidationError("What is sent to a run must be an event. Make one with an event kind.");
  }
  if (step !== undefined) assertAccepts(compiled, step, event.type);
  if (waiter !== undefined && !state.waiters.byInstance.get(waiter)) {
    throw new WorkflowRuntimeError(
      "Nobody waits for this answer any more: it was given elsewhere, or its time is over.",
      { code: "WAITER_GONE", data: { runId, waiter } },
    );
  }
  return {
    kind: "AddEvent",
    causedBy: "external",
    event: checkEvent(compiled.kinds.get(event.type) ?? otherKind(event.type), event),
    ...(step !== undefined && { target: step }),
    ...(waiter !== undefined && { waiter }),
  };
}
