/** A run read back from its journal: newest snapshot, then the ticks after it. */
import { initialState, type BrokerState } from "../core/broker-state.ts";
import { ContextSerdeError } from "../core/errors.ts";
import type { Program } from "../core/program.ts";
import { reduce } from "../core/reduce.ts";
import { eventOfTick } from "../core/tick-events.ts";
import type { Command } from "../core/command.ts";
import type { Tick } from "../core/tick.ts";
import type { Journal, StoredSnapshot } from "../ports/journal.ts";
import { parseContext, type SerializedContext } from "../serialize/serialized-context.ts";
import { decodeState } from "../serialize/state-codec.ts";

/** Sees each tick of a fold, with the state before and after it. */
export type FoldVisitor = (tick: Tick, commands: readonly Command[], before: BrokerState, after: BrokerState) => void;

/** The state at a sequence (or the newest), from the nearest snapshot before it; `found` is told where that stands. */
export async function loadState(
  journal: Journal,
  runId: string,
  program: Program,
  sequence = Number.MAX_SAFE_INTEGER,
  found?: (sequence: number) => void,
): Promise<BrokerState> {
  const snapshot = await journal.loadSnapshot(runId, sequence);
  if (snapshot) found?.(snapshot.sequence);
  const start = snapshot
    ? await decodeSnapshot(journal, runId, program, snapshot)
    : { ...initialState(program), runId };
  return foldTicks(journal, runId, start, sequence);
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
        throw new ContextSerdeError(`The history of run ${runId} has a gap after tick ${state.sequence}.`, {
          code: "HISTORY_DAMAGED",
          data: { runId, sequence: state.sequence },
        });
      }
      const { state: after, commands } = reduce(state, tick);
      visit?.(tick, commands, state, after);
      state = after;
    }
  }
  return state;
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
