/**
 * Child runs: a step runs another workflow as part of its run. The child has a journal of its own; the parent knows
 * it in the memo of the work item that started it, and ends it when that is done without it.
 */
import { hasEnded, type ChildRun } from "./broker-state.ts";
import { findInvocation } from "./invocation.ts";
import type { EndChildTick, StartChildTick } from "./tick.ts";
import type { Turn } from "./turn.ts";

/** A key that is taken is given to the new child: the one before it ended, and was not what was wanted. */
export function reduceStartChild(turn: Turn, tick: StartChildTick): void {
  const found = findInvocation(turn, tick);
  if (!found) return;
  const { key, childRunId, workflow, failures } = tick;
  const memo = turn.memo(found.index, tick.workItem);
  turn.setMemo(tick.workItem, {
    ...memo,
    children: { ...memo.children, [key]: { runId: childRunId, workflow, startedBy: tick.sequence, failures } },
  });
}

export function reduceEndChild(turn: Turn, { workItem, childRunId, outcome }: EndChildTick): void {
  const memo = hasEnded(turn.state) ? undefined : turn.state.memos.get(workItem);
  const [key, child] =
    Object.entries(memo?.children ?? {}).find(([, known]) => known.runId === childRunId && !known.outcome) ?? [];
  if (!memo || key === undefined || !child) {
    turn.state.dropped += 1;
    return;
  }
  turn.setMemo(workItem, { ...memo, children: { ...memo.children, [key]: { ...child, outcome } } });
}

/** Asks for the end of those that still go on. */
export function cancelChildren(turn: Turn, children: { readonly [key: string]: ChildRun }): void {
  for (const { runId, workflow, outcome } of Object.values(children)) {
    if (!outcome) turn.commands.push({ kind: "CancelChild", childRunId: runId, workflow });
  }
}

/** The run is over, and with it all that is part of it. */
export function cancelAllChildren(turn: Turn): void {
  for (const { children } of turn.state.memos.values()) if (children) cancelChildren(turn, children);
}
