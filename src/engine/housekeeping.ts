/**
 * Keeps a host's storage in order, in the background: packs runs that ended, shortens and deletes those that their
 * workflows let go, and makes room when the storage is full.
 *
 * R1 One thing at a time, in small pieces, each of which is whole in the journal: what is interrupted is found again.
 * R2 Nothing here is needed by a run that goes on. What fails is left for the next time.
 * R3 A run is deleted only if its workflow says so, and never one that has not ended.
 */
import type { BrokerState } from "../core/broker-state.ts";
import { EngineUnavailableError } from "../core/errors.ts";
import type { PruneOptions, PruneReport } from "../inspection/engine-control.ts";
import type { Clock } from "../ports/clock.ts";
import type { Journal, RunRecord } from "../ports/journal.ts";
import { macrotask } from "../ports/macrotask.ts";
import { keepResult } from "./keep-result.ts";
import { GRACE, planSweep, runsUnderPressure, type Keeping, type Policy } from "./retention.ts";
import type { ServedWorkflows } from "./served-workflows.ts";

export interface HousekeepingPort {
  /** As it is: a write of housekeeping must not wait for room. */
  readonly journal: Journal;
  readonly clock: Clock;
  readonly served: ServedWorkflows;
  /** Somebody reads the run's stream or inspects it. */
  isInUse(runId: string): boolean;
  /** Somebody wants to know what runs take. */
  readonly isWatched: boolean;
  /** With its children, as the host does it. */
  delete(runId: string): Promise<void>;
  /** A run takes less space now. */
  changed(record: RunRecord): void;
}

const ENDED = ["completed", "failed", "cancelled", "timedOut"] as const;
/** Less is not worth a packed row, in bytes. */
const WORTH_PACKING = 8192;
/** So few ticks are hardly that much. */
const FEW_TICKS = 16;
/** Made when a write finds the storage full, in bytes: enough to go on for a while. */
const ROOM = 8 * 1024 * 1024;

export class Housekeeping {
  readonly #port: HousekeepingPort;
  /** Runs that ended and may be worth packing. */
  readonly #ended = new Set<string>();
  #turn: Promise<unknown> = Promise.resolve();
  #isTidying = false;
  #makingRoom: Promise<boolean> | null = null;
  #cancelTimer: (() => void) | null = null;
  #sweepsAt = Infinity;
  #stopped = false;

  constructor(port: HousekeepingPort) {
    this.#port = port;
  }

  /** Looks for what is to be done since earlier lives of the engine; returns at once. */
  begin(): void {
    if (!this.#port.journal.durable && !this.#hasPolicies) return;
    const look = this.#inTurn(async () => {
      for (const record of await this.#endedRuns()) if (isWorthPacking(record)) this.#ended.add(record.runId);
      this.#tidy();
      await this.#sweep();
    });
    look.catch(() => undefined);
  }

  /** A run ended, and its end is durable. */
  ended({ runId, sequence, program }: BrokerState): void {
    if (this.#policyOf(program.workflow)) this.#sweepAt(this.#port.clock.now() + GRACE);
    if (!this.#port.journal.durable || (sequence < FEW_TICKS && !this.#port.isWatched)) return;
    this.#ended.add(runId);
    this.#tidy();
  }

  /** See `EngineControl`. */
  prune({ bytes }: PruneOptions = {}): Promise<PruneReport> {
    return this.#inTurn(() => this.#prune(bytes));
  }

  /** A write found the storage full. Says whether it is worth another try; one answer for all who ask meanwhile. */
  makeRoom(): Promise<boolean> {
    this.#makingRoom ??= this.prune({ bytes: ROOM })
      .then(
        ({ freedBytes, deletedRuns }) => freedBytes > 0 || deletedRuns.length > 0,
        () => false,
      )
      .finally(() => {
        this.#makingRoom = null;
      });
    return this.#makingRoom;
  }

  /** Resolves when nothing of it is on its way to the journal. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelTimer?.();
    await this.#turn;
  }

  get #hasPolicies(): boolean {
    return this.#port.served.names.some((name) => this.#policyOf(name) !== undefined);
  }

  /** undefined: all runs of this workflow stay as they are. */
  #policyOf(workflow: string): Policy | undefined {
    if (!this.#port.served.has(workflow)) return undefined;
    const { retention, history } = this.#port.served.get(workflow).definition;
    const { days, runs, whenFull } = retention;
    const isSaid = days !== undefined || runs !== undefined || whenFull === "delete" || history.afterEnd === "result";
    return isSaid ? { retention, history } : undefined;
  }

  #keeping(): Keeping {
    return {
      now: this.#port.clock.now(),
      policyOf: (workflow) => this.#policyOf(workflow),
      isInUse: (runId) => this.#port.isInUse(runId),
    };
  }

  #endedRuns(): Promise<RunRecord[]> {
    return this.#port.journal.listRuns({ status: ENDED, limit: Number.MAX_SAFE_INTEGER });
  }

  /** Packs what ended, a piece in each turn, so that others come in between. */
  #tidy(): void {
    if (this.#isTidying) return;
    this.#isTidying = true;
    void (async () => {
      for (const runId of this.#ended) {
        await this.#inTurn(() => this.#packPiece(runId)).catch(() => this.#ended.delete(runId));
        await new Promise<void>(macrotask);
        if (this.#stopped) return;
      }
      this.#isTidying = false;
    })();
  }

  async #packPiece(runId: string): Promise<void> {
    const record = await this.#port.journal.getRun(runId);
    const isMore = record !== undefined && isWorthPacking(record) && (await this.#port.journal.compact(runId));
    if (isMore) {
      // Behind those that came meanwhile, in an order that a loop over the set keeps to.
      this.#ended.delete(runId);
      this.#ended.add(runId);
      return;
    }
    this.#ended.delete(runId);
    const after = record && (await this.#port.journal.getRun(runId));
    if (after) this.#port.changed(after);
  }

  /** Deletes and shortens what policies say, and sets the time of the next look. */
  async #sweep(): Promise<{ readonly freed: number; readonly deleted: readonly string[] }> {
    if (!this.#hasPolicies) return { freed: 0, deleted: [] };
    const records = await this.#endedRuns();
    const { drop, shorten, next } = planSweep(records, this.#keeping());
    if (next !== null) this.#sweepAt(next);
    let freed = 0;
    const deleted: string[] = [];
    for (const record of drop) freed += await this.#delete(record, records, deleted);
    for (const record of shorten) {
      const { program } = this.#port.served.get(record.workflow);
      await keepResult(this.#port.journal, record, program).catch(() => undefined);
      const after = await this.#port.journal.getRun(record.runId);
      if (!after) continue;
      freed += (record.bytes ?? 0) - (after.bytes ?? 0);
      this.#port.changed(after);
    }
    return { freed, deleted };
  }

  /** First what nobody misses: what policies say, and packing. Then, for so many bytes, what may go under pressure. */
  async #prune(wanted: number | undefined): Promise<PruneReport> {
    const swept = await this.#sweep();
    let { freed } = swept;
    const deleted = [...swept.deleted];
    const isEnough = (): boolean => wanted !== undefined && freed >= wanted;
    const packed: string[] = [];
    const records = await this.#endedRuns();
    for (const record of records.filter(isWorthPacking).toSorted((a, b) => (b.bytes ?? 0) - (a.bytes ?? 0))) {
      if (isEnough()) break;
      const saved = await this.#pack(record).catch(() => 0);
      freed += saved;
      if (saved > 0) packed.push(record.runId);
    }
    if (wanted !== undefined) {
      for (const record of runsUnderPressure(records, this.#keeping())) {
        if (isEnough()) break;
        freed += await this.#delete(record, records, deleted);
      }
    }
    return { freedBytes: freed, compactedRuns: packed, deletedRuns: deleted };
  }

  async #pack(record: RunRecord): Promise<number> {
    const { journal } = this.#port;
    while (await journal.compact(record.runId));
    const after = await journal.getRun(record.runId);
    if (!after) return 0;
    this.#port.changed(after);
    return Math.max(0, (record.bytes ?? 0) - (after.bytes ?? 0));
  }

  /** Returns what that freed, children included. */
  async #delete(record: RunRecord, all: readonly RunRecord[], deleted: string[]): Promise<number> {
    const { runId, sequence, bytes = 0 } = record;
    try {
      // It may be gone, or go on, since its record was read.
      if ((await this.#port.journal.getRun(runId))?.sequence !== sequence) return 0;
      await this.#port.delete(runId);
    } catch {
      return 0;
    }
    deleted.push(runId);
    const parts = all.filter((part) => part.runId.startsWith(`${runId}/`));
    return parts.reduce((sum, part) => sum + (part.bytes ?? 0), bytes);
  }

  #sweepAt(at: number): void {
    if (this.#stopped || this.#sweepsAt <= at) return;
    this.#cancelTimer?.();
    this.#sweepsAt = at;
    const sweep = (): void => {
      this.#cancelTimer = null;
      this.#sweepsAt = Infinity;
      this.#inTurn(() => this.#sweep()).catch(() => this.#sweepAt(this.#port.clock.now() + GRACE));
    };
    this.#cancelTimer = this.#port.clock.setTimer(at, sweep, true);
  }

  /** One after the other; after `stop` nothing more. */
  #inTurn<T>(action: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(() => {
      if (this.#stopped) throw new EngineUnavailableError("The engine was closed.");
      return action();
    });
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}

function isWorthPacking({ bytes, sequence, compacted = 0 }: RunRecord): boolean {
  // Of a run of an earlier version nobody knows what it takes.
  return compacted < sequence && (bytes === undefined ? sequence >= 1_000 : bytes >= WORTH_PACKING);
}
