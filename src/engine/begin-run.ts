/** How a new run begins: at once, or when there is room for it. */
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

/**
 * Starts now, or when the workflow's limit of concurrent runs allows. Returns a function that gives the run's slot
 * back, which is done by itself when the broker settles; null without such a limit.
 */
export function startBroker(
  broker: RunBroker,
  event: WorkflowEvent,
  store: JsonObject,
  parent?: ParentRun,
): (() => void) | null {
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
    program: broker.compiled.program,
    ...(parent && { parent }),
    ...(slots && { queued: true }),
  });
  return slots && admit(broker, slots, () => broker.submit({ kind: "AdmitRun", causedBy: 1 }));
}

/** Begins when there is room; returns how to give the room back. */
export function admit(broker: RunBroker, slots: RunSlots, begin: () => void): () => void {
  const release = slots.acquire(() => {
    // Let go, or stopped by its storage, while it waited.
    if (!broker.problem) begin();
  });
  broker.result().then(release, release);
  return release;
}
