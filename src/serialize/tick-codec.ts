/** Ticks to JSON and back. Nearly all are plain JSON already; the few that hold more are tagged as a whole. */
import type { Json, JsonObject } from "../core/json.ts";
import type { Tick } from "../core/tick.ts";
import { isExotic } from "../workflow/plain-data.ts";
import { toPlainData } from "../workflow/plain-data.ts";
import { decodeValue, encodeValue } from "./serializer.ts";

export function encodeTick(tick: Tick): JsonObject {
  if (!hasExotic(tick)) return tick as unknown as JsonObject;
  return { tagged: true, tick: encodeValue(tick) };
}

/** Freezes what it decodes: the tick's events are handed to steps as they are. */
export function decodeTick(saved: JsonObject): Tick {
  const value = saved["tagged"] === true ? decodeValue(saved["tick"]) : saved;
  return toPlainData(value) as Tick;
}

function hasExotic(tick: Tick): boolean {
  switch (tick.kind) {
    case "StartRun":
      return isExotic(tick.event.data) || isExotic(tick.store) || isLarge(tick.event.data);
    case "AddEvent":
      return isExotic(tick.event.data) || isLarge(tick.event.data);
    case "CollectEvents":
      return tick.event !== undefined && isExotic(tick.event.data);
    case "EditState":
      return tick.changes.some((change) => change.op === "set" && (isExotic(change.value) || isLarge(change.value)));
    case "StepResult":
      return (
        tick.outputs.some(({ event }) => isExotic(event.data) || isLarge(event.data)) ||
        (tick.outcome.kind === "waiting" &&
          tick.outcome.waits.some(({ prompt, requirements }) => isExotic(prompt?.data) || isExotic(requirements))) ||
        (tick.outcome.kind === "failed" && isExotic(tick.outcome.error.data)) ||
        (tick.logs?.some(({ data }) => isExotic(data)) ?? false)
      );
    default:
      return false;
  }
}

/** A bigint by itself has no object to remember it by. */
function isLarge(value: unknown): value is Json {
  return typeof value === "bigint";
}
