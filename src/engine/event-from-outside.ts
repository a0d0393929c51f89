import { hasEnded, type BrokerState, type Waiter } from "../core/broker-state.ts";
import { EventValidationError, WorkflowRuntimeError } from "../core/errors.ts";
import type { WorkflowEvent } from "../core/event-ref.ts";
import { isEqualJson } from "../core/json.ts";
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
  const asking = waiter === undefined ? undefined : state.waiters.byInstance.get(waiter);
  if (waiter !== undefined && !asking) {
    throw new WorkflowRuntimeError(
      "Nobody waits for this answer any more: it was given elsewhere, or its time is over.",
      { code: "WAITER_GONE", data: { runId, waiter } },
    );
  }
  const checkedEvent = checkEvent(compiled.kinds.get(event.type) ?? otherKind(event.type), event);
  if (asking) assertAnswers(asking, checkedEvent);
  return {
    kind: "AddEvent",
    causedBy: "external",
    event: checkedEvent,
    ...(step !== undefined && { target: step }),
    ...(waiter !== undefined && { waiter }),
  };
}

/** An answer that its waiter does not take would be lost without a word. Says which fields, and not what they should be. */
function assertAnswers({ type, subtypes, requirements = {} }: Waiter, event: WorkflowEvent): void {
  if (event.type !== type && !subtypes?.includes(event.type)) {
    throw new EventValidationError(`This wait is for ${type}; ${event.type} does not answer it.`, {
      data: { event: event.type },
    });
  }
  const data = (typeof event.data === "object" && event.data !== null ? event.data : {}) as Record<string, unknown>;
  const others = Object.entries(requirements).filter(
    ([field, value]) => !Object.hasOwn(data, field) || !isEqualJson(data[field], value),
  );
  if (others.length === 0) return;
  const fields = others.map(([field]) => field);
  throw new EventValidationError(
    `This wait is for ${type} with other values of ${fields.join(", ")}. Send those that its requirements name.`,
    {
      data: {
        event: type,
        path: fields[0] ?? "",
        issues: fields.map((path) => ({ path, message: "The wait asks for another value here." })),
      },
    },
  );
}
