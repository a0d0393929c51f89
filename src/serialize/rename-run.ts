/** A recorded run under another id, and with it its children, whose ids begin with its own. */
import type { BrokerState, ChildRun } from "../core/broker-state.ts";
import type { ParentRun, Tick } from "../core/tick.ts";

export type Rename = (runId: string) => string;

export function renaming(from: string, to: string): Rename {
  return (runId) => (runId === from || runId.startsWith(`${from}/`) ? to + runId.slice(from.length) : runId);
}

/** `isPart`: it stays a part of the run that its parent is; else it is a run by itself from now on. */
export function renameTick(tick: Tick, rename: Rename, isPart: boolean): Tick {
  switch (tick.kind) {
    case "StartRun": {
      const { parent, ...rest } = tick;
      const kept = isPart && parent && { parent: renameParent(parent, rename) };
      return Object.freeze({ ...rest, runId: rename(tick.runId), ...kept });
    }
    case "StartChild":
    case "EndChild":
      return Object.freeze({ ...tick, childRunId: rename(tick.childRunId) });
    default:
      return tick;
  }
}

export function renameState(state: BrokerState, rename: Rename, isPart: boolean): BrokerState {
  const { parent, ...rest } = state;
  let { memos } = state;
  for (const [id, memo] of memos.entries()) {
    if (!memo.children) continue;
    const children: { [key: string]: ChildRun } = Object.create(null);
    for (const [key, child] of Object.entries(memo.children)) {
      children[key] = { ...child, runId: rename(child.runId) };
    }
    memos = memos.set(id, { ...memo, children });
  }
  const kept = isPart && parent && { parent: renameParent(parent, rename) };
  return { ...rest, runId: rename(state.runId), memos, ...kept };
}

function renameParent(parent: ParentRun, rename: Rename): ParentRun {
  return { ...parent, runId: rename(parent.runId) };
}
