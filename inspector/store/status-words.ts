import type { RunStatus, TickKind, WorkItemView } from "tickwork/client";

/** Statuses as people say them. */
export const STATUS_WORDS: { readonly [status in RunStatus]: string } = {
  queued: "Queued",
  running: "Running",
  idle: "Waiting",
  completed: "Completed",
  failed: "Failed",
  cancelled: "Cancelled",
  timedOut: "Timed out",
};

const ENDED = new Set<RunStatus>(["completed", "failed", "cancelled", "timedOut"]);

export function isEnded(status: RunStatus | undefined): boolean {
  return status !== undefined && ENDED.has(status);
}

export const ITEM_WORDS: { readonly [state in WorkItemView["state"]]: string } = {
  running: "Running",
  queued: "Queued",
  delayed: "Backing off",
  waiting: "Waiting",
};

export const TICK_WORDS: { readonly [kind in TickKind]: string } = {
  StartRun: "Start",
  AdmitRun: "Admitted",
  AddEvent: "Event in",
  StepResult: "Step result",
  CollectEvents: "Collect",
  EditState: "Edit state",
  Wakeup: "Wake-up",
  WaiterTimeout: "Wait ran out",
  Timeout: "Timed out",
  CancelRun: "Cancel",
  ResumeRun: "Resume",
  RecordEffect: "Effect done",
  StartChild: "Child starts",
  EndChild: "Child ends",
  IdleCheck: "Idle check",
  FailRun: "Fail run",
};

/** Bookkeeping of the engine: hidden in the log until asked for. */
export const INTERNAL_KINDS: ReadonlySet<TickKind> = new Set<TickKind>(["CollectEvents", "EditState", "Wakeup"]);
