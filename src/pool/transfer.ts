/** Bytes leave a worker by being moved: the memory changes hands, whatever its size. */
import { WorkflowRuntimeError } from "../core/errors.ts";
import type { WorkflowEvent } from "../core/event-ref.ts";
import { isExotic, partsOf } from "../workflow/plain-data.ts";

const moved = new WeakSet<ArrayBuffer>();

/**
 * The buffers in these events, each once. An event has its data to itself, so no bytes of anybody else are among them.
 * Throws `WorkflowRuntimeError`, code EVENT_MOVED, for an event whose bytes have left before.
 */
export function buffersOf(events: Iterable<WorkflowEvent>): ArrayBuffer[] {
  const found = new Set<ArrayBuffer>();
  for (const { type, data } of events) {
    for (const buffer of buffersIn(data)) {
      if (moved.has(buffer)) throw hasMoved(type);
      found.add(buffer);
    }
  }
  return [...found];
}

/** They left. */
export function markMoved(buffers: readonly ArrayBuffer[]): void {
  for (const buffer of buffers) moved.add(buffer);
}

function* buffersIn(value: unknown): Generator<ArrayBuffer> {
  if (value instanceof ArrayBuffer) yield value;
  else if (ArrayBuffer.isView(value)) {
    const { buffer, byteLength } = value;
    // A view of a part must not take the whole with it.
    if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) yield buffer;
  } else if (isExotic(value)) for (const part of partsOf(value as object)) yield* buffersIn(part);
}

function hasMoved(type: string): WorkflowRuntimeError {
  return new WorkflowRuntimeError(
    `This ${type} was returned, sent or streamed by an isolated step before, and its bytes moved to the engine with it. Make a new event each time.`,
    { code: "EVENT_MOVED", data: { event: type } },
  );
}
