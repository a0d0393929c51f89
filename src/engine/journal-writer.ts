/**
 * Writes one run's ticks in groups and says when they are durable. One write is under way at a time; what comes
 * meanwhile makes the next group, so a slow disk gives large groups and a fast one small delays.
 *
 * Output commit: what leaves the run and could not be taken back goes through `whenDurable`. The group it waits for is
 * written strictly: it is on the disk when it is done, and so is all before it. Other groups are only handed to the
 * system, which is several times as quick; they survive the death of this process, and of a loss of power only the
 * next strict write makes them safe. Until then nobody has seen what came of them.
 */
import type { Tick } from "../core/tick.ts";
import type { Journal, PublishedRecord, RunRecord, TickBatch } from "../ports/journal.ts";

/** Without a disk nothing waits for a write; ticks are handed over in groups of this size. */
const LAZY_GROUP = 512;

export interface WriterPort {
  record(): RunRecord;
  /** Makes the run known to the journal before its first ticks are written; null: it is. */
  prepare(): Promise<void> | null;
  /** Ticks could not be written, and nothing later becomes durable. Returns what to tell those who wait. */
  failed(error: unknown): unknown;
}

interface Waiting {
  readonly sequence: number;
  /** It needs more than that the journal has it. */
  readonly strict: boolean;
  readonly release: () => void;
  readonly refuse: (error: unknown) => void;
}

const ignore = (): void => undefined;

export class JournalWriter {
  readonly #journal: Journal;
  readonly #runId: string;
  readonly #port: WriterPort;
  #ticks: Tick[] = [];
  #published: PublishedRecord[] = [];
  #writing: Promise<void> | null = null;
  #stopped = false;
  #prepared = false;
  #newest: number;
  #written: number;
  #waiting: Waiting[] = [];

  constructor(journal: Journal, runId: string, durableSequence: number, port: WriterPort) {
    this.#journal = journal;
    this.#runId = runId;
    this.#port = port;
    this.#newest = durableSequence;
    this.#written = durableSequence;
  }

  /** Ticks up to here survive a crash of this process, as far as the journal promises. */
  get durableSequence(): number {
    return this.#written;
  }

  push(tick: Tick): void {
    this.#ticks.push(tick);
    this.#newest = tick.sequence;
  }

  publish(record: PublishedRecord): void {
    this.#published.push(record);
  }

  /** Called when the loop rests: begins a write if that is due. */
  rest(): void {
    if (this.#stopped || this.#ticks.length === 0) return;
    if (this.#journal.durable) {
      this.#writing ??= this.#writeAll();
    } else {
      if (this.#ticks.length >= LAZY_GROUP) void this.flush();
      this.#settle(this.#newest);
    }
  }

  /**
   * Calls back once everything recorded so far is on the disk: at once, if it is. Ask in the turn of the tick that it is
   * about: what was written by then without anybody waiting is not written again.
   */
  whenDurable(release: () => void, refuse: (error: unknown) => void = ignore): void {
    this.#wait(true, release, refuse);
  }

  /** Calls back once the journal has everything recorded so far: for what happens in here, and can be done again. */
  whenWritten(release: () => void, refuse: (error: unknown) => void = ignore): void {
    this.#wait(false, release, refuse);
  }

  #wait(strict: boolean, release: () => void, refuse: (error: unknown) => void): void {
    if (this.#written >= this.#newest || !this.#journal.durable) release();
    else this.#waiting.push({ sequence: this.#newest, strict, release, refuse });
  }

  /** Writes what is there and waits for it, but not for what comes meanwhile: a run may never be at rest. */
  async flush(): Promise<void> {
    if (!this.#stopped && this.#ticks.length > 0) this.#writing ??= this.#writeAll();
    if (!this.#writing) return;
    const written = new Promise<void>((resolve) => this.whenWritten(resolve, () => resolve()));
    await (this.#journal.durable ? Promise.race([written, this.#writing]) : this.#writing);
  }

  /** The run was taken away from us: writes no more. */
  stop(): void {
    this.#stopped = true;
    this.#ticks = [];
  }

  async #writeAll(): Promise<void> {
    // A turn later: ticks of the same moment make one group.
    await Promise.resolve();
    try {
      if (!this.#prepared) {
        const preparing = this.#port.prepare();
        if (preparing) await preparing;
        this.#prepared = true;
      }
      while (this.#ticks.length > 0 && !this.#stopped) {
        const batch = this.#takeBatch();
        await this.#journal.append(this.#runId, batch, this.#port.record());
        this.#settle(batch.from + batch.ticks.length - 1);
      }
    } catch (error) {
      this.#stopped = true;
      const reason = this.#port.failed(error);
      for (const { refuse } of this.#waiting.splice(0)) refuse(reason);
    } finally {
      this.#writing = null;
    }
  }

  #takeBatch(): TickBatch {
    const ticks = this.#ticks;
    const published = this.#published;
    this.#ticks = [];
    this.#published = [];
    // A batch is all there is, so whoever waits for a later tick than the last batch waits for this one.
    const strict = this.#waiting.some((waiting) => waiting.strict);
    return { from: ticks[0]?.sequence ?? this.#newest, ticks, published, ...(strict && { strict }) };
  }

  #settle(sequence: number): void {
    this.#written = sequence;
    if (this.#waiting.length === 0) return;
    const ready = this.#waiting.filter((entry) => entry.sequence <= sequence);
    this.#waiting = this.#waiting.filter((entry) => entry.sequence > sequence);
    for (const { release } of ready) release();
  }
}
