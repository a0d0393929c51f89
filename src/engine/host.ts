/**
 * The engine: hosts the runs of some workflows on one runtime, resumes those that were not finished, and tells
 * inspectors what happens. One per process, worker or server; everything that runs there goes through it.
 */
import type { BrokerState } from "../core/broker-state.ts";
import { StorageError, WorkflowConfigurationError } from "../core/errors.ts";
import type { WorkflowEvent } from "../core/event-ref.ts";
import type { JsonObject } from "../core/json.ts";
import { storageProblem, storageState, type StorageProblem } from "../core/storage-problem.ts";
import type { DebugCommand } from "../inspection/debug-command.ts";
import type {
  DepthPoint,
  DifferenceRange,
  EdgeTraffic,
  EngineControl,
  ForkRunOptions,
  ImportRunOptions,
  OnMismatch,
  PruneOptions,
  PruneReport,
  ResumeRunOptions,
  RunList,
  RunQuery,
  SendOptions,
  StorageStatus,
  WaiterList,
  WaiterQuery,
  WhatIf,
  WhatIfQuestion,
  WorkItemPage,
  WorkItemQuery,
} from "../inspection/engine-control.ts";
import { Redaction, type Redact } from "../inspection/redaction.ts";
import type { Timeline, TimelineRange } from "../inspection/timeline.ts";
import type { Payload, TickQuery, TickQuestions } from "../inspection/tick-questions.ts";
import type { RunComparison } from "../inspection/run-comparison.ts";
import { InspectionHub, type Subscription } from "../inspection/inspection-hub.ts";
import type {
  InspectionBatch,
  RunView,
  TickDetail,
  TickPage,
  WorkflowDescription,
} from "../inspection/inspection-event.ts";
import type { StateDifference } from "../inspection/state-difference.ts";
import type { Clock } from "../ports/clock.ts";
import type { Journal, RunRecord } from "../ports/journal.ts";
import { withJournal, type Runtime } from "../ports/runtime.ts";
import { toPlainData } from "../workflow/plain-data.ts";
import type { Workflow } from "../workflow/workflow.ts";
import { createRunId } from "./begin-run.ts";
import type { StreamOptions } from "./event-stream.ts";
import { assertForkable, forkedState } from "./fork-run.ts";
import { RunHandler, type Handler } from "./handler.ts";
import { tellOfProblem } from "./hook-calls.ts";
import { prepareResume } from "./migrate-run.ts";
import { Housekeeping } from "./housekeeping.ts";
import { assertNotRedacted } from "./read-only-run.ts";
import { deletesAt } from "./retention.ts";
import { redactHooks } from "./redact-hooks.ts";
import { RunArchive } from "./run-archive.ts";
import { RunListing } from "./run-listing.ts";
import { RunTable } from "./run-table.ts";
import { ServedWorkflows } from "./served-workflows.ts";
import { isNearlyFull, SpaceWatch } from "./space-watch.ts";
import { toStartEvent } from "./start-event.ts";
import { listWaiters } from "./waiter-listing.ts";
import { withRoom } from "./with-room.ts";

export interface HostOptions {
  readonly workflows: { readonly [name: string]: Workflow };
  readonly runtime: Runtime & { readonly journal: Journal };
  /** What the platform knows of its storage. */
  readonly storage?: () => Promise<Partial<StorageStatus>>;
  /** Batches of inspection news come at most this often, in milliseconds; default 16. */
  readonly inspectionInterval?: number;
  /**
   * A run in which nothing happened for so many milliseconds while it waits for an event or a timer leaves memory, and
   * comes back by itself when an event is sent to it, a timer is due, or somebody watches it live. Its resources are
   * disposed of and made again; it keeps its place among `numConcurrentRuns`; its time limit stands still meanwhile.
   * Results, streams and handlers stay good. null: never. Default 60,000.
   */
  readonly idleTimeout?: number | null;
  /** For runs whose workflow has no place for some of their work any more; default "pause". */
  readonly onMismatch?: OnMismatch;
  /**
   * Says what may be shown of the runs' data: to inspectors (`inspect`, `stateAt`, `readTicks`, `readTick`), in lists of
   * runs, in exported files, and to hooks. Results, streams and snapshots are for the app that runs them, and stay whole.
   */
  readonly redact?: Redact;
}

const IDLE_TIMEOUT = 60_000;

export class EngineHost implements EngineControl {
  readonly #journal: Journal;
  readonly #served: ServedWorkflows;
  readonly #table: RunTable;
  readonly #archive: RunArchive;
  readonly #listing: RunListing;
  readonly #hub: InspectionHub;
  readonly #housekeeping: Housekeeping;
  readonly #storage: HostOptions["storage"];
  readonly #lock: Runtime["lock"];
  readonly #health: Runtime["health"];
  readonly #clock: Clock;
  readonly #onMismatch: OnMismatch;
  readonly #redaction: (runId: string) => Redaction;

  /** Throws `WorkflowConfigurationError` for options or workflows that cannot work. */
  constructor(options: HostOptions) {
    const { workflows, storage, redact, inspectionInterval = 16 } = options;
    const { idleTimeout = IDLE_TIMEOUT, onMismatch = "pause" } = options;
    if (idleTimeout !== null && !(idleTimeout >= 0)) {
      throw new WorkflowConfigurationError(
        `idleTimeout is a number of milliseconds, or null for never; not ${String(idleTimeout)}.`,
      );
    }
    const redaction = (runId: string) => new Redaction(runId, redact, toPlainData);
    const runtime = redact
      ? { ...options.runtime, hooks: redactHooks(options.runtime.hooks ?? [], redaction) }
      : options.runtime;
    const stored = runtime.journal;
    const makeRoom = (): Promise<boolean> => this.#housekeeping.makeRoom();
    runtime.health?.onFull(makeRoom);
    // What is not durable is never full. Whoever tries writes again asks for room by itself.
    const journal = stored.durable && !runtime.health ? withRoom(stored, makeRoom) : stored;
    const served = new ServedWorkflows(workflows);
    const { clock, hooks = null } = runtime;
    const space = new SpaceWatch({ clock, estimate: storage, tell: (problem) => tellOfProblem(hooks, problem) });
    const table = new RunTable({
      runtime: withJournal(runtime, journal),
      served,
      idleTimeout,
      onMismatch,
      hub: () => this.#hub,
      wrote: () => space.wrote(),
      ended: (state) => this.#housekeeping.ended(state),
    });
    const inMemory = (runId: string) => table.inMemory(runId);
    this.#journal = journal;
    this.#served = served;
    this.#table = table;
    this.#storage = storage;
    this.#redaction = redaction;
    this.#lock = runtime.lock;
    this.#health = runtime.health;
    this.#health?.onChange(() => {
      if (!this.#hub.isQuiet) for (const { runId } of table.loaded()) this.#hub.touch(runId);
    });
    this.#clock = runtime.clock;
    this.#onMismatch = onMismatch;
    this.#archive = new RunArchive({ journal, served, inMemory, record: (runId) => table.record(runId), redaction });
    this.#listing = new RunListing({
      journal,
      inMemory,
      leftLately: (runId) => table.leftLately(runId),
      isLoaded: (runId) => table.isLoaded(runId),
      whyPaused: (record: RunRecord) => table.whyPaused(record),
      redaction,
      deletesAt: (record) =>
        served.has(record.workflow) ? deletesAt(record, served.get(record.workflow).definition.retention) : undefined,
    });
    this.#housekeeping = this.#createHousekeeping(stored, runtime.clock);
    this.#hub = new InspectionHub({
      summarise: (runId) => this.#listing.of(runId),
      stateOf: (runId) => inMemory(runId)?.state,
      withHold: (runId, graph) => inMemory(runId)?.gate?.inGraph(graph) ?? graph,
      redaction,
      later: (callback) => void setTimeout(callback, inspectionInterval),
    });
  }

  #createHousekeeping(journal: Journal, clock: Clock): Housekeeping {
    const isWatched = (): boolean => !this.#hub.isQuiet;
    return new Housekeeping({
      journal,
      clock,
      served: this.#served,
      isInUse: (runId) => this.#table.inMemory(runId)?.stream.hasReaders === true || this.#hub.watches(runId),
      get isWatched() {
        return isWatched();
      },
      delete: (runId) => this.deleteRun(runId),
      changed: (record) => {
        this.#listing.note(record);
        if (!this.#hub.isQuiet) this.#hub.touch(record.runId);
      },
    });
  }

  /**
   * Takes the runtime's lock, if it has one, and then up every run that was not finished; idle ones stay in the journal until something happens in them. Those
   * whose workflow is not served here stay as they are.
   */
  async resumeAll(): Promise<void> {
    await this.#lock?.acquire((reason) => {
      void this.#housekeeping.stop();
      void this.#table.close(reason);
    });
    await this.#table.resumeAll();
    this.#housekeeping.begin();
  }

  async start(workflow: string, input: unknown, options: { runId?: string } = {}): Promise<Handler> {
    this.#table.assertOpen();
    const compiled = this.#served.get(workflow);
    const run = await this.#table.start(
      compiled,
      { event: toStartEvent(compiled, input) },
      options.runId ?? createRunId(),
    );
    return new RunHandler(run);
  }

  /** The handler of a run that is stored here. */
  async attach(runId: string): Promise<Handler> {
    return new RunHandler(await this.#table.find(runId));
  }

  // EngineControl

  async startRun(workflow: string, input: unknown, options?: { runId?: string }): Promise<string> {
    return (await this.start(workflow, input, options)).runId;
  }

  async sendEvent(runId: string, event: WorkflowEvent, options: SendOptions = {}): Promise<void> {
    await this.#table.at(runId).sendEvent(event, options);
  }

  /** Also a run that is paused because its code changed. */
  async cancelRun(runId: string, reason?: string): Promise<void> {
    await this.#table.at(runId).cancel(reason);
  }

  async resumeRun(runId: string, { onMismatch }: ResumeRunOptions = {}): Promise<void> {
    await this.#table.at(runId).goOn(onMismatch);
    if (!this.#hub.isQuiet) this.#hub.touch(runId);
  }

  /**
   * `connection`: whose wish it is; it ends, at the latest, when that is aborted. Without one it is this process's, and
   * holds until it is taken back.
   */
  async debugRun(runId: string, command: DebugCommand, connection: AbortSignal | null = null): Promise<void> {
    await this.#table.at(runId).debug(command, connection);
  }

  async result(runId: string): Promise<unknown> {
    return (await this.#table.find(runId)).result();
  }

  async readEvents(
    runId: string,
    options: StreamOptions,
  ): Promise<AsyncIterableIterator<{ type: string; data: unknown; sequence: number; at: number }>> {
    return (await this.#table.find(runId)).readEvents(options);
  }

  async deleteRun(runId: string): Promise<void> {
    await this.#table.delete(runId);
    this.#archive.forget(runId);
    this.#listing.forget(runId);
  }

  async importRun(file: unknown, { runId }: ImportRunOptions = {}): Promise<string> {
    this.#table.assertOpen();
    // Loaded when it is needed: reading files is as large as all the rest.
    const { readWholeRuns } = await import("./import-run.ts");
    const runs = await readWholeRuns(file, { runId, programOf: (workflow) => this.#served.find(workflow)?.program });
    await this.#table.add(runs);
    return runs[0]?.record.runId ?? "";
  }

  async forkRun(runId: string, options: ForkRunOptions = {}): Promise<string> {
    const { atSequence, runId: forkId = createRunId(), onMismatch = this.#onMismatch, timeout } = options;
    const record = await this.#table.record(runId);
    assertNotRedacted(record);
    const compiled = this.#served.get(record.workflow);
    const state = await this.#archive.pastState(runId, atSequence);
    assertForkable(state);
    const migration = prepareResume(state, compiled, onMismatch);
    const forked = forkedState(state, forkId, this.#clock.now(), compiled.program);
    await this.#table.fork(compiled, forked, { migration, ...(timeout !== undefined && { timeout }) });
    return forkId;
  }

  async listRuns(query: RunQuery = {}): Promise<RunList> {
    await this.#flushAll();
    return this.#listing.list(query);
  }

  async listWaiters(query: WaiterQuery = {}): Promise<WaiterList> {
    await this.#flushAll();
    const newestState = async (runId: string): Promise<BrokerState> =>
      this.#table.inMemory(runId)?.state ?? (await this.#archive.pastState(runId));
    return listWaiters(
      { journal: this.#journal, served: this.#served, newestState, redaction: this.#redaction },
      query,
    );
  }

  /** What is true in memory is to be true in the journal before it is asked. */
  async #flushAll(): Promise<void> {
    this.#table.assertOpen();
    await Promise.all(Array.from(this.#table.loaded(), (broker) => broker.flush().catch(() => undefined)));
  }

  async describeWorkflows(): Promise<readonly WorkflowDescription[]> {
    return this.#served.describe();
  }

  async describeRun(runId: string): Promise<WorkflowDescription> {
    return this.#archive.describe(await this.#table.record(runId));
  }

  inspect(runId: string, listener: (batch: InspectionBatch) => void): () => void {
    const subscription = this.subscribe(runId, (batch) => {
      listener(batch);
      subscription.acknowledge();
    });
    return () => subscription.close();
  }

  /** As `inspect`, with the acknowledgement left to the subscriber. */
  subscribe(runId: string, send: (batch: InspectionBatch) => void): Subscription {
    const subscription = this.#hub.subscribe(runId, send);
    this.#table.loadReleased(runId);
    return {
      acknowledge: () => subscription.acknowledge(),
      close: () => {
        subscription.close();
        if (!this.#hub.watches(runId)) this.#archive.leave(runId);
      },
    };
  }

  stateAt(runId: string, sequence?: number): Promise<RunView> {
    return this.#archive.stateAt(runId, sequence);
  }

  readTicks(runId: string, range: { from: number; limit: number }): Promise<TickPage> {
    return this.#archive.readTicks(runId, range);
  }

  readTick(runId: string, sequence: number): Promise<TickDetail> {
    return this.#archive.readTick(runId, sequence);
  }

  depthOverTime(runId: string, points: number): Promise<readonly DepthPoint[]> {
    return this.#archive.depthOverTime(runId, points);
  }

  stateDifference(runId: string, range: DifferenceRange): Promise<StateDifference> {
    return this.#archive.stateDifference(runId, range);
  }

  whatIf(runId: string, question: WhatIfQuestion, signal?: AbortSignal): Promise<WhatIf> {
    return this.#archive.whatIf(runId, question, signal);
  }

  timeline(runId: string, range: TimelineRange): Promise<Timeline> {
    return this.#archive.timeline(runId, range);
  }

  async searchTicks(runId: string, query: TickQuery) {
    return (await this.#questions()).searchTicks(runId, query);
  }

  async causes(runId: string, sequence: number) {
    return (await this.#questions()).causes(runId, sequence);
  }

  async readPart(runId: string, payload: Payload, path: readonly string[], from?: number) {
    return (await this.#questions()).readPart(runId, payload, path, from);
  }

  async readText(runId: string, payload: Payload, path?: readonly string[]) {
    return (await this.#questions()).readText(runId, payload, path);
  }

  async readTickLines(runId: string, sequences: readonly number[]) {
    return (await this.#questions()).readTickLines(runId, sequences);
  }

  async readStream(runId: string, range: { from: number; limit: number }) {
    return (await this.#questions()).readStream(runId, range);
  }

  /** Only inspectors ask. */
  async #questions(): Promise<TickQuestions> {
    const { RunQuestions } = await import("./run-questions.ts");
    return new RunQuestions(this.#journal, this.#archive);
  }

  readWorkItems(runId: string, query: WorkItemQuery): Promise<WorkItemPage> {
    return this.#archive.readWorkItems(runId, query);
  }

  edgeTraffic(runId: string, sequence?: number): Promise<EdgeTraffic> {
    return this.#archive.edgeTraffic(runId, sequence);
  }

  compareRuns(a: string, b: string): Promise<RunComparison> {
    return this.#archive.compareRuns(a, b);
  }

  exportRun(runId: string): Promise<JsonObject> {
    return this.#archive.exportRun(runId);
  }

  /** Frees space in the journal, and reports what it freed. */
  async prune(options: PruneOptions = {}): Promise<PruneReport> {
    this.#table.assertOpen();
    return this.#housekeeping.prune(options);
  }

  async storage(): Promise<StorageStatus> {
    const platform = (await this.#storage?.()) ?? {};
    let error = this.#health?.problem ?? null;
    let lastDurableSequence = 0;
    for (const broker of this.#table.loaded()) {
      lastDurableSequence = Math.max(lastDurableSequence, broker.durableSequence);
      if (broker.problem instanceof StorageError) error ??= broker.problem;
    }

    return {
      durable: this.#journal.durable,
      persisted: false,
      leader: true,
      lastDurableSequence,
      state: error ? storageState(error) : isNearlyFull(platform) ? "nearlyFull" : "ok",
      ...(error && { problem: this.#toProblem(error) }),
      ...platform,
    };
  }

  /** As it may be shown: its message may quote what the app's codec said. */
  #toProblem(error: StorageError): StorageProblem {
    const { name, message, code, data } = error;
    const show = this.#redaction(typeof data["runId"] === "string" ? data["runId"] : "");
    return { ...storageProblem(error), message: show.error({ name, message, code }).message };
  }

  async retryStorage(): Promise<void> {
    this.#health?.retryNow();
  }

  /** Acts on what is due now: call when the machine wakes from sleep or the page comes back. */
  wake(): void {
    this.#health?.retryNow();
    this.#table.wake();
  }

  async close(): Promise<void> {
    await this.#table.close();
    await this.#housekeeping.stop();
    try {
      await this.#journal.close();
    } finally {
      // Whatever becomes of its connection: the next engine must not wait for this one.
      await this.#lock?.release();
    }
  }
}
