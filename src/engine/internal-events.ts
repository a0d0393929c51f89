/** Events about the run itself, for readers that asked for them: made only while somebody reads. */
import type { BrokerState, WorkItem } from "../core/broker-state.ts";
import type { Command } from "../core/command.ts";
import type { Program } from "../core/program.ts";
import { busySlots } from "../core/slots.ts";
import type { Tick } from "../core/tick.ts";
import type { EventStream, PublishedEvent } from "./event-stream.ts";

export function publishInternals(
  stream: EventStream,
  program: Program,
  tick: Tick,
  commands: readonly Command[],
): void {
  if (tick.kind === "StepResult") {
    const { step, workerId, workItem, outcome, outputs } = tick;
    stream.publishInternal(
      "StepStateChanged",
      {
        step,
        workerId,
        workItem,
        state: "notRunning",
        outcome: outcome.kind,
        output: outputs.at(-1)?.event.type ?? null,
      },
      tick.at,
    );
  }
  if (tick.kind === "StartChild") {
    const { step, workItem, workflow, childRunId } = tick;
    stream.publishInternal("ChildRunStarted", { step, workItem, workflow, runId: childRunId }, tick.at);
  }
  if (tick.kind === "EndChild") {
    const { step, workItem, outcome, childRunId } = tick;
    stream.publishInternal("ChildRunEnded", { step, workItem, runId: childRunId, outcome: outcome.kind }, tick.at);
  }
  for (const command of commands) {
    if (command.kind !== "RunWorker") continue;
    stream.publishInternal(
      "StepStateChanged",
      running(program, command.step, command.workerId, command.workItem),
      tick.at,
    );
  }
}

/** What is running at the moment, for a reader who comes in the middle. */
export function runningNow({ steps, program, at, published }: BrokerState): PublishedEvent[] {
  const events: PublishedEvent[] = [];
  for (const [index, { slots }] of steps.entries()) {
    for (const [workerId, { workItem }] of busySlots(slots)) {
      const data = running(program, index, workerId, workItem);
      events.push({ type: "StepStateChanged", data, sequence: published, at, internal: true });
    }
  }
  return events;
}

function running(program: Program, step: number, workerId: number, { id, event }: WorkItem) {
  return { step: program.steps[step]?.name, workerId, workItem: id, state: "running", input: event.type };
}
