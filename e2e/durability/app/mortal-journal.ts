/**
 * The real journal of a worker that is to be killed: at one of its writes it says so, and from then on nothing is
 * written or answered any more, until the page ends the worker for good.
 */
import type { Journal, RunRecord, StoredSnapshot, TickBatch, WholeRun } from "tickwork/testing";
import { effectKey, tellOutside } from "./outside.ts";

/** Where in a write the worker dies. */
export type Moment =
  /** Nothing was written. */
  | "before"
  /** The write is under way. */
  | "during"
  /** It is on disk, and the engine does not know. */
  | "after"
  /** The engine knows and lets its outputs go: some may still leave. */
  | "told";

export const MOMENTS: readonly Moment[] = ["before", "during", "after", "told"];

export interface DeathPlan {
  /** The n-th write from now on. */
  readonly write: number;
  readonly moment: Moment;
}

export class MortalJournal implements Journal {
  readonly #inner: Journal;
  #plan: DeathPlan | null;
  #writes = 0;
  #isDying = false;

  constructor(inner: Journal, plan: DeathPlan | null) {
    this.#inner = inner;
    this.#plan = plan;
  }

  /** Writes are counted anew. null: it lives. */
  arm(plan: DeathPlan | null): void {
    this.#plan = plan;
    this.#writes = 0;
  }

  get durable(): boolean {
    return this.#inner.durable;
  }

  createRun(record: RunRecord, base?: StoredSnapshot): Promise<void> {
    return this.#write(() => this.#inner.createRun(record, base));
  }

  addRuns(runs: readonly WholeRun[]): Promise<void> {
    return this.#write(() => this.#inner.addRuns(runs));
  }

  append(runId: string, batch: TickBatch, record: RunRecord): Promise<void> {
    return this.#write(async () => {
      await this.#inner.append(runId, batch, record);
      tellOutside({ kind: "durable", runId, ...finishedIn(batch) });
    });
  }

  saveSnapshot(runId: string, snapshot: StoredSnapshot): Promise<void> {
    return this.#write(() => this.#inner.saveSnapshot(runId, snapshot));
  }

  truncate(runId: string, base: StoredSnapshot, later?: readonly StoredSnapshot[]): Promise<void> {
    return this.#write(() => this.#inner.truncate(runId, base, later));
  }

  async compact(runId: string): Promise<boolean> {
    let isMore = false;
    await this.#write(async () => {
      isMore = await this.#inner.compact(runId);
    });
    return isMore;
  }

  deleteRun(runId: string): Promise<void> {
    return this.#inner.deleteRun(runId);
  }

  getRun: Journal["getRun"] = (runId) => this.#inner.getRun(runId);
  listRuns: Journal["listRuns"] = (query) => this.#inner.listRuns(query);
  read: Journal["read"] = (runId, range) => this.#inner.read(runId, range);
  readPublished: Journal["readPublished"] = (runId, from) => this.#inner.readPublished(runId, from);
  loadSnapshot: Journal["loadSnapshot"] = (runId, atOrBefore) => this.#inner.loadSnapshot(runId, atOrBefore);
  close: Journal["close"] = () => this.#inner.close();

  async #write(action: () => Promise<void>): Promise<void> {
    if (this.#isDying) await forEver();
    this.#writes += 1;
    const moment = this.#plan?.write === this.#writes ? this.#plan.moment : null;
    if (moment === "before") await this.#dieSoon();
    if (moment === "during") {
      const writing = action();
      await Promise.all([writing, this.#die()]);
    }
    await action();
    if (moment === "after") await this.#dieSoon();
    if (moment === "told") void this.#die();
  }

  /** Nothing is answered from now on, and what leaves although it must not has the time to leave. */
  async #dieSoon(): Promise<never> {
    this.#isDying = true;
    await new Promise((resolve) => setTimeout(resolve, 3));
    return this.#die();
  }

  #die(): Promise<never> {
    this.#isDying = true;
    tellOutside({ kind: "dying" });
    return forEver();
  }
}

function finishedIn({ ticks }: TickBatch): { done: number[]; effects: string[] } {
  const done: number[] = [];
  const effects: string[] = [];
  for (const tick of ticks) {
    if (tick.kind === "StepResult" && tick.outcome.kind === "returned") done.push(tick.workItem);
    if (tick.kind === "RecordEffect") effects.push(effectKey(tick.workItem, tick.key));
  }
  return { done, effects };
}

function forEver(): Promise<never> {
  return new Promise(() => undefined);
}
