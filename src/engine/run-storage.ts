/**
 * What a run keeps in its journal: its ticks and what it published, in groups, and now and then its state. A run without
 * a journal has none, nor has one that is only looked at.
 */
import type { BrokerState } from "../core/broker-state.ts";
import type { WorkflowError } from "../core/errors.ts";
import type { JsonObject } from "../core/json.ts";
import type { Tick } from "../core/tick.ts";
import type { Journal, PublishedRecord, RunRecord } from "../ports/journal.ts";
import type { StorageHealth } from "../ports/storage-health.ts";
import { encodeState } from "../serialize/state-codec.ts";
import { JournalWriter, type WriterPort } from "./journal-writer.ts";
import { toRunRecord } from "./run-record.ts";
import { SnapshotKeeper, type KeeperOptions } from "./snapshot-keeper.ts";

/**
 * Where a run's first state comes from. "journal": from there. "new": nothing happened yet, the run's record is made
 * with its first ticks. "context": it was saved elsewhere; if the journal does not know the run, its history there
 * begins with this state.
 */
export type RunOrigin = "journal" | "new" | "context";

export interface RunStorageOptions {
  readonly journal: Journal;
  readonly health: StorageHealth | null;
  /** The state to go on from; its last tick is durable. */
  readonly state: BrokerState;
  readonly origin: RunOrigin;
  readonly snapshots: KeeperOptions;
}

export interface StoragePort {
  readonly state: BrokerState;
  /** Why nothing more is kept, if so. */
  readonly problem: WorkflowError | null;
  /** Ticks could not be written, and nothing later becomes durable. Returns what to tell those who wait. */
  storageFailed(error: unknown): unknown;
}

export class RunStorage implements WriterPort {
  readonly #journal: Journal;
  readonly #health: StorageHealth | null;
  readonly #port: StoragePort;
  readonly #isNew: boolean;
  /** The state of a run that the journal may not know; let go once it does. */
  #foreign: BrokerState | null;
  readonly #writer: JournalWriter;
  readonly #snapshots: SnapshotKeeper;

  constructor({ journal, health, state, origin, snapshots }: RunStorageOptions, port: StoragePort) {
    this.#journal = journal;
    this.#health = health;
    this.#port = port;
    this.#isNew = origin === "new";
    this.#foreign = origin === "context" ? state : null;
    this.#writer = new JournalWriter(journal, state.runId, state.sequence, this);
    this.#snapshots = new SnapshotKeeper(journal, this.#writer, snapshots);
  }

  get durableSequence(): number {
    return this.#writer.durableSequence;
  }

  /** The first tick that the journal holds. */
  get historyFrom(): number {
    return this.#snapshots.historyFrom;
  }

  push(tick: Tick): void {
    this.#writer.push(tick);
  }

  publish(record: PublishedRecord): void {
    this.#writer.publish(record);
  }

  /** Called when the loop rests: begins what is due. */
  rest(): void {
    this.#writer.rest();
    this.#snapshots.consider(this.#port.state);
  }

  /** See `JournalWriter.whenDurable`. */
  whenDurable(release: () => void, refuse?: (error: unknown) => void): void {
    this.#writer.whenDurable(release, refuse);
  }

  /** See `JournalWriter.whenWritten`. */
  whenWritten(release: () => void, refuse?: (error: unknown) => void): void {
    this.#writer.whenWritten(release, refuse);
  }

  /** Resolves when what can be written is: at once, while storage fails. */
  async flush(): Promise<void> {
    await this.#orPaused(this.#writer.flush());
  }

  /** Resolves when nothing of the run is on its way to the journal that can be written. */
  async atRest(): Promise<void> {
    await this.flush();
    await this.#orPaused(this.#snapshots.settled());
  }

  /** What loading the run as it is now needs is in the journal when this resolves, unless the run has a problem then. */
  async checkpoint(): Promise<void> {
    const { state } = this.#port;
    await this.#writer.flush();
    if (!this.#port.problem) await this.#snapshots.saveForReload(state);
  }

  /** Writes no more. */
  stop(): void {
    this.#writer.stop();
  }

  // WriterPort

  prepare(): Promise<void> | null {
    if (this.#isNew) return this.#journal.createRun(this.record());
    return this.#foreign && this.#introduce(this.#foreign);
  }

  /** Without where the history begins: that is the journal's to say. */
  record(): RunRecord {
    return toRunRecord(this.#port.state);
  }

  failed(error: unknown): unknown {
    return this.#port.storageFailed(error);
  }

  /** A run that was saved elsewhere: where the journal does not know it, its history begins with that state. */
  async #introduce(state: BrokerState): Promise<void> {
    const known = await this.#journal.getRun(state.runId);
    this.#snapshots.beginAt(known ? (known.historyFrom ?? 1) : state.sequence + 1);
    this.#foreign = null;
    if (known) return;
    const { historyFrom } = this;
    const saved = encodeState(state) as unknown as JsonObject;
    await this.#journal.createRun(
      { ...this.record(), ...(historyFrom > 1 && { historyFrom }) },
      { sequence: state.sequence, state: saved },
    );
  }

  #orPaused(writing: Promise<void>): Promise<void> {
    return this.#health ? this.#health.orPaused(writing) : writing;
  }
}
