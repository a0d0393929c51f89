/** What a tick says that another run could say too: its data, without times, ids, delays and logs. */
import type { SerializedError } from "../core/serialized-error.ts";
import type { StepOutcome, Tick } from "../core/tick.ts";

export function tickContent(tick: Tick): { readonly [field: string]: unknown } {
  switch (tick.kind) {
    case "StartRun":
      return { event: tick.event, store: tick.store, timeout: tick.timeout };
    case "AddEvent":
      return { event: tick.event };
    case "StepResult":
      return {
        outcome: outcomeContent(tick.outcome),
        outputs: tick.outputs,
        ...(tick.changes && { changes: tick.changes }),
      };
    case "RecordEffect":
      return { key: tick.key, value: tick.value };
    case "StartChild":
      return { key: tick.key, workflow: tick.workflow };
    case "EndChild":
      return {
        outcome: tick.outcome.kind === "failed" ? { failed: errorContent(tick.outcome.error) } : tick.outcome,
      };
    case "EditState":
      return { changes: tick.changes };
    case "CancelRun":
      return { reason: tick.reason ?? null };
    case "FailRun":
      return { error: errorContent(tick.error) };
    case "AdmitRun":
    case "CollectEvents":
    case "Wakeup":
    case "WaiterTimeout":
    case "Timeout":
    case "ResumeRun":
    case "IdleCheck":
      return {};
  }
}

function outcomeContent(outcome: StepOutcome): { readonly [field: string]: unknown } {
  switch (outcome.kind) {
    case "returned":
      return { kind: outcome.kind };
    case "failed":
      return { kind: outcome.kind, error: errorContent(outcome.error), retry: outcome.verdict.retry };
    case "waiting":
      return { kind: outcome.kind, waits: outcome.waits };
  }
}

/** Stacks name lines of code, which are others in every build. */
function errorContent({ name, message, code }: SerializedError): { readonly [field: string]: unknown } {
  return { name, message, ...(code !== undefined && { code }) };
}
