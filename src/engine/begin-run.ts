/** How a broker begins: anew, or where a saved state stands; at once, or when there is room for it. */
import { findMismatch } from "../core/adopt-program.ts";
import { initialState, type BrokerState } from "../core/broker-state.ts";
import type { WorkflowEvent } from "../core/event-ref.ts";
import type { JsonObject } from "../core/json.ts";
import { isSameProgram } from "../core/program.ts";
import type { ParentRun } from "../core/tick.ts";
import type { Runtime } from "../ports/runtime.ts";
import type { CompiledWorkflow } from "../workflow/compile.ts";
import type { RunBroker } from "./broker.ts";
import { workSetAside } from "./changed-code.ts";
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

export interface ResumeFacts {
  readonly timeout?: number | null;
  /** When the run left memory; default: with its last tick. */
  readonly loadedUntil?: number;
  /** Gives back the slot the run has kept while it was not in memory: it waits for none. */
  readonly slot?: () => void;
}

/** Carries on, at once or when it is its turn. Returns as `startBroker` does. */
export function resumeBroker(broker: RunBroker, { timeout, loadedUntil, slot }: ResumeFacts = {}): (() => void) | null {
  if (broker.state.status === "completed") {
    broker.settleEnded();
    return null;
  }
  const slots = slot ? null : runSlots(broker.compiled.definition);
  const { program } = broker.compiled;
  const isChanged = !isSameProgram(broker.state.program, program);
  if (isChanged || broker.state.status !== "queued") {
    const setAside = isChanged && findMismatch(broker.state, program);
    broker.submit({
      kind: "ResumeRun",
      causedBy: "external",
      ...(isChanged && { program }),
      ...(timeout !== undefined && { timeout }),
      ...(loadedUntil !== undefined && { loadedUntil }),
      ...(slots && { queued: true }),
    });
    if (setAside) broker.warn(workSetAside(broker.runId, setAside));
  }
  const begin = (): void => {
    if (broker.state.status === "queued") broker.submit({ kind: "AdmitRun", causedBy: broker.state.sequence });
    // What fell due while the run was away.
    broker.wake();
  };
  if (slots) return admit(broker, slots, begin);
  if (slot) broker.result().then(slot, slot);
  begin();
  return slot ?? null;
}

function admit(broker: RunBroker, slots: RunSlots, begin: () => void): () => void {
  const release = slots.acquire(() => {
    // Let go, or stopped by its storage, while it waited.
    if (!broker.problem) begin();
  });
  broker.result().then(release, release);
  return release;
}
