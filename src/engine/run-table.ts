/**
 * The runs of a host: those in memory, and those that are idle and left to the journal, of which it knows only when
 * they are due. Starts runs, finds them, and lets go of those that ended.
 */
import { hasEnded, type BrokerState } from "../core/broker-state.ts";
import { EngineUnavailableError, WorkflowRuntimeError, type WorkflowError } from "../core/errors.ts";
import type { WorkflowEvent } from "../core/event-ref.ts";
import type { JsonObject } from "../core/json.ts";
import type { ParentRun } from "../core/tick.ts";
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
import type { ChildOpener, ChildRequest } from "./child-runs.ts";
import { HostedRun, type HostedRunPort, type LoadFor, type StoredState } from "./hosted-run.ts";
import { initialStore } from "./initial-store.ts";
import { loadState } from "./load-run.ts";
import { prepareResume } from "./migrate-run.ts";
import { readOnlyOf, runIsReadOnly } from "./read-only-run.ts";
import { Recent } from "./recent.ts";
import { toRunRecord } from "./run-record.ts";
import type { ResumeFacts } from "./resume-broker.ts";
import type { ServedWorkflows } from "./served-workflows.ts";
import { UnfinishedRuns } from "./unfinished-runs.ts";

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

export class RunTable implements ChildOpener {
  readonly #journal: Journal;
  readonly #options: RunTableOptions;
  readonly #port: HostedRunPort;
  readonly #alarms: Alarms;
  /** Runs that have not ended, loaded or released. */
  readonly #runs = new Map<string, HostedRun>();
  /** Runs that ended lately: their last news is still on its way, and attaching to them is quick. */
  readonly #ended = new Recent<HostedRun>(32);
  /** Runs that ended, were released or could not be taken up lately: their rows. */
  readonly #left = new Recent<RunRecord>(2000);
  /** Why a run could not be taken up. */
  readonly #unloadable = new Map<string, WhyPaused>();
  readonly #starting = new Set<string>();
  readonly #unfinished: UnfinishedRuns;
  /** Why no run is hosted here any more. */
  #closed: WorkflowError | null = null;

  constructor(options: RunTableOptions) {
    const { runtime, served, idleTimeout } = options;
    const { journal, clock } = runtime;
    this.#options = options;
    this.#journal = journal;
    this.#alarms = new Alarms(clock);
    this.#port = this.#makePort();
    this.#unfinished = new UnfinishedRuns({
      journal,
      clock,
      served,
      idleTimeout,
      isHosted: (runId) => this.#runs.has(runId),
      at: (runId) => this.at(runId),
    });
  }

  /** Takes up every run that was not finished. Those whose workflow is not served here stay as they are. */
  resumeAll(): Promise<void> {
    return this.#unfinished.takeUp();
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
    this.#unfinished.stop();
    // What waits for a better time to be written would never be let go.
    this.#options.runtime.health?.close();
    await Promise.all(Array.from(this.#runs.values(), (run) => run.unload(reason)));
    this.#runs.clear();
    await this.#options.runtime.executor?.close?.();
  }

  assertOpen(): void {
    if (this.#closed) throw this.#closed;
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
      read: (runId, onMismatch) => this.#read(runId, onMismatch),
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
        this.#touch(run.runId);
      },
      released: (state) => {
        this.#left.set(state.runId, toRunRecord(state));
        this.#touch(state.runId);
      },
      over: (run, broker) => void this.#over(run, broker),
    };
  }

  async #read(runId: string, onMismatch: LoadFor | undefined): Promise<StoredState> {
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
      this.#left.set(runId, record);
      throw error;
    }
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
