import { MemoryJournal, type Journal, type RunRecord, type TickBatch } from "tickwork/testing";

/** A durable journal on top of the one in memory: appends wait to be let through, or fail. */
export class DurableJournal implements Journal {
  readonly durable = true;
  readonly #inner = new MemoryJournal();
  #held: (() => void)[] | null = null;
  failure: Error | null = null;
  appends = 0;

  hold(): void {
    this.#held ??= [];
  }
  release(): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const resume of held) resume();
  }
  async append(runId: string, batch: TickBatch, record: RunRecord): Promise<void> {
    this.appends += 1;
    if (this.#held) await new Promise<void>((resolve) => this.#held?.push(resolve));
    if (this.failure) throw this.failure;
    await Promise.resolve();
    this.#inner.append(runId, batch, record);
  }
  createRun = (record: RunRecord) => this.#inner.createRun(record);
  addRuns: Journal["addRuns"] = (runs) => this.#inner.addRuns(runs);
  getRun = (runId: string) => this.#inner.getRun(runId);
  listRuns: Journal["listRuns"] = (query) => this.#inner.listRuns(query);
  deleteRun = (runId: string) => this.#inner.deleteRun(runId);
  read: Journal["read"] = (runId, range) => this.#inner.read(runId, range);
  readPublished: Journal["readPublished"] = (runId, from) => this.#inner.readPublished(runId, from);
  saveSnapshot: Journal["saveSnapshot"] = (runId, snapshot) => this.#inner.saveSnapshot(runId, snapshot);
  loadSnapshot: Journal["loadSnapshot"] = (runId, sequence) => this.#inner.loadSnapshot(runId, sequence);
  truncate: Journal["truncate"] = (runId, base, later) => this.#inner.truncate(runId, base, later);
  compact = () => this.#inner.compact();
  close = () => this.#inner.close();
}
