/** One tick without its payloads. */
import type { Command } from "../core/command.ts";
import type { WorkflowEvent } from "../core/event-ref.ts";
import type { Program } from "../core/program.ts";
import type { Tick } from "../core/tick.ts";
import type { BrokerState } from "../core/broker-state.ts";
import { slotAt } from "../core/slots.ts";
import type { TickEventSummary, TickSummary } from "./inspection-event.ts";
import { previewOf, sizeOf } from "./preview.ts";

const LISTED = 32;
const LONGEST_NOTE = 400;

/** What the state before a step's tick knew of its invocation; null for other ticks, and for late ones. */
export interface InvocationFacts {
  readonly input: string;
  readonly attempt: number;
  readonly duration: number;
  /** The tick that made its work item ready to run. */
  readonly broughtBy: number;
}

export function invocationFacts(before: BrokerState, tick: Tick): InvocationFacts | null {
  if (!("invocation" in tick)) return null;
  const index = before.program.indexes[tick.step];
  const step = index === undefined ? undefined : before.steps[index];
  const entry = step && slotAt(step.slots, tick.workerId);
  if (!entry || entry.workItem.id !== tick.workItem || entry.workItem.invocation !== tick.invocation) return null;
  return {
    input: entry.workItem.event.type,
    attempt: (entry.workItem.retry?.failures ?? 0) + 1,
    duration: Math.max(0, tick.at - entry.startedAt),
    broughtBy: entry.workItem.causedBy,
  };
}

export function summariseTick(
  tick: Tick,
  commands: readonly Command[],
  program: Program,
  facts: InvocationFacts | null,
): TickSummary {
  const events = eventsOf(tick);
  const started: { step: string; workItem: number; workerId: number }[] = [];
  for (const command of commands) {
    if (command.kind !== "RunWorker" || started.length === LISTED) continue;
    started.push({
      step: program.steps[command.step]?.name ?? "",
      workItem: command.workItem.id,
      workerId: command.workerId,
    });
  }
  const note = noteOf(tick, facts);
  return {
    sequence: tick.sequence,
    at: tick.at,
    kind: tick.kind,
    causedBy: tick.causedBy,
    ...("step" in tick && tick.step !== undefined && { step: tick.step }),
    ...("workerId" in tick && { workerId: tick.workerId }),
    ...("workItem" in tick && tick.workItem !== undefined && { workItem: tick.workItem }),
    ...(tick.kind === "StepResult" && { outcome: tick.outcome.kind }),
    ...(facts && { attempt: facts.attempt, input: facts.input, broughtBy: facts.broughtBy }),
    ...(facts && tick.kind === "StepResult" && { duration: facts.duration }),
    events: events.slice(0, LISTED).map(({ event, mode, target }) => summariseEvent(event, mode, target, program)),
    eventCount: events.length,
    started,
    ...(note !== undefined && { note: note.length > LONGEST_NOTE ? `${note.slice(0, LONGEST_NOTE)}…` : note }),
    ...(tick.kind === "StepResult" && tick.logs && tick.logs.length > 0 && { logs: tick.logs.length }),
    size: sizeOf(tick),
  };
}

/** An event that a tick brings. */
export interface TickEvent {
  readonly event: WorkflowEvent;
  readonly mode: TickEventSummary["mode"];
  readonly target?: string | undefined;
}

export function eventsOf(tick: Tick): readonly TickEvent[] {
  switch (tick.kind) {
    case "StartRun":
    case "AddEvent":
      return [{ event: tick.event, mode: "in", target: tick.kind === "AddEvent" ? tick.target : undefined }];
    case "StepResult":
      if (tick.outcome.kind === "waiting") {
        return tick.outcome.waits.flatMap(({ prompt }) => (prompt ? [{ event: prompt, mode: "stream" as const }] : []));
      }
      return tick.outputs.map(({ mode, ...output }) => ({ ...output, mode: mode === "element" ? "return" : mode }));
    default:
      return [];
  }
}

function summariseEvent(
  { type, data }: WorkflowEvent,
  mode: TickEventSummary["mode"],
  target: string | undefined,
  program: Program,
): TickEventSummary {
  const to = mode === "stream" ? [] : (program.routes[type] ?? []).map((index) => program.steps[index]?.name ?? "");
  return { type, mode, to: target === undefined ? to : to.filter((name) => name === target), preview: previewOf(data) };
}

/** "500 ms", "6 s", "1.5 s": locales are the page's. */
function delayWords(milliseconds: number): string {
  return milliseconds < 1_000 ? `${Math.round(milliseconds)} ms` : `${Math.round(milliseconds / 100) / 10} s`;
}

function noteOf(tick: Tick, facts: InvocationFacts | null): string | undefined {
  switch (tick.kind) {
    case "StepResult":
      if (!facts) return "came too late and was ignored";
      if (tick.outcome.kind === "failed") {
        const { error, verdict } = tick.outcome;
        return `${error.name}: ${error.message}${verdict.retry ? ` (again in ${delayWords(verdict.delay)})` : ""}`;
      }
      return tick.outcome.kind === "waiting"
        ? `waits for ${tick.outcome.waits.map(({ type }) => type).join(", ")}`
        : undefined;
    case "CancelRun":
      return tick.reason;
    case "FailRun":
      return tick.error.message;
    case "EditState":
      return tick.changes
        .map(({ op, path }) => `${op} ${path.join(".") || "(everything)"}`)
        .slice(0, 3)
        .join(", ");
    case "RecordEffect":
      return `${tick.key} = ${previewOf(tick.value, 60)}`;
    case "StartChild":
      return `${tick.workflow} as ${tick.childRunId}`;
    case "EndChild":
      return tick.outcome.kind === "completed"
        ? `${tick.childRunId} = ${previewOf(tick.outcome.result, 60)}`
        : `${tick.childRunId}: ${tick.outcome.error.message}`;
    case "CollectEvents":
      return `adds to ${tick.bufferId}`;
    default:
      return undefined;
  }
}
