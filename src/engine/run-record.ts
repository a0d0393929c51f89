/** What the list of runs shows of a broker state. */
import { countSetAside } from "../core/adopt-program.ts";
import { fingerprintOf } from "../core/program.ts";
import { isIdle, type BrokerState } from "../core/broker-state.ts";
import { runStatus } from "../graph/graph-status.ts";
import type { RunRecord } from "../ports/journal.ts";
import { encodeValue } from "../serialize/serializer.ts";
import type { JsonObject } from "../core/json.ts";

const NAMED_WAITS = 5;

export function toRunRecord(state: BrokerState): RunRecord {
  let busy = 0;
  let queued = 0;
  const setAside = countSetAside(state);
  for (const [index, step] of state.steps.entries()) {
    busy += step.slots.busy;
    if (state.program.steps[index]?.orphanOf === undefined) queued += step.queue.length;
  }
  const waitingFor: string[] = [];
  for (const type of state.waiters.byType.entries()) {
    if (waitingFor.length === NAMED_WAITS) break;
    waitingFor.push(type[0]);
  }
  const { outcome } = state;
  return {
    runId: state.runId,
    workflow: state.program.workflow,
    version: state.program.version,
    createdAt: state.createdAt,
    updatedAt: state.at,
    status: runStatus(state),
    sequence: state.sequence,
    published: state.published,
    busy,
    queued,
    waiting: state.waiters.byInstance.size,
    waitingFor,
    ...(state.parent && { parent: state.parent }),
    ...(state.forkedFrom && { forkedFrom: state.forkedFrom }),
    ...(isIdle(state) && { idleSince: state.at, dueAt: firstTimer(state), shape: fingerprintOf(state.program) }),
    ...(setAside > 0 && { setAside }),
    ...(outcome?.kind === "failed" && { error: encodeValue(outcome.error) as JsonObject }),
  };
}

/**
 * When an idle run needs a tick although nothing happens; null: never. Its time limit is no such moment: it counts the
 * time the run is loaded.
 */
export function firstTimer(state: BrokerState): number | null {
  return state.timers.first()?.[0].due ?? null;
}
