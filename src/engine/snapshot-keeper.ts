/**
 * Saves a snapshot every so many ticks: resuming starts from the newest, time travel from the nearest. The more
 * work is queued, the larger a snapshot and the longer the stretch to the next, so that snapshots stay a bounded
 * share of what is written.
 *
 * Where a workflow keeps only so many ticks, a snapshot is the moment to drop those before them: a keyframe takes their
 * place, which holds all that the ticks after it refer to.
 *
 * K1 One snapshot is written after the other, since it refers to ticks that the one before may have dropped.
 * K2 Once ticks may be gone nothing refers to them: also when nobody can say whether the cut took effect.
 */
import type { BrokerState } from "../core/broker-state.ts";
import type { JsonObject } from "../core/json.ts";
import type { Journal, StoredSnapshot } from "../ports/journal.ts";
import { encodeState } from "../serialize/state-codec.ts";
import type { JournalWriter } from "./journal-writer.ts";

const INTERVAL = 1000;
/** So few ticks are read as quickly as a snapshot. */
const NEAR = 64;

/** Whether the stretch since the snapshot at `last` is long enough for another one. */
export function isSnapshotDue(state: BrokerState, last: number): boolean {
  return state.sequence - last >= INTERVAL + 2 * state.pending;
}

export interface KeeperOptions {
  /** Sequence of the newest snapshot there is, as far as is known. */
  readonly last: number;
  /** The first tick that the journal holds. */
  readonly historyFrom: number;
  /** Ticks that stay; null: all. */
  readonly keepTicks: number | null;
  /** The state after a tick that is durable; null: nobody here can read it, so nothing is dropped. */
  readonly stateAt: ((sequence: number) => Promise<BrokerState>) | null;
}

export class SnapshotKeeper {
  readonly #journal: Journal;
  readonly #writer: JournalWriter;
  readonly #options: KeeperOptions;
  #last: number;
  #historyFrom: number;
  /** Later than that where a cut was tried. */
  #safeFrom: number;
  /** Made with the first snapshot: most runs have none. */
  #turn: Promise<void> | null = null;

  constructor(journal: Journal, writer: JournalWriter, options: KeeperOptions) {
    this.#journal = journal;
    this.#writer = writer;
    this.#options = options;
    this.#last = options.last;
    this.#historyFrom = options.historyFrom;
    this.#safeFrom = options.historyFrom;
  }

  /** The first tick that the journal holds. */
  get historyFrom(): number {
    return this.#historyFrom;
  }

  /** The run's history in this journal begins here. */
  beginAt(historyFrom: number): void {
    this.#historyFrom = historyFrom;
    this.#safeFrom = historyFrom;
  }

  /** Called when the loop rests. */
  consider(state: BrokerState): void {
    if (!isSnapshotDue(state, this.#last)) return;
    this.#last = state.sequence;
    // Never ahead of the ticks it stands for.
    this.#writer.whenWritten(() => void this.#save(state));
  }

  /** Saves a state that the run will be loaded from, unless the last snapshot is near; its ticks are durable. */
  async saveForReload(state: BrokerState): Promise<void> {
    if (state.sequence - this.#last < NEAR) return this.settled();
    this.#last = state.sequence;
    await this.#save(state);
  }

  /** Resolves when nothing of this keeper is on its way to the journal. */
  async settled(): Promise<void> {
    await this.#turn;
  }

  #save(state: BrokerState): Promise<void> {
    // A snapshot is a shortcut: without this one, resuming folds from the one before.
    const turn = this.settled()
      .then(() => this.#write(state))
      .catch(() => undefined);
    this.#turn = turn;
    return turn;
  }

  #write(state: BrokerState): Promise<void> {
    const { keepTicks, stateAt } = this.#options;
    const cut = keepTicks === null ? 0 : state.sequence - keepTicks;
    if (stateAt && cut >= this.#historyFrom) return this.#cut(state, cut, stateAt);
    return this.#journal.saveSnapshot(state.runId, toSnapshot(state, this.#safeFrom));
  }

  async #cut(state: BrokerState, cut: number, stateAt: NonNullable<KeeperOptions["stateAt"]>): Promise<void> {
    // Without a disk, ticks are handed over in groups.
    await this.#writer.flush();
    const base = cut === state.sequence ? state : await stateAt(cut);
    this.#safeFrom = cut + 1;
    const later = cut === state.sequence ? [] : [toSnapshot(state, this.#safeFrom)];
    await this.#journal.truncate(state.runId, toSnapshot(base, this.#safeFrom), later);
    this.#historyFrom = this.#safeFrom;
  }
}

function toSnapshot(state: BrokerState, historyFrom: number): StoredSnapshot {
  return { sequence: state.sequence, state: encodeState(state, historyFrom) as unknown as JsonObject };
}
