/** What happens in runs, told as it happens: for tracing, metrics, logs. Without hooks nothing is made for them. */
import type { BrokerState } from "../core/broker-state.ts";
import type { Command } from "../core/command.ts";
import type { WorkflowError } from "../core/errors.ts";
import type { Tick } from "../core/tick.ts";

export interface RunHook {
  /**
   * A tick took effect. Called inside the run's turn, so be quick; what it throws is ignored. Also called for the
   * ticks of a resumed run, but not for those before: a hook sees what happens here.
   */
  onTick(happening: Happening): void;
  /**
   * Something went wrong beside a run and does not stop it: a resource could not be disposed of, or the code changed
   * and work was set aside (code WORK_SET_ASIDE). What it throws is ignored. If no hook has this, the problem goes to
   * the console's error log.
   */
  onProblem?(problem: WorkflowError): void;
}

export interface Happening {
  readonly runId: string;
  readonly workflow: string;
  readonly tick: Tick;
  /** What the tick caused: steps started, events published, the end. */
  readonly commands: readonly Command[];
  readonly before: BrokerState;
  readonly after: BrokerState;
}
