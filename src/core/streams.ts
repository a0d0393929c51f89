/**
 * Streams: a returned list is worked on element by element; when nothing of it is alive any more, the list joins it
 * feeds run once with all that arrived. Counting is exact (B8), so a member that drops out, fails and is recovered,
 * waits or fans out again is never missed and never counted twice.
 */
import type { BrokerState, Lineage, StreamMembers, StreamState } from "./broker-state.ts";
import { isIdle } from "./broker-state.ts";
import type { EventRef } from "./event-ref.ts";
import { own } from "./json.ts";
import { failRun } from "./reduce-lifecycle.ts";
import type { SerializedError } from "./serialized-error.ts";
import { StepQueue } from "./step-queue.ts";
import { LIST_INDEX } from "./tick-events.ts";
import type { IdleCheckTick } from "./tick.ts";
import type { Turn } from "./turn.ts";

const NOTHING_YET: StreamMembers = { events: StepQueue.empty(), released: false };

/**
 * Opens a stream for the list a step returned; the lineage is what its elements carry. The stream counts itself as
 * alive until `settle` is called for it, so that it cannot close while its elements are handed out.
 */
export function openStream(turn: Turn, producer: number, lineage: Lineage | undefined): Lineage {
  const id = turn.state.nextStream;
  turn.state.nextStream = id + 1;
  // Alive in its parent as long as it is open.
  turn.countAlive(lineage, 1);
  const stream: StreamState = {
    id,
    producer,
    ...(lineage && { lineage }),
    openedBy: turn.tick.sequence,
    alive: 1,
    members: {},
  };
  turn.state.streams = turn.state.streams.set(id, stream);
  return { stream: id, recoveries: lineage?.recoveries ?? {} };
}

/** Something in a stream came to its end; with the last one, the stream closes, and maybe its parent after it. */
export function settle(turn: Turn, lineage: Lineage | undefined): void {
  turn.countAlive(lineage, -1);
  closeIfDone(turn, lineage);
}

function streamOf(turn: Turn, lineage: Lineage | undefined): StreamState | undefined {
  const id = lineage?.stream ?? null;
  return id === null ? undefined : turn.state.streams.get(id);
}

function closeIfDone(turn: Turn, lineage: Lineage | undefined): void {
  const stream = streamOf(turn, lineage);
  if (!stream || stream.alive > 0) return;
  for (const join of turn.state.program.steps[stream.producer]?.feeds ?? []) {
    const { events, released } = own(stream.members, String(join)) ?? NOTHING_YET;
    if (!released) release(turn, join, [...events], stream.lineage);
  }
  turn.state.streams = turn.state.streams.delete(stream.id);
  settle(turn, stream.lineage);
}

/** A member for a list join. False when no stream it is part of feeds that join. */
export function addMember(
  turn: Turn,
  join: number,
  take: number | null,
  event: EventRef,
  lineage: Lineage | undefined,
): boolean {
  for (let stream = streamOf(turn, lineage); stream; stream = streamOf(turn, stream.lineage)) {
    if (turn.state.program.steps[stream.producer]?.feeds?.includes(join)) {
      gather(turn, stream, join, take, event);
      return true;
    }
  }
  return false;
}

function gather(turn: Turn, stream: StreamState, join: number, take: number | null, event: EventRef): void {
  const before = own(stream.members, String(join)) ?? NOTHING_YET;
  if (before.released) return;
  const events = before.events.pushBack(event);
  const released = take !== null && events.length >= take;
  const after: StreamState = { ...stream, members: { ...stream.members, [join]: { events, released } } };
  turn.state.streams = turn.state.streams.set(stream.id, after);
  if (released) release(turn, join, [...events], stream.lineage);
}

/** The step runs once, with its members, outside the stream. */
function release(turn: Turn, join: number, members: readonly EventRef[], lineage: Lineage | undefined): void {
  const type = turn.state.program.steps[join]?.accepts[0] ?? "";
  turn.addWorkItem(
    join,
    { tick: turn.tick.sequence, index: LIST_INDEX, type: `${type}[]`, data: null },
    lineage,
    members,
  );
}

/**
 * A stream that can never close: nothing runs, and nothing in it waits for an answer, or for a definition that has a
 * place for it. Its inputs stand in a join whose set will not become full.
 */
export function stuckStream(state: BrokerState): StreamState | null {
  if (!isIdle(state) || state.streams.size === 0) return null;
  const waiting = new Set<number>();
  for (const lineage of waitingLineages(state)) {
    for (let id = lineage?.stream ?? null; id !== null; id = state.streams.get(id)?.lineage?.stream ?? null)
      waiting.add(id);
  }
  for (const stream of state.streams.values()) if (!waiting.has(stream.id)) return stream;
  return null;
}

function* waitingLineages({
  program,
  parked,
  steps,
  timers,
  joins,
}: BrokerState): IterableIterator<Lineage | undefined> {
  for (const { workItem } of parked.values()) yield workItem.lineage;
  if (!program.steps.some(({ orphanOf }) => orphanOf !== undefined)) return;
  // Of a run that is idle, only work that was set aside is queued or backs off.
  for (const { queue } of steps) for (const { lineage } of queue) yield lineage;
  for (const timer of timers.values()) if (timer.kind === "retry") yield timer.workItem.lineage;
  for (const { step, byType } of joins.values()) {
    if (program.steps[step]?.orphanOf === undefined) continue;
    for (const inputs of Object.values(byType)) for (const { lineage } of inputs) yield lineage;
  }
}

export function reduceIdleCheck(turn: Turn, _tick: IdleCheckTick): void {
  const stream = stuckStream(turn.state);
  if (!stream) return;
  const name = (step: number): string => turn.state.program.steps[step]?.name ?? "";
  const joins = [...turn.state.joins.values()]
    .filter((buffer) => buffer.stream === stream.id)
    .map(({ step }) => name(step));
  const error: SerializedError = {
    name: "WorkflowRuntimeError",
    message: `The list that step ${name(stream.producer)} returned can never be complete: ${stream.alive} of it wait in ${joins.join(", ") || "a join"} for events that will not come.`,
    code: "STREAM_STUCK",
    data: { producer: name(stream.producer), stream: stream.id, joins, alive: stream.alive },
  };
  failRun(turn, error);
}
