/** A run read back from its journal: newest snapshot, then the ticks after it. */
import { initialState, type BrokerState } from "../core/broker-state.ts";
import { ContextSerdeError } from "../core/errors.ts";
import { isSameProgram, type Program } from "../core/program.ts";
import { reduce } from "../core/reduce.ts";
import { eventOfTick } from "../core/tick-events.ts";
import type { Command } from "../core/command.ts";
import type { Tick } from "../core/tick.ts";
import type { Journal, StoredSnapshot } from "../ports/journal.ts";
import { parseContext, type SerializedContext } from "../serialize/serialized-context.ts";
import { decodeState } from "../serialize/decode-state.ts";

/** Sees each tick of a fold, with the state before and after it. */
export type FoldVisitor = (tick: Tick, commands: readonly Command[], before: BrokerState, after: BrokerState) => void;

/**
 * The state at a sequence (or the newest), from the nearest snapshot before it, with the definition it was recorded
 * with. `program` stands in where the history is too old to say; `found` is told where that snapshot stands. Throws
 * `ContextSerdeError`, code HISTORY_DAMAGED, for a history with a gap.
 */
export async function loadState(
  journal: Journal,
  runId: string,
  program: Program,
  sequence = Number.MAX_SAFE_INTEGER,
  found?: (sequence: number) => void,
): Promise<BrokerState> {
  for (;;) {
    const begin = await beginOf(journal, runId);
    try {
      const state = await loadFrom(journal, runId, program, sequence, found);
      if (state.sequence === sequence || (await beginOf(journal, runId)) === begin) return state;
    } catch (error) {
      if ((await beginOf(journal, runId)) === begin) throw error;
    }
  }
}

/** Where the history begins. If that changed while it was read, what was read may lack ticks at its end. */
async function beginOf(journal: Journal, runId: string): Promise<number | undefined> {
  return (await journal.getRun(runId))?.historyFrom;
}

async function loadFrom(
  journal: Journal,
  runId: string,
  program: Program,
  sequence: number,
  found?: (sequence: number) => void,
): Promise<BrokerState> {
  const snapshot = await journal.loadSnapshot(runId, sequence);
  if (snapshot) found?.(snapshot.sequence);
  const fold = async (atHand: Program): Promise<{ state: BrokerState; isAssumed: boolean }> => {
    const start = snapshot
      ? await decodeSnapshot(journal, runId, atHand, snapshot)
      : { ...initialState({ ...atHand, assumed: true }), runId };
    let isAssumed = snapshot !== undefined && start.program.assumed === true;
    const state = await foldTicks(journal, runId, start, sequence, (_tick, _commands, _before, after) => {
      isAssumed ||= after.program.assumed === true;
    });
    return { state, isAssumed };
  };
  const { state, isAssumed } = await fold(program);
  const recorded = isAssumed && (await firstProgram(journal, runId, snapshot?.sequence ?? 0));
  const isOther = recorded && !isSameProgram(recorded, program);
  return shareProgram(isOther ? (await fold(recorded)).state : state, program);
}

/** The first definition that the ticks after this one say: those before it, if they say none, were folded with it too. */
async function firstProgram(journal: Journal, runId: string, after: number): Promise<Program | undefined> {
  for await (const batch of journal.read(runId, { from: after + 1, to: Number.MAX_SAFE_INTEGER })) {
    for (const tick of batch.ticks) if ("program" in tick && tick.program) return tick.program;
  }
  return undefined;
}

/** With the given definition in place of an equal one: all runs of unchanged code have one between them. */
export function shareProgram(state: BrokerState, program: Program): BrokerState {
  const isEqual = state.program.steps.length === program.steps.length && isSameProgram(state.program, program);
  return isEqual ? { ...state, program } : state;
}

/** Folds the ticks after `from` up to and including `to`. */
export async function foldTicks(
  journal: Journal,
  runId: string,
  from: BrokerState,
  to: number,
  visit?: FoldVisitor,
): Promise<BrokerState> {
  let state = from;
  for await (const batch of journal.read(runId, { from: from.sequence + 1, to })) {
    for (const tick of batch.ticks) {
      if (tick.sequence <= state.sequence) continue;
      if (tick.sequence > to) return state;
      if (tick.sequence !== state.sequence + 1) {
        throw gapAfter(runId, state.sequence);
      }
      const { state: after, commands } = reduce(state, tick);
      visit?.(tick, commands, state, after);
      state = after;
    }
  }
  return state;
}

export function gapAfter(runId: string, sequence: number): ContextSerdeError {
  return new ContextSerdeError(`The history of run ${runId} has a gap after tick ${sequence}.`, {
    code: "HISTORY_DAMAGED",
    data: { runId, sequence },
  });
}

async function decodeSnapshot(
  journal: Journal,
  runId: string,
  program: Program,
  { state }: StoredSnapshot,
): Promise<BrokerState> {
  const saved = parseContext(state);
  const payloads = await readPayloads(journal, runId, saved);
  return decodeState(program, saved, (tick, index) => {
    const source = payloads.get(tick);
    const event = source && eventOfTick(source, index);
    return event && { data: event.data };
  });
}

/** The ticks that hold the payloads a snapshot refers to. Reads neighbours together. */
async function readPayloads(journal: Journal, runId: string, saved: SerializedContext): Promise<Map<number, Tick>> {
  const wanted = new Set<number>();
  for (const [id, entry] of Object.entries(saved.events)) if (!("data" in entry)) wanted.add(Number(id.split(".")[0]));
  const found = new Map<number, Tick>();
  for (const { from, to } of ranges([...wanted].toSorted((a, b) => a - b))) {
    for await (const batch of journal.read(runId, { from, to })) {
      for (const tick of batch.ticks) if (wanted.has(tick.sequence)) found.set(tick.sequence, tick);
    }
  }
  return found;
}

/** Sequences closer than this are read in one go. */
const NEAR = 256;

function ranges(sorted: readonly number[]): { from: number; to: number }[] {
  const result: { from: number; to: number }[] = [];
  for (const sequence of sorted) {
    const last = result.at(-1);
    if (last && sequence - last.to <= NEAR) last.to = sequence;
    else result.push({ from: sequence, to: sequence });
  }
  return result;
}
