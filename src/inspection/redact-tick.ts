/** Ticks, and what they caused, as they may be shown. A new kind of tick or command must say what of it is data. */
import type { WorkItem } from "../core/broker-state.ts";
import type { Command, CommandKind } from "../core/command.ts";
import type { Json, JsonObject } from "../core/json.ts";
import type { Migration, StateChange, StepOutcome, StepResultTick, Tick, TickKind } from "../core/tick.ts";
import type { Redaction } from "./redaction.ts";

export function redactTick(tick: Tick, redaction: Redaction): Tick {
  return redaction.isOpen ? tick : ticks[tick.kind](tick as never, redaction);
}

export function redactCommand(command: Command, redaction: Redaction): Command {
  return redaction.isOpen ? command : commands[command.kind](command as never, redaction);
}

type Redactors<Kind extends string, Of> = {
  readonly [K in Kind]: (value: Extract<Of, { readonly kind: K }>, redaction: Redaction) => Of;
};

const asItIs = <T>(value: T): T => value;

const ticks: Redactors<TickKind, Tick> = {
  StartRun: (tick, show) => ({
    ...tick,
    event: show.event(tick.event),
    store: show.state(tick.store, []) as typeof tick.store,
  }),
  AddEvent: (tick, show) => ({ ...tick, event: show.event(tick.event) }),
  StepResult: (tick, show) => ({
    ...tick,
    outcome: redactOutcome(tick, show),
    outputs: tick.outputs.map((output) => ({ ...output, event: show.event(output.event, tick.step) })),
    ...(tick.changes && { changes: redactChanges(tick.changes, show, tick.step) }),
    ...(tick.logs && { logs: tick.logs.map((record) => show.log(record, tick.step)) }),
  }),
  CollectEvents: (tick, show) => ({ ...tick, ...(tick.event && { event: show.event(tick.event, tick.step) }) }),
  EditState: (tick, show) => ({ ...tick, changes: redactChanges(tick.changes, show, tick.step) }),
  RecordEffect: (tick, show) => ({ ...tick, value: show.effect(tick.value, tick.key, tick.step) }),
  EndChild: (tick, show) => {
    const { outcome, step } = tick;
    return outcome.kind === "completed"
      ? { ...tick, outcome: { ...outcome, result: show.effect(outcome.result, null, step) } }
      : { ...tick, outcome: { ...outcome, error: show.error(outcome.error, step) } };
  },
  CancelRun: (tick, show) => ({ ...tick, ...(tick.reason !== undefined && { reason: show.text(tick.reason) }) }),
  FailRun: (tick, show) => ({ ...tick, error: show.error(tick.error) }),
  StartChild: asItIs,
  AdmitRun: asItIs,
  Wakeup: asItIs,
  WaiterTimeout: asItIs,
  Timeout: asItIs,
  ResumeRun: (tick, show) => ({ ...tick, ...(tick.migration && { migration: redactMigration(tick.migration, show) }) }),
  IdleCheck: asItIs,
};

function redactOutcome({ outcome, step }: StepResultTick, show: Redaction): StepOutcome {
  switch (outcome.kind) {
    case "returned":
      return outcome;
    case "failed":
      return { ...outcome, error: show.error(outcome.error, step) };
    case "waiting":
      return {
        ...outcome,
        waits: outcome.waits.map(({ requirements, prompt, ...wait }) => ({
          ...wait,
          ...(requirements && { requirements: show.fields(wait.type, requirements, step) }),
          ...(prompt && { prompt: show.event(prompt, step) }),
        })),
      };
  }
}

function redactMigration({ events, store, ...names }: Migration, show: Redaction): Migration {
  return {
    ...names,
    ...(events && { events: events.map((each) => ({ ...each, event: show.event(each.event) })) }),
    ...(store && { store: show.state(store, []) as JsonObject }),
  };
}

function redactChanges(changes: readonly StateChange[], show: Redaction, step: string | undefined): StateChange[] {
  return changes.map((change) =>
    change.op === "set" ? { ...change, value: show.state(change.value, change.path, step) as Json } : change,
  );
}

const commands: Redactors<CommandKind, Command> = {
  RunWorker: (command, show) => ({ ...command, workItem: redactItem(command.workItem, show) }),
  PublishEvent: (command, show) => ({ ...command, event: show.event(command.event) }),
  UnhandledEvent: (command, show) => ({ ...command, event: show.event(command.event) }),
  CompleteRun: (command, show) => ({ ...command, event: show.event(command.event) }),
  FailRun: (command, show) => ({ ...command, error: show.error(command.error, command.step) }),
  HaltRun: (command, show) => ({
    ...command,
    ...(command.reason !== undefined && { reason: show.text(command.reason) }),
  }),
  ScheduleWakeup: asItIs,
  CancelChild: asItIs,
};

function redactItem({ event, inputs, retry, ...item }: WorkItem, show: Redaction): WorkItem {
  return {
    ...item,
    event: show.event(event),
    ...(inputs && { inputs: inputs.map((input) => show.event(input)) }),
    ...(retry && { retry: { ...retry, lastError: show.error(retry.lastError) } }),
  };
}
