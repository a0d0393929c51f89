/** Commands carried out: one function per kind; a kind without one does not compile. */
import type { RunWorkerCommand, Command, CommandKind } from "../core/command.ts";
import type { EventRef } from "../core/event-ref.ts";
import type { Tick } from "../core/tick.ts";

/** What commands do to a run. */
export interface CommandPort {
  runWorker(command: RunWorkerCommand, tick: Tick): void;
  publish(position: number, event: EventRef, tick: Tick): void;
  unhandled(event: EventRef, target: string | undefined, tick: Tick): void;
  scheduleWakeup(due: number | null): void;
  cancelChild(childRunId: string, workflow: string): void;
  /** The run's outcome stands in its state. */
  ended(tick: Tick): void;
}

type Executors = {
  readonly [Kind in CommandKind]: (port: CommandPort, command: Extract<Command, { kind: Kind }>, tick: Tick) => void;
};

const executors: Executors = {
  RunWorker: (port, command, tick) => port.runWorker(command, tick),
  PublishEvent: (port, { position, event }, tick) => port.publish(position, event, tick),
  UnhandledEvent: (port, { event, target }, tick) => port.unhandled(event, target, tick),
  ScheduleWakeup: (port, { due }) => port.scheduleWakeup(due),
  CancelChild: (port, { childRunId, workflow }) => port.cancelChild(childRunId, workflow),
  CompleteRun: (port, _command, tick) => port.ended(tick),
  FailRun: (port, _command, tick) => port.ended(tick),
  HaltRun: (port, _command, tick) => port.ended(tick),
};

export function executeCommand(port: CommandPort, command: Command, tick: Tick): void {
  executors[command.kind](port, command as never, tick);
}
