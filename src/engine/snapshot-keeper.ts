/**
 * Saves a snapshot every so many ticks: resuming starts from the newest, time travel from the nearest. The more
 * work is queued, the larger a snapshot and the longer the stretch to the next, so that snapshots stay a bounded
 * share of what is written.
 */
import type { BrokerState } from "../core/broker-state.ts";
import type { JsonObject } from "../core/json.ts";
import type { Journal } from "../ports/journal.ts";
import { encodeState } from "../serialize/state-codec.ts";
import type { JournalWriter } from "./journal-writer.ts";

const INTERVAL = 1000;

export class SnapshotKeeper {
  readonly #journal: Journal;
  #last: number;

  constructor(journal: Journal, lastSequence: number) {
    this.#journal = journal;
    this.#last = lastSequence;
  }

  /** Called when the loop rests. */
  consider(state: BrokerState, writer: JournalWriter): void {
    if (state.sequence - this.#last < INTERVAL + 2 * state.pending) return;
    this.#last = state.sequence;
    const { runId, sequence } = state;
    // Never ahead of the ticks it stands for.
    writer.whenDurable(() => {
      const saved = encodeState(state, "journal") as unknown as JsonObject;
      // A snapshot is a shortcut: without this one, resuming folds from the one before.
      this.#journal.saveSnapshot(runId, { sequence, state: saved }).catch(() => undefined);
    });
  }
}
