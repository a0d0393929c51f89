/** A run in one JSON file, read: what `exportRun` gives. Its history begins with its first tick, or with a saved state. */
import { initialState, type BrokerState } from "../core/broker-state.ts";
import { ContextSerdeError } from "../core/errors.ts";
import type { JsonObject } from "../core/json.ts";
import type { Program } from "../core/program.ts";
import type { Tick } from "../core/tick.ts";
import { decodeState } from "./decode-state.ts";
import { RUN_FILE_FORMAT } from "./encode-run-file.ts";
import { migrate, runFileVersions, tickVersions } from "./migrate.ts";
import { assertPlainJson, toPlainJson } from "./plain-json.ts";
import { quickCheck } from "./quick-check.ts";
import { envelopeSchema } from "./run-file-schema.ts";
import { parseContext, type SerializedContext } from "./serialized-context.ts";
import { adoptTick } from "./tick-codec.ts";
import { tickSchema } from "./tick-schema.ts";

const isTick = quickCheck(tickSchema);
const isEnvelope = quickCheck(envelopeSchema);

export interface RunFile {
  /** The run's record in the journal: its workflow, status, times. */
  readonly run: JsonObject & { readonly runId: string; readonly workflow: string };
  /** The workflow's graph, as `buildGraph` gives it. */
  readonly graph: JsonObject;
  /** The state after the tick before the first; null: the history is whole. */
  readonly base: SerializedContext | null;
  /** Without a gap. */
  readonly ticks: readonly Tick[];
  /** Some of what happened is hidden: it can be looked at, and is not to be gone on with. */
  readonly redacted: boolean;
  /** The runs that its steps started. */
  readonly children: readonly RunFile[];
}

/**
 * Reads a run file of this or an earlier version. Throws `ContextSerdeError` for something that is none
 * (RUN_FILE_UNREADABLE) or too large (RUN_FILE_TOO_LARGE), one of a newer tickwork (RUN_FILE_FROM_FUTURE), or one with
 * a gap (HISTORY_DAMAGED). What is wrong and where is in the message. The ticks have their form; whether they fit one
 * another, folding them tells.
 */
export function parseRunFile(file: unknown): RunFile {
  return parsePlain(toPlainJson(file), "");
}

/** As `parseRunFile`, for what was just read from a text and nobody else holds: it is taken as it is, without a copy. */
export function adoptRunFile(file: unknown): RunFile {
  assertPlainJson(file);
  return parsePlain(file, "");
}

/** `place`: where this file stands in another one, with a dot behind it. */
function parsePlain(file: unknown, place: string): RunFile {
  if (!isObject(file) || file["format"] !== RUN_FILE_FORMAT || typeof file["version"] !== "number") {
    throw unreadable(`${place}format`, `it is not "${RUN_FILE_FORMAT}"`);
  }
  const current = migrate(file, file["version"], runFileVersions);
  const { base = null, tickFormat } = current;
  if (!isEnvelope(current)) {
    const [issue] = envelopeSchema.safeParse(current).error?.issues ?? [];
    if (issue) throw unreadable(place + issue.path.join("."), issue.message);
  }
  const context = base === null ? null : parseContext(base);
  const ticks = decode(current["ticks"] as readonly JsonObject[], tickFormat, place);
  checkOrder(ticks, context?.sequence ?? 0);
  const { children = [] } = current as { readonly children?: readonly unknown[] };
  return {
    run: current["run"] as RunFile["run"],
    graph: current["graph"] as JsonObject,
    base: context,
    ticks,
    redacted: current["redacted"] === true,
    children: children.map((child, index) => parsePlain(child, `${place}children.${index}.`)),
  };
}

/** The state before the first tick. `program` stands in where the file is too old to say what it was recorded with. */
export function startOfRunFile({ base, ticks }: RunFile, program: Program): BrokerState {
  const recorded = programOfRunFile(ticks) ?? program;
  return base ? decodeState(recorded, base) : initialState({ ...recorded, assumed: true });
}

/** What the first tick that says one was folded with: those before it were, too. */
export function programOfRunFile(ticks: readonly Tick[]): Program | undefined {
  return ticks.map((tick) => ("program" in tick ? tick.program : undefined)).find(Boolean);
}

function decode(saved: readonly JsonObject[], format: unknown, place: string): Tick[] {
  const ticks: Tick[] = [];
  for (const [index, each] of saved.entries()) {
    const where = `${place}ticks.${index}`;
    let tick: Tick;
    try {
      tick = adoptTick(each, format);
    } catch (error) {
      if (error instanceof ContextSerdeError && error.code === tickVersions.fromFuture) throw error;
      throw unreadable(where, `it cannot be read: ${String(error)}`);
    }
    if (!isTick(tick)) {
      const [issue] = tickSchema.safeParse(tick).error?.issues ?? [];
      if (issue) throw unreadable([where, ...issue.path].join("."), issue.message);
    }
    ticks.push(tick);
  }
  return ticks;
}

/** One after the other in sequence and time; the first of all, and no other, starts the run. */
function checkOrder(ticks: readonly Tick[], base: number): void {
  let last = base;
  let at = Number.NEGATIVE_INFINITY;
  for (const tick of ticks) {
    if (tick.sequence !== last + 1) {
      throw damaged(last, `The history in this file has a gap: tick ${last + 1} is missing.`);
    }
    if ((tick.kind === "StartRun") !== (tick.sequence === 1)) {
      throw damaged(last, `The history in this file is damaged: tick ${tick.sequence} is a ${tick.kind}.`);
    }
    if (tick.at < at) {
      throw damaged(last, `The history in this file is damaged: tick ${tick.sequence} comes before the one before it.`);
    }
    last = tick.sequence;
    at = tick.at;
  }
}

function damaged(sequence: number, message: string): ContextSerdeError {
  return new ContextSerdeError(message, { code: "HISTORY_DAMAGED", data: { sequence } });
}

function unreadable(path: string, why: string): ContextSerdeError {
  return new ContextSerdeError(`This is no exported run, or it is damaged: at ${path || "(the whole file)"}, ${why}.`, {
    code: "RUN_FILE_UNREADABLE",
    data: { path },
  });
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
