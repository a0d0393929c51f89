/** A run in one JSON file: what `exportRun` gives. Its history begins with its first tick, or with a saved state. */
import { initialState, type BrokerState } from "../core/broker-state.ts";
import { ContextSerdeError } from "../core/errors.ts";
import type { JsonObject } from "../core/json.ts";
import type { Program } from "../core/program.ts";
import type { Tick } from "../core/tick.ts";
import { decodeState } from "./decode-state.ts";
import { migrate, runFileVersions, tickVersions } from "./migrate.ts";
import { parseContext, type SerializedContext } from "./serialized-context.ts";
import { decodeTicks, TICK_FORMAT } from "./tick-codec.ts";

const RUN_FILE_FORMAT = "tickwork/run";

export interface RunFile {
  /** The run's record in the journal: its workflow, status, times. */
  readonly run: JsonObject;
  /** The state after the tick before the first; null: the history is whole. */
  readonly base: SerializedContext | null;
  /** Without a gap. */
  readonly ticks: readonly Tick[];
}

/** `ticks` as `encodeTick` gives them. */
export function encodeRunFile(run: JsonObject, graph: JsonObject, base: SerializedContext | null, ticks: JsonObject[]) {
  return {
    format: RUN_FILE_FORMAT,
    version: runFileVersions.current,
    tickFormat: TICK_FORMAT,
    run,
    graph,
    ...(base && { base: base as unknown as JsonObject }),
    ticks,
  } satisfies JsonObject;
}

/**
 * Reads a run file of this or an earlier version. Throws `ContextSerdeError` for something that is none
 * (RUN_FILE_UNREADABLE), one of a newer tickwork (RUN_FILE_FROM_FUTURE), or one with a gap (HISTORY_DAMAGED).
 */
export function parseRunFile(file: unknown): RunFile {
  if (!isObject(file) || file["format"] !== RUN_FILE_FORMAT || typeof file["version"] !== "number") {
    throw unreadable(`its "format" is not "${RUN_FILE_FORMAT}"`);
  }
  const { run, base = null, ticks, tickFormat } = migrate(file, file["version"], runFileVersions);
  if (!isObject(run) || typeof run["workflow"] !== "string") throw unreadable('"run" is missing');
  if (!Array.isArray(ticks)) throw unreadable('"ticks" is no list');
  const context = base === null ? null : parseContext(base);
  const decoded = decode(ticks as JsonObject[], tickFormat);
  let last = context?.sequence ?? 0;
  for (const { sequence } of decoded) {
    if (sequence !== last + 1) {
      throw new ContextSerdeError(`The history in this file has a gap: tick ${last + 1} is missing.`, {
        code: "HISTORY_DAMAGED",
        data: { sequence: last },
      });
    }
    last = sequence;
  }
  return { run, base: context, ticks: decoded };
}

/** The state before the first tick. `program` stands in where the file is too old to say what it was recorded with. */
export function startOfRunFile({ base, ticks }: RunFile, program: Program): BrokerState {
  // What the first tick that says one was folded with, those before it were folded with too.
  const recorded = ticks.map((tick) => ("program" in tick ? tick.program : undefined)).find(Boolean) ?? program;
  return base ? decodeState(recorded, base) : initialState({ ...recorded, assumed: true });
}

function decode(ticks: readonly JsonObject[], format: unknown): Tick[] {
  try {
    return decodeTicks(ticks, format);
  } catch (error) {
    if (error instanceof ContextSerdeError && error.code === tickVersions.fromFuture) throw error;
    throw unreadable(`a tick cannot be read: ${String(error)}`);
  }
}

function unreadable(why: string): ContextSerdeError {
  return new ContextSerdeError(`This is no exported run: ${why}.`, { code: "RUN_FILE_UNREADABLE" });
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
