/**
 * What can be begun here. What the source cannot do is not offered: a page that shows run files serves no workflow, and
 * an app may no longer serve that of an old run. Until the source has said what it serves, it is taken to serve it.
 */
import type { RunSummary } from "tickwork/client";
import type { InspectorState } from "./inspector-state.ts";

/** Nothing happens in it but that it is cancelled: it lies in the journal, and the code here does not take it up. */
export function isLeftAlone(run: RunSummary | undefined): boolean {
  return run?.pausedBecause !== undefined && !run.loaded;
}

/** A run of some workflow can be started. */
export function canStart({ workflows, connection }: InspectorState): boolean {
  return workflows.length > 0 || connection !== "ready";
}

/** The open run's, or another's, steps can run here: it can be run again, and its forks go on. */
export function canRunAgain(state: InspectorState, runId = state.runId): boolean {
  const run = runId === null ? undefined : state.runs[runId];
  // What was hidden in its history would be the new run's data.
  if (run === undefined || run.redacted === true) return false;
  const { workflows } = state;
  return workflows.some(({ name }) => name === run.workflow) || (workflows.length === 0 && canStart(state));
}

/** A fork that begins after this tick, null for the newest, has something to do. */
export function canFork(state: InspectorState, runId: string | null, atSequence: number | null): boolean {
  if (runId === null || !canRunAgain(state, runId)) return false;
  const run = state.runs[runId];
  return run?.status !== "completed" || (atSequence !== null && atSequence < run.sequence);
}
