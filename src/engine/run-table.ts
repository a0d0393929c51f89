/**
 * The runs of a host: those in memory, and those that are idle and left to the journal, of which it knows only when
 * they are due. Starts runs, takes up those that were not finished, and lets go of those that ended.
 */
import { hasEnded, type BrokerState } from "../core/broker-state.ts";
import { EngineUnavailableError, WorkflowRuntimeError, type WorkflowError } from "../core/errors.ts";
import type { WorkflowEvent } from "../core/event-ref.ts";
import type { JsonObject } from "../core/json.ts";
import type { ParentRun } from "../core/tick.ts";
import { fingerprintOf } from "../core/program.ts";
import { mayPass } from "../core/storage-problem.ts";
import type { OnMismatch } from "../inspection/engine-control.ts";
import type { RunSummary } from "../inspection/inspection-event.ts";
import type { InspectionHub } from "../inspection/inspection-hub.ts";
import type { Journal, RunRecord, WholeRun } from "../ports/journal.ts";
import type { Runtime } from "../ports/runtime.ts";
import { encodeState } from "../serialize/state-codec.ts";
import type { CompiledWorkflow } from "../workflow/compile.ts";
import { Alarms } from "./alarms.ts";
import { newState } from "./begin-run.ts";
import { RunBroker } from "./broker.ts";
import { mismatchOf } from "./changed-code.ts";
import { PARENT_ENDED, type ChildOpener, type ChildRequest } from "./child-runs.ts";
import { HostedRun, type HostedRunPort } from "./hosted-run.ts";
import { initialStore } from "./initial-store.ts";
import { loadState } from "./load-run.ts";
import { prepareResume } from "./migrate-run.ts";
import { readOnlyOf, runIsReadOnly } from "./read-only-run.ts";
import { Recent } from "./recent.ts";
import { toRunRecord } from "./run-record.ts";
import type { ResumeFacts } from "./resume-broker.ts";
import { runSlots } from "./run-slots.ts";
import type { ServedWorkflows } from "./served-workflows.ts";

export interface RunTableOptions {
  readonly runtime: Runtime & { readonly journal: Journal };
  readonly served: ServedWorkflows;
  readonly idleTimeout: number | null;
  readonly onMismatch: OnMismatch;
  readonly hub: () => Pick<InspectionHub, "isQuiet" | "watches" | "tick" | "touch" | "deleted">;
  /** Ticks of a run were written. */
  readonly wrote: () => void;
  /** A run ended here, and its end is durable. */
  readonly ended: (state: BrokerState) => void;
}

/** Why a run that should go on does not. */
export type WhyPaused = Pick<RunSummary, "pausedBecause" | "mismatch">;

/** Milliseconds until a run that could not be read is tried again. */
const TAKE_UP_AGAIN = 5000;

const UNFINISHED = ["queued", "running", "idle"] as const;

export class RunTable implements ChildOpener {
  readonly #journal: Journal;
  readonly #options: RunTableOptions;
  readonly #port: HostedRunPort;
  readonly #alarms: Alarms;
  /** Runs that have not ended, loaded or released. */
  readonly #runs = new Map<string, HostedRun>();
  /** Runs that ended lately: their last news is still on its way, and attaching to them is quick. */
  readonly #ended = new Recent<HostedRun>(32);
  /** Runs that ended or were released lately: their rows. */
  readonly #left = new Recent<RunRecord>(2000);
  /** Why a run could not be taken up. */
  readonly #unloadable = new Map<string, WhyPaused>();
  readonly #starting = new Set<string>();
  /** Takes back the timers of runs that are to be taken up later. */
  readonly #later = new Set<() => void>();
  /** Why no run is hosted here any more. */
  #closed: WorkflowError | null = null;

  constructor(options: RunTableOptions) {
    this.#options = options;
    this.#journal = options.runtime.journal;
    this.#alarms = new Alarms(options.runtime.clock);
    this.#port = this.#makePort();
  }

  /** Takes up every run that was not finished. Those whose workflow is not served here stay as they are. */
  async resumeAll(): Promise<void> {
    const unfinished = await this.#journal.listRuns({ status: UNFINISHED, limit: Number.MAX_SAFE_INTEGER });
    const begun: RunRecord[] = [];
    // Oldest first, so that waiting turns keep their order.
    for (const record of unfinished.toReversed()) {
      if (!this.#options.served.has(record.workflow) || record.readOnly === true) continue;
      if (record.sequence > 0) begun.push(record);
      // Created and never begun: whoever started it was not told that it exists.
      else await this.#journal.deleteRun(record.runId);
    }
    // Only then: what is taken up may create runs of its own.
    // Why one cannot be taken up is told in the list of runs.
    for (const record of begun) await this.#tryToTakeUp(record);
  }

  /** Storage has bad moments: a run that could not be read is tried again, as nobody else may ask for it. */
  async #tryToTakeUp(record: RunRecord): Promise<void> {
    try {
      await this.#takeUp(record);
    } catch (error) {
      if (!mayPass(error) || this.#closed) return;
      const { clock } = this.#options.runtime;
      const takeBack = clock.setTimer(clock.now() + TAKE_UP_AGAIN, () => {
        this.#later.delete(takeBack);
        void this.#tryToTakeUp(record);
      });
      this.#later.add(takeBack);
    }
  }

  async #takeUp(record: RunRecord): Promise<void> {
    if (await this.#isOrphan(record)) return this.at(record.runId).cancel(PARENT_ENDED);
    // A child may have been opened by its parent already.
    if (this.#runs.has(record.runId) || this.#leaveInJournal(record)) return;
    await this.at(record.runId).load();
  }

  /** A child without its parent has nobody to go on for. */
  async #isOrphan({ parent }: RunRecord): Promise<boolean> {
    if (!parent) return false;
    const record = await this.#journal.getRun(parent.runId);
    return !record || !(UNFINISHED as readonly string[]).includes(record.status);
  }

  /** Opens a run that a step of another one runs. */
  async open({ runId, compiled, start }: ChildRequest): Promise<HostedRun | null> {
    if (this.#runs.has(runId) || this.#ended.get(runId) || (await this.#journal.getRun(runId))) return this.find(runId);
    return start && this.start(compiled, start, runId);
  }

  /** Resolves when the run is replayable, whatever happens. */
  async start(
    compiled: CompiledWorkflow,
    { event, parent }: { readonly event: WorkflowEvent; readonly parent?: ParentRun },
    runId: string,
  ): Promise<HostedRun> {
    const store = initialStore(compiled.definition);
    const state = newState(compiled, runId, this.#options.runtime);
    return this.#begin(compiled, parent ? { ...state, parent } : state, (run, broker) =>
      run.start(broker, event, store, parent),
    );
  }

  /** A new run that begins with this state, which is that of another run but for its id. Resolves as `start` does. */
  fork(compiled: CompiledWorkflow, state: BrokerState, facts: ResumeFacts): Promise<HostedRun> {
    return this.#begin(compiled, state, (run, broker) => run.carryOn(broker, facts));
  }

  async #begin(
    compiled: CompiledWorkflow,
    state: BrokerState,
    begin: (run: HostedRun, broker: RunBroker) => void,
  ): Promise<HostedRun> {
    const { runId, sequence } = state;
    if (this.#starting.has(runId)) throw runIsStarting(runId);
    this.#starting.add(runId);
    try {
      const run = new HostedRun(runId, this.#port);
      const { runtime } = this.#options;
      const broker = new RunBroker({
        compiled,
        runtime,
        state,
        observer: run,
        children: this,
        historyFrom: sequence + 1,
        stateAt: this.#stateReader(runId, compiled),
      });
      const base = sequence > 0 && { sequence, state: encodeState(state) as unknown as JsonObject };
      await (base ? this.#journal.createRun(broker.runRecord, base) : this.#journal.createRun(broker.runRecord));
      this.#runs.set(runId, run);
      begin(run, broker);
      try {
        await broker.durable();
      } catch (error) {
        this.#runs.delete(runId);
        // Whoever starts it is told that it was not started, and may start it again under its id.
        if (mayPass(error)) await this.#journal.deleteRun(runId).catch(() => undefined);
        throw error;
      }
      return run;
    } finally {
      this.#starting.delete(runId);
    }
  }

  /** Stores runs that were recorded elsewhere: all, or none. */
  async add(runs: readonly WholeRun[]): Promise<void> {
    const starting = runs.find(({ record }) => this.#starting.has(record.runId));
    if (starting) throw runIsStarting(starting.record.runId);
    await this.#journal.addRuns(runs);
    for (const { record } of runs) {
      this.#left.set(record.runId, record);
      this.#touch(record.runId);
    }
  }

  /** The run of that id, whether it is there or not: loading it tells. */
  at(runId: string): HostedRun {
    this.assertOpen();
    const known = this.#runs.get(runId) ?? this.#ended.get(runId);
    if (known) return known;
    const run = new HostedRun(runId, this.#port);
    this.#runs.set(runId, run);
    return run;
  }

  /** The run, once it is known that it is there; one that is released stays so. */
  async find(runId: string): Promise<HostedRun> {
    const run = this.at(runId);
    if (!run.isReleased) await run.load();
    return run;
  }

  /** The record of a run in the journal. Throws `WorkflowRuntimeError`, code RUN_UNKNOWN, when there is none. */
  async record(runId: string): Promise<RunRecord> {
    this.assertOpen();
    const record = await this.#journal.getRun(runId);
    if (record) return record;
    throw new WorkflowRuntimeError(
      `There is no run ${JSON.stringify(runId)} here. It may have been deleted, or belong to another browser or database.`,
      {
        code: "RUN_UNKNOWN",
        data: { runId },
      },
    );
  }

  async delete(runId: string): Promise<void> {
    await this.record(runId);
    await this.#runs.get(runId)?.remove(new WorkflowRuntimeError(`Run ${runId} was deleted.`));
    this.#runs.delete(runId);
    this.#ended.delete(runId);
    this.#left.delete(runId);
    this.#unloadable.delete(runId);
    const children = await this.#journal.listRuns({ parent: runId, limit: Number.MAX_SAFE_INTEGER });
    for (const child of children) await this.delete(child.runId);
    await this.#journal.deleteRun(runId);
    this.#options.hub().deleted(runId);
  }

  /** Runs in memory that have not ended. */
  *loaded(): IterableIterator<RunBroker> {
    for (const { broker } of this.#runs.values()) if (broker) yield broker;
  }

  isLoaded(runId: string): boolean {
    return (this.#runs.get(runId)?.broker ?? null) !== null;
  }

  /** Somebody watches the run live. If it cannot be loaded, its row says why. */
  loadReleased(runId: string): void {
    const run = this.#runs.get(runId);
    if (run?.isReleased) run.load().catch(() => undefined);
  }

  /** The run, if it is in memory, ended or not. */
  inMemory(runId: string): RunBroker | undefined {
    return (this.#runs.get(runId) ?? this.#ended.get(runId))?.broker ?? undefined;
  }

  /** What is known of a run that ended or was released lately. */
  leftLately(runId: string): RunRecord | undefined {
    return this.#left.get(runId);
  }

  whyPaused({ workflow, runId }: RunRecord): WhyPaused {
    if (!this.#options.served.has(workflow)) return { pausedBecause: `Workflow ${workflow} is not served here.` };
    return this.#unloadable.get(runId) ?? {};
  }

  /** Acts on what is due now, in memory and out of it. */
  wake(): void {
    for (const run of this.#runs.values()) run.wake();
    this.#alarms.ringDue();
  }

  async close(reason: WorkflowError = closed()): Promise<void> {
    if (this.#closed) return;
    this.#closed = reason;
    for (const takeBack of this.#later) takeBack();
    // What waits for a better time to be written would never be let go.
    this.#options.runtime.health?.close();
    await Promise.all(Array.from(this.#runs.values(), (run) => run.unload(reason)));
    this.#runs.clear();
    await this.#options.runtime.executor?.close?.();
  }

  assertOpen(): void {
    if (this.#closed) throw this.#closed;
  }

  /** Whether an idle run can stay in the journal until something happens in it. */
  #leaveInJournal({ runId, workflow, shape, status, published, dueAt, updatedAt }: RunRecord): boolean {
    const { served, runtime, idleTimeout } = this.#options;
    const { definition, program } = served.get(workflow);
    // Changed code may not be able to go on with it: that is to be known now.
    if (idleTimeout === null || status !== "idle" || shape !== fingerprintOf(program)) return false;
    if (dueAt === undefined || (dueAt !== null && dueAt <= runtime.clock.now())) return false;
    // The clock was set back since: only a loaded run knows how much later it is for it.
    if (updatedAt > runtime.clock.now()) return false;
    // It has its slot as if it were loaded; without one it must wait its turn, which only a loaded run can.
    const slots = runSlots(definition);
    const slot = slots && slots.tryAcquire();
    if (slots && !slot) return false;
    this.at(runId).leaveInJournal(published, dueAt, slot);
    return true;
  }

  #stateReader(runId: string, { program }: CompiledWorkflow): (sequence: number) => Promise<BrokerState> {
    return (sequence) => loadState(this.#journal, runId, program, sequence);
  }

  #makePort(): HostedRunPort {
    const isClosed = (): boolean => this.#closed !== null;
    const { runtime, idleTimeout, hub } = this.#options;
    return {
      runtime,
      idleTimeout,
      children: this,
      alarms: {
        // After the end nothing is due any more.
        set: (run, at) => this.#alarms.set(run, this.#closed ? null : at),
      },
      get isClosed() {
        return isClosed();
      },
      assertOpen: () => this.assertOpen(),
      read: async (runId, onMismatch) => {
        const record = await this.record(runId);
        // One that is only looked at needs no code, but here it would have to be made to.
        const readOnly = readOnlyOf(record);
        if (readOnly && !this.#options.served.has(record.workflow)) throw runIsReadOnly(runId, readOnly);
        const compiled = this.#options.served.get(record.workflow);
        let snapshotAt = 0;
        try {
          const state = await loadState(this.#journal, runId, compiled.program, undefined, (found) => {
            snapshotAt = found;
          });
          const { historyFrom = 1 } = record;
          const isOver = readOnly !== null || hasEnded(state);
          const isCarriedOn = !isOver && onMismatch !== "cancel";
          const migration = isCarriedOn ? prepareResume(state, compiled, onMismatch ?? this.#options.onMismatch) : null;
          const stateAt = this.#stateReader(runId, compiled);
          return { migration, compiled, state, isOver, snapshotAt, historyFrom, readOnly, stateAt };
        } catch (error) {
          const mismatch = mismatchOf(error);
          this.#unloadable.set(runId, { pausedBecause: messageOf(error), ...(mismatch && { mismatch }) });
          throw error;
        }
      },
      onTick: (broker, tick, commands, before) => {
        if (!hub().isQuiet) hub().tick(broker.runId, tick, commands, before);
      },
      written: (runId) => {
        this.#options.wrote();
        this.#touch(runId);
      },
      holdChanged: (runId) => this.#touch(runId),
      logged: (runId) => {
        if (hub().watches(runId)) hub().touch(runId);
      },
      loaded: (run) => {
        this.#unloadable.delete(run.runId);
        if (run.broker && (run.broker.isReadOnly || hasEnded(run.broker.state))) this.#letGo(run, run.broker);
        this.#touch(run.runId);
      },
      notLoaded: (run) => {
        if (!run.isReleased && this.#runs.get(run.runId) === run) this.#runs.delete(run.runId);
      },
      released: (state) => {
        this.#left.set(state.runId, toRunRecord(state));
        this.#touch(state.runId);
      },
      over: (run, broker) => void this.#over(run, broker),
    };
  }

  /** A finished run leaves memory; its journal has all there is to know. */
  async #over(run: HostedRun, broker: RunBroker): Promise<void> {
    this.#alarms.set(run, null);
    if (broker.problem) return;
    await broker.atRest();
    // It may have been deleted meanwhile.
    if (broker.problem || this.#runs.get(run.runId) !== run) return;
    this.#letGo(run, broker);
    this.#touch(run.runId);
    this.#options.ended(broker.state);
  }

  #letGo(run: HostedRun, { runRecord }: RunBroker): void {
    this.#runs.delete(run.runId);
    this.#ended.set(run.runId, run);
    this.#left.set(run.runId, runRecord);
  }

  #touch(runId: string): void {
    const hub = this.#options.hub();
    if (!hub.isQuiet) hub.touch(runId);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function closed(): EngineUnavailableError {
  return new EngineUnavailableError("The engine was closed.", { code: "ENGINE_CLOSED" });
}

function runIsStarting(runId: string): WorkflowRuntimeError {
  return new WorkflowRuntimeError(`Run ${runId} is being started already.`, { code: "RUN_EXISTS", data: { runId } });
}
