/** Ticks to JSON and back. Nearly all are plain JSON already; the few that hold more are tagged as a whole. */
import { ContextSerdeError } from "../core/errors.ts";
import type { JsonObject } from "../core/json.ts";
import type { SerializedError } from "../core/serialized-error.ts";
import type { Program } from "../core/program.ts";
import type { Tick } from "../core/tick.ts";
import { isExotic } from "../workflow/plain-data.ts";
import { adoptPlainData, toPlainData } from "../workflow/plain-data.ts";
import { migrate, tickVersions } from "./migrate.ts";
import { decodeProgram } from "./decode-program.ts";
import { encodeProgram } from "./encode-program.ts";
import { decodeValue, encodeValue } from "./serializer.ts";

/** The form that `encodeTick` gives. Keep it beside the ticks, and hand it to `decodeTicks`. */
export const TICK_FORMAT = tickVersions.current;

export function encodeTick(tick: Tick): JsonObject {
  if (hasExotic(tick)) return { tagged: true, tick: encodeValue(tick) };
  const plain = tick as unknown as JsonObject;
  return "program" in tick && tick.program ? { ...plain, program: encodeProgram(tick.program) } : plain;
}

/**
 * Ticks written in this format; 1 where none was kept beside them. Throws `ContextSerdeError`, code
 * HISTORY_FROM_FUTURE, for a format that this version does not know.
 */
export function decodeTicks(saved: readonly JsonObject[], format: unknown = 1): Tick[] {
  if (format === TICK_FORMAT) return saved.map((tick) => decodeTick(tick));
  return saved.map((tick) => decodeTick(migrate(tick, format, tickVersions)));
}

/**
 * A tick as `encodeTick` gives it now. Frozen: its events are handed to steps as they are. Throws `ContextSerdeError`,
 * code HISTORY_DAMAGED, for what is none; whether its fields have their types is not looked at.
 */
export function decodeTick(saved: JsonObject): Tick {
  return decode(saved, toPlainData);
}

/** As `decodeTick`, for JSON that nobody else holds: it is frozen as it is, without a copy. */
export function adoptTick(saved: JsonObject, format: unknown): Tick {
  return decode(format === TICK_FORMAT ? saved : migrate(saved, format, tickVersions), adoptPlainData);
}

function decode(saved: JsonObject, keep: (value: unknown) => unknown): Tick {
  const tick = decodePlain(saved, keep) as Tick & { readonly program?: Program };
  return tick.program === undefined ? tick : Object.freeze({ ...tick, program: decodeProgram(tick.program) });
}

function decodePlain(saved: JsonObject, keep: (value: unknown) => unknown): unknown {
  let tick: unknown;
  try {
    tick = saved["tagged"] === true ? toPlainData(decodeValue(saved["tick"])) : keep(saved);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ContextSerdeError(`A tick of this history cannot be read: ${why}`, { cause, code: "HISTORY_DAMAGED" });
  }
  if (typeof tick === "object" && tick !== null && "kind" in tick) return tick;
  throw new ContextSerdeError("What stands for a tick in this history is none.", { code: "HISTORY_DAMAGED" });
}

function hasExotic(tick: Tick): boolean {
  switch (tick.kind) {
    case "StartRun":
      return needsTag(tick.event.data) || needsTag(tick.store);
    case "AddEvent":
      return needsTag(tick.event.data);
    case "CollectEvents":
      return needsTag(tick.event?.data);
    case "EditState":
      return tick.changes.some((change) => change.op === "set" && needsTag(change.value));
    case "ResumeRun":
      return (
        needsTag(tick.migration?.store) || (tick.migration?.events?.some(({ event }) => needsTag(event.data)) ?? false)
      );
    case "RecordEffect":
      return needsTag(tick.value);
    case "StepResult":
      return (
        tick.outputs.some(({ event }) => needsTag(event.data)) ||
        (tick.changes?.some((change) => change.op === "set" && needsTag(change.value)) ?? false) ||
        (tick.logs?.some(({ data }) => needsTag(data)) ?? false) ||
        (tick.outcome.kind === "failed" && errorNeedsTag(tick.outcome.error)) ||
        (tick.outcome.kind === "waiting" &&
          tick.outcome.waits.some(({ prompt, requirements }) => needsTag(prompt?.data) || needsTag(requirements)))
      );
    case "EndChild":
      return tick.outcome.kind === "completed" ? needsTag(tick.outcome.result) : errorNeedsTag(tick.outcome.error);
    case "FailRun":
      return errorNeedsTag(tick.error);
    default:
      return false;
  }
}

/** A bigint by itself is no object that could be known as exotic. */
function needsTag(value: unknown): boolean {
  return typeof value === "bigint" || isExotic(value);
}

function errorNeedsTag({ data, thrown, cause }: SerializedError): boolean {
  return (
    needsTag(thrown) ||
    (data !== undefined && Object.values(data).some(needsTag)) ||
    (cause !== undefined && errorNeedsTag(cause))
  );
}
