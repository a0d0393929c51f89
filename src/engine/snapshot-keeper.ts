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
/** So few ticks are read as quickly as a snapshot. */
const NEAR = 64;

export class SnapshotKeeper {
  readonly #journal: Journal;
  #last: number;

  /** `last`: sequence of the newest snapshot there is, as far as is known. */
  constructor(journal: Journal, last: number) {
    this.#journal = journal;
    this.#last = last;
  }

  /** Called when the loop rests. The first tick that the journal holds is asked for when those of the state are written. */
  consider(state: BrokerState, writer: JournalWriter, run: { readonly historyFrom: number }): void {
    if (state.sequence - this.#last < INTERVAL + 2 * state.pending) return;
    this.#last = state.sequence;
    // Never ahead of the ticks it stands for.
    writer.whenWritten(() => {
      void this.#save(state, run.historyFrom);
    });
  }

  /** Saves a state that the run will be loaded from, unless the last snapshot is near; its ticks are durable. */
  async saveForReload(state: BrokerState, historyFrom: number): Promise<void> {
    if (state.sequence - this.#last < NEAR) return;
    this.#last = state.sequence;
    await this.#save(state, historyFrom);
  }

  async #save(state: BrokerState, historyFrom: number): Promise<void> {
    const saved = encodeState(state, historyFrom) as unknown as JsonObject;
    // A snapshot is a shortcut: without this one, resuming folds from the one before.
    await this.#journal.saveSnapshot(state.runId, { sequence: state.sequence, state: saved }).catch(() => undefined);
  }
}
