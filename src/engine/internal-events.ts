/** Events about the run itself, for readers that asked for them: made only while somebody reads. */
import type { BrokerState, WorkItem } from "../core/broker-state.ts";
import type { Command } from "../core/command.ts";
import type { Program } from "../core/program.ts";
import { busySlots } from "../core/slots.ts";
import type { Tick } from "../core/tick.ts";
import type { EventStream, PublishedEvent } from "./event-stream.ts";

/** What a tick changed for the steps: which are done with something, started, or have to wait for a free worker. */
export function publishInternals(
  stream: EventStream,
  tick: Tick,
  commands: readonly Command[],
  before: BrokerState,
  after: BrokerState,
): void {
  const publish = (data: object): void => stream.publishInternal("StepStateChanged", data, tick.at);
  if (tick.kind === "StepResult") {
    const { step, workerId, workItem, outcome, outputs } = tick;
    publish({
      step,
      workerId,
      workItem,
      state: "notRunning",
      outcome: outcome.kind,
      output: outputs.at(-1)?.event.type ?? null,
    });
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
    if (command.kind === "RunWorker") publish(running(after.program, command.step, command.workerId, command.workItem));
  }
  for (const [index, { name }] of after.program.steps.entries()) {
    for (const item of queuedNow(index, tick, commands, before, after)) {
      publish({ step: name, workItem: item.id, state: "queued", input: item.event.type });
    }
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

/**
 * The work items that this tick put into a step's queue, the next to run first. Their number is known from the lengths,
 * and they stand at its ends: what is asked of a long queue is not more than of a short one.
 */
function queuedNow(
  index: number,
  tick: Tick,
  commands: readonly Command[],
  before: BrokerState,
  after: BrokerState,
): WorkItem[] {
  const was = before.steps[index];
  const is = after.steps[index];
  if (!was || !is || was === is || is.queue.length === 0 || after.status !== "running") return [];
  const isNew = ({ causedBy }: WorkItem): boolean => causedBy === tick.sequence;
  let left = is.queue.length - was.queue.length;
  for (const command of commands) {
    if (command.kind === "RunWorker" && command.step === index && !isNew(command.workItem)) left += 1;
  }
  const first: WorkItem[] = [];
  for (const item of is.queue) {
    if (left <= 0 || !isNew(item)) break;
    first.push(item);
    left -= 1;
  }
  const last: WorkItem[] = [];
  if (left > 0) {
    for (const item of is.queue.newestFirst()) {
      if (left <= 0 || !isNew(item)) break;
      last.push(item);
      left -= 1;
    }
  }
  return [...first, ...last.toReversed()];
}
