/** A run that begins where another one stood: at any of its ticks, in any of its ends but completion. */
import type { BrokerState, ChildRun } from "../core/broker-state.ts";
import { WorkflowRuntimeError } from "../core/errors.ts";
import { shareProgram } from "./load-run.ts";
import type { Program } from "../core/program.ts";

/**
 * The state that the fork of a run in this state begins with. It is a run by itself, also if the other is part of one.
 * Children that had ended keep their results; those that went on start anew, as the fork's own, when their steps run
 * again.
 */
export function forkedState(state: BrokerState, runId: string, now: number, program: Program): BrokerState {
  const { parent: _parent, ...rest } = state;
  const forkedFrom = { runId: state.runId, sequence: state.sequence };
  return shareProgram({ ...rest, runId, createdAt: now, memos: withoutOpenChildren(state.memos), forkedFrom }, program);
}

function withoutOpenChildren(memos: BrokerState["memos"]): BrokerState["memos"] {
  let kept = memos;
  for (const [id, memo] of memos.entries()) {
    if (!memo.children) continue;
    const ended = Object.entries(memo.children).filter(([, { outcome }]) => outcome !== undefined);
    const children: { [key: string]: ChildRun } = Object.fromEntries(ended);
    kept = kept.set(id, { ...memo, children });
  }
  return kept;
}

/** Throws `WorkflowRuntimeError`, code RUN_COMPLETED, for a state in which nothing is left to do. */
export function assertForkable({ status, runId, sequence }: BrokerState): void {
  if (status !== "completed") return;
  throw new WorkflowRuntimeError(
    `Run ${runId} had completed at tick ${sequence}: from there a fork has nothing to do. Choose an earlier tick: engine.forkRun(${JSON.stringify(runId)}, { atSequence: … }).`,
    { code: "RUN_COMPLETED", data: { runId, sequence } },
  );
}
