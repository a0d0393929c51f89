import type { BrokerState } from "../core/broker-state.ts";
import { WorkflowCancelledByUser, WorkflowTimeoutError } from "../core/errors.ts";
import { decodeError } from "../serialize/error-codec.ts";

/** What `result()` rejects with: anything a step threw, or an error of ours; null for a run that completed. */
export function errorOfOutcome({ outcome, limit, runId }: BrokerState): unknown {
  switch (outcome?.kind) {
    case "failed":
      return decodeError(outcome.error);
    case "cancelled":
      return new WorkflowCancelledByUser(`Run ${runId} was cancelled${outcome.reason ? `: ${outcome.reason}` : ""}.`, {
        data: { runId, ...(outcome.reason !== undefined && { reason: outcome.reason }) },
      });
    case "timedOut":
      return new WorkflowTimeoutError(
        `Run ${runId} took more than ${limit.timeout} ms. Active steps: ${outcome.activeSteps.join(", ") || "none"}. Raise the workflow's timeout, or set it to null.`,
        { data: { runId, timeout: limit.timeout, activeSteps: outcome.activeSteps } },
      );
    default:
      return null;
  }
}
