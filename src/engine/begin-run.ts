/** How a broker begins: anew, or where a saved state stands; at once, or when there is room for it. */
import { initialState, type BrokerState } from "../core/broker-state.ts";
import type { WorkflowEvent } from "../core/event-ref.ts";
import type { JsonObject } from "../core/json.ts";
import type { ParentRun } from "../core/tick.ts";
import type { Runtime } from "../ports/runtime.ts";
import type { CompiledWorkflow } from "../workflow/compile.ts";
import type { RunBroker } from "./broker.ts";
import { runSlots, type RunSlots } from "./run-slots.ts";

export function createRunId(): string {
  const id = crypto.randomUUID();
  // Made of many pieces, which it keeps, ten times its size, until something needs it in one.
  Number(id);
  return id;
}

/** The state of a run before its first tick. */
export function newState({ program }: CompiledWorkflow, runId: string, { clock }: Runtime): BrokerState {
  return { ...initialState(program), runId, createdAt: clock.now() };
}

/** Starts now, or when the workflow's limit of concurrent runs allows. */
export function startBroker(broker: RunBroker, event: WorkflowEvent, store: JsonObject, parent?: ParentRun): void {
  const { definition } = broker.compiled;
  const slots = runSlots(definition);
  broker.submit({
    kind: "StartRun",
    causedBy: "external",
    runId: broker.runId,
    workflow: definition.name,
    version: definition.version,
    timeout: definition.timeout,
    event,
    store,
    ...(parent && { parent }),
    ...(slots && { queued: true }),
  });
  if (slots) admit(broker, slots, () => broker.submit({ kind: "AdmitRun", causedBy: 1 }));
}

export function resumeBroker(broker: RunBroker, { timeout }: { timeout?: number | null } = {}): void {
  if (broker.state.status === "completed") return broker.settleEnded();
  const slots = runSlots(broker.compiled.definition);
  if (broker.state.status !== "queued") {
    broker.submit({
      kind: "ResumeRun",
      causedBy: "external",
      ...(timeout !== undefined && { timeout }),
      ...(slots && { queued: true }),
    });
  }
  const begin = (): void => {
    if (broker.state.status === "queued") broker.submit({ kind: "AdmitRun", causedBy: broker.state.sequence });
    // What fell due while the run was away.
    broker.wake();
  };
  if (slots) admit(broker, slots, begin);
  else begin();
}

function admit(broker: RunBroker, slots: RunSlots, begin: () => void): void {
  const release = slots.acquire(() => {
    // Let go, or stopped by its storage, while it waited.
    if (!broker.problem) begin();
  });
  broker.result().then(release, release);
}
