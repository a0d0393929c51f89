/** A journal on a disk that works or does not, as a test says. */
import { StorageError } from "tickwork";
import { FaultInjectingJournal, MemoryJournal, type SimulatedClock } from "tickwork/testing";
import type { RunRecord, StoredSnapshot, TickBatch } from "../../src/ports/journal.ts";

export const full = new StorageError("The storage of this site is full.", { code: "STORAGE_QUOTA" });

export class BrokenDisk extends FaultInjectingJournal {
  /** What writes fail with; null: the disk works. Deleting always does. */
  failure: StorageError | null = null;

  constructor(clock: SimulatedClock, inner = new MemoryJournal()) {
    super(inner, { durable: true, clock });
  }

  override async createRun(record: RunRecord, base?: StoredSnapshot): Promise<void> {
    if (this.failure) throw this.failure;
    return super.createRun(record, base);
  }

  override async append(runId: string, batch: TickBatch, record: RunRecord): Promise<void> {
    if (this.failure) throw this.failure;
    return super.append(runId, batch, record);
  }

  override async deleteRun(runId: string): Promise<void> {
    await super.deleteRun(runId);
    if (this.failure?.code === "STORAGE_QUOTA") this.failure = null;
  }
}
