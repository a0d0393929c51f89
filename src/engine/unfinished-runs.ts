/** Runs that an engine finds unfinished when it begins: it takes them up, or leaves them in the journal until they are due. */
import { fingerprintOf } from "../core/program.ts";
import { mayPass } from "../core/storage-problem.ts";
import type { Clock } from "../ports/clock.ts";
import type { Journal, RunRecord } from "../ports/journal.ts";
import { PARENT_ENDED } from "./child-runs.ts";
import type { HostedRun } from "./hosted-run.ts";
import { runSlots } from "./run-slots.ts";
import type { ServedWorkflows } from "./served-workflows.ts";

export interface UnfinishedRunsPort {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly served: ServedWorkflows;
  /** null: runs stay in memory, however idle. */
  readonly idleTimeout: number | null;
  isHosted(runId: string): boolean;
  /** The run of that id, whether it is there or not: loading it tells. */
  at(runId: string): HostedRun;
}

/** Milliseconds until a run that could not be read is tried again. */
const TAKE_UP_AGAIN = 5000;

const UNFINISHED = ["queued", "running", "idle"] as const;

export class UnfinishedRuns {
  readonly #port: UnfinishedRunsPort;
  /** Takes back the timers of runs that are to be taken up later. */
  readonly #later = new Set<() => void>();
  #isStopped = false;

  constructor(port: UnfinishedRunsPort) {
    this.#port = port;
  }

  /** Takes up every one of them. Those whose workflow is not served here stay as they are. */
  async takeUp(): Promise<void> {
    const { journal, served } = this.#port;
    const unfinished = await journal.listRuns({ status: UNFINISHED, limit: Number.MAX_SAFE_INTEGER });
    const begun: RunRecord[] = [];
    // Oldest first, so that waiting turns keep their order.
    for (const record of unfinished.toReversed()) {
      if (!served.has(record.workflow) || record.readOnly === true) continue;
      if (record.sequence > 0) begun.push(record);
      // Created and never begun: whoever started it was not told that it exists.
      else await journal.deleteRun(record.runId);
    }
    // Only then: what is taken up may create runs of its own.
    // Why one cannot be taken up is told in the list of runs.
    for (const record of begun) await this.#tryToTakeUp(record);
  }

  /** Tries none again. */
  stop(): void {
    this.#isStopped = true;
    for (const takeBack of this.#later) takeBack();
  }

  /** Storage has bad moments: a run that could not be read is tried again, as nobody else may ask for it. */
  async #tryToTakeUp(record: RunRecord): Promise<void> {
    try {
      await this.#takeUp(record);
    } catch (error) {
      if (!mayPass(error) || this.#isStopped) return;
      const { clock } = this.#port;
      const takeBack = clock.setTimer(clock.now() + TAKE_UP_AGAIN, () => {
        this.#later.delete(takeBack);
        void this.#tryToTakeUp(record);
      });
      this.#later.add(takeBack);
    }
  }

  async #takeUp(record: RunRecord): Promise<void> {
    const { runId } = record;
    if (await this.#isOrphan(record)) return this.#port.at(runId).cancel(PARENT_ENDED);
    // A child may have been opened by its parent already.
    if (this.#port.isHosted(runId) || this.#leaveInJournal(record)) return;
    await this.#port.at(runId).load();
  }

  /** A child without its parent has nobody to go on for. */
  async #isOrphan({ parent }: RunRecord): Promise<boolean> {
    if (!parent) return false;
    const record = await this.#port.journal.getRun(parent.runId);
    return !record || !(UNFINISHED as readonly string[]).includes(record.status);
  }

  /** Whether an idle run can stay in the journal until something happens in it. */
  #leaveInJournal({ runId, workflow, shape, status, published, dueAt, updatedAt }: RunRecord): boolean {
    const { served, clock, idleTimeout } = this.#port;
    const { definition, program } = served.get(workflow);
    // Changed code may not be able to go on with it: that is to be known now.
    if (idleTimeout === null || status !== "idle" || shape !== fingerprintOf(program)) return false;
    if (dueAt === undefined || (dueAt !== null && dueAt <= clock.now())) return false;
    // The clock was set back since: only a loaded run knows how much later it is for it.
    if (updatedAt > clock.now()) return false;
    // It has its slot as if it were loaded; without one it must wait its turn, which only a loaded run can.
    const slots = runSlots(definition);
    const slot = slots && slots.tryAcquire();
    if (slots && !slot) return false;
    this.#port.at(runId).leaveInJournal(published, dueAt, slot);
    return true;
  }
}
