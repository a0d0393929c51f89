/** A run for checks of journals: written batch by batch, and read back. */
import type { JsonObject } from "../core/json.ts";
import type { Tick } from "../core/tick.ts";
import type { Journal, PublishedRecord, RunRecord, TickBatch } from "../ports/journal.ts";
import { toPlainData } from "../workflow/plain-data.ts";
import { readAll } from "./assertions.ts";

/** A run whose every second tick publishes an event. */
export class SampleRun {
  readonly runId: string;
  readonly batches: TickBatch[] = [];
  readonly #journal: Journal;

  constructor(journal: Journal, runId: string) {
    this.#journal = journal;
    this.runId = runId;
  }

  static async create(journal: Journal, runId: string): Promise<SampleRun> {
    const run = new SampleRun(journal, runId);
    await journal.createRun(run.record());
    return run;
  }

  get ticks(): Tick[] {
    return this.batches.flatMap(({ ticks }) => ticks);
  }

  get published(): PublishedRecord[] {
    return this.batches.flatMap(({ published }) => published);
  }

  get positions(): number[] {
    return this.published.map(({ position }) => position);
  }

  get sequence(): number {
    const last = this.batches.at(-1);
    return last ? last.from + last.ticks.length - 1 : 0;
  }

  record(changes: Partial<RunRecord> = {}): RunRecord {
    return sampleRecord(this.runId, { sequence: this.sequence, published: this.published.length, ...changes });
  }

  /** The batch that would come next, or one that begins elsewhere. */
  batch(count: number, from = this.sequence + 1, dataOf: (sequence: number) => unknown = String): TickBatch {
    const ticks = Array.from({ length: count }, (_, index) => sampleTick(from + index, dataOf(from + index)));
    let position = this.published.length;
    const published = ticks
      .filter(({ sequence }) => sequence % 2 === 0)
      .map(({ sequence }): PublishedRecord => {
        position += 1;
        // One in three stands in full.
        const event = position % 3 === 0 && { event: { type: "Sample", data: { at: sequence } } };
        return { position, tick: sequence, index: 0, ...event };
      });
    return { from, ticks, published };
  }

  async append(count: number): Promise<void> {
    const batch = this.batch(count);
    this.batches.push(batch);
    await this.#journal.append(this.runId, batch, this.record());
  }
}

export function sampleRecord(runId: string, changes: Partial<RunRecord> = {}): RunRecord {
  return {
    runId,
    workflow: "sample",
    version: "1",
    createdAt: 1_000,
    updatedAt: 2_000,
    status: "running",
    sequence: 0,
    published: 0,
    busy: 1,
    queued: 2,
    waiting: 1,
    waitingFor: ["Answer"],
    ...changes,
  };
}

/** Deeply frozen, as the engine's ticks are. */
export function makeTick(tick: object): Tick {
  return toPlainData(tick) as Tick;
}

function sampleTick(sequence: number, data: unknown): Tick {
  return makeTick({
    kind: "AddEvent",
    sequence,
    at: 1_000 + sequence,
    causedBy: "external",
    event: { type: "Sample", data },
  });
}

export function snapshotAt(sequence: number): { sequence: number; state: JsonObject } {
  return { sequence, state: { at: sequence, list: [1, { two: 2 }] } };
}

/** How a journal stores a run is its own affair. */
export function withoutSize({ bytes: _bytes, compacted: _compacted, ...record }: RunRecord): RunRecord {
  return record;
}

export async function recordOf(journal: Journal, runId: string): Promise<RunRecord | undefined> {
  const record = await journal.getRun(runId);
  return record && withoutSize(record);
}

export async function readTicks(journal: Journal, runId: string): Promise<Tick[]> {
  const batches = await readAll(journal.read(runId, { from: 1, to: Number.MAX_SAFE_INTEGER }));
  return batches.flatMap(({ ticks }) => ticks);
}

export function positionsIn(batches: readonly TickBatch[]): number[] {
  return batches.flatMap(({ published }) => published.map(({ position }) => position));
}
