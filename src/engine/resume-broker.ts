/** How a run goes on where a saved state stands: at once, or when there is room for it. */
import { findMismatch } from "../core/adopt-program.ts";
import { isSameProgram } from "../core/program.ts";
import type { Migration } from "../core/tick.ts";
import { admit } from "./begin-run.ts";
import type { RunBroker } from "./broker.ts";
import { workSetAside } from "./changed-code.ts";
import { migrated } from "./migrate-run.ts";
import { runSlots } from "./run-slots.ts";

export interface ResumeFacts {
  readonly timeout?: number | null;
  /** When the run left memory; default: with its last tick. */
  readonly loadedUntil?: number;
  /** What is done to its state when its code has changed; see `prepareResume`. */
  readonly migration?: Migration | null;
  /** Gives back the slot the run has kept while it was not in memory: it waits for none. */
  readonly slot?: () => void;
}

/** Carries on, at once or when it is its turn. Returns as `startBroker` does. */
export function resumeBroker(
  broker: RunBroker,
  { timeout, loadedUntil, slot, migration = null }: ResumeFacts = {},
): (() => void) | null {
  if (broker.state.status === "completed") {
    broker.settleEnded();
    return null;
  }
  const slots = slot ? null : runSlots(broker.compiled.definition);
  const { program } = broker.compiled;
  const isChanged = !isSameProgram(broker.state.program, program);
  if (isChanged || broker.state.status !== "queued") {
    const setAside = isChanged && findMismatch(migrated(broker.state, migration), program);
    broker.submit({
      kind: "ResumeRun",
      causedBy: "external",
      ...(isChanged && { program }),
      ...(isChanged && migration && { migration }),
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
