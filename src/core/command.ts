/** Commands: what the reducer asks for. Data only; `engine/execute-command.ts` carries each out. */
import type { EventRef } from "./event-ref.ts";
import type { SerializedError } from "./serialized-error.ts";
import type { WorkItem } from "./broker-state.ts";

/** Hand a work item to a worker of its step. */
export interface RunWorkerCommand {
  readonly kind: "RunWorker";
  /** Index of the step in the program. */
  readonly step: number;
  readonly workerId: number;
  readonly workItem: WorkItem;
}

/** Show an event to the readers of the run's stream. */
export interface PublishEventCommand {
  readonly kind: "PublishEvent";
  /** 1, 2, 3 … per run. */
  readonly position: number;
  readonly event: EventRef;
}

/** No step accepts this event and nothing waits for it. */
export interface UnhandledEventCommand {
  readonly kind: "UnhandledEvent";
  readonly event: EventRef;
  readonly target?: string;
}

/** Wake the loop at this time; null: nothing is due any more. Replaces an earlier one. */
export interface ScheduleWakeupCommand {
  readonly kind: "ScheduleWakeup";
  readonly due: number | null;
}

/** End a child run: nobody will ask for its result any more. */
export interface CancelChildCommand {
  readonly kind: "CancelChild";
  readonly childRunId: string;
  /** Name of its workflow. */
  readonly workflow: string;
}

export interface CompleteRunCommand {
  readonly kind: "CompleteRun";
  readonly event: EventRef;
}

export interface FailRunCommand {
  readonly kind: "FailRun";
  readonly error: SerializedError;
  /** The step whose failure it was, if it was one. */
  readonly step?: string;
}

/** End by cancel or timeout. */
export interface HaltRunCommand {
  readonly kind: "HaltRun";
  readonly status: "cancelled" | "timedOut";
  readonly reason?: string;
  readonly activeSteps: readonly string[];
}

export type Command =
  | RunWorkerCommand
  | PublishEventCommand
  | UnhandledEventCommand
  | ScheduleWakeupCommand
  | CancelChildCommand
  | CompleteRunCommand
  | FailRunCommand
  | HaltRunCommand;

export type CommandKind = Command["kind"];
