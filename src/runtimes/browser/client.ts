/** The page's side of an engine in a worker. */
import { ContextSerdeError } from "../../core/errors.ts";
import type { WorkflowEvent } from "../../core/event-ref.ts";
import type { RunStatus } from "../../core/run-status.ts";
import type { Handler } from "../../engine/handler.ts";
import type { InputOfWorkflow, ResultOfWorkflow } from "../../workflow/infer.ts";
import type { DebugCommand } from "../../inspection/debug-command.ts";
import type {
  EngineConnection,
  EngineControl,
  ForkRunOptions,
  ImportRunOptions,
  PruneOptions,
  PruneReport,
  ResumeRunOptions,
  SendOptions,
} from "../../inspection/engine-control.ts";
import type {
  DifferenceRange,
  RunQuery,
  WaiterQuery,
  WhatIf,
  WhatIfQuestion,
  WorkItemQuery,
} from "../../inspection/inspection-source.ts";
import type { InspectionBatch } from "../../inspection/inspection-event.ts";
import type { RunningLogsQuery } from "../../inspection/running-logs.ts";
import type { TimelineRange } from "../../inspection/timeline.ts";
import type { Payload, TickQuery } from "../../inspection/tick-questions.ts";
import { encodeValue } from "../../serialize/serializer.ts";
import type { Workflow } from "../../workflow/workflow.ts";
import { findEngine } from "./engine-finder.ts";
import { EngineLink, READY_DEADLINE, type LinkOptions } from "./engine-link.ts";
import { onWake } from "./on-wake.ts";
import { OwnWorker } from "./own-worker.ts";
import { RemoteHandler, result, sendEvent } from "./remote-handler.ts";
import { inspectRemotely } from "./remote-inspection.ts";

export type Workflows = { readonly [name: string]: Workflow };

/** An engine: starts runs by name, typed, and gives what an inspector needs. */
export interface Engine<W extends Workflows = Workflows> extends EngineControl {
  /** Starts a run. When this resolves the run is on disk: it survives a crash from here on. */
  start<Name extends keyof W & string>(
    workflow: Name,
    input: InputOfWorkflow<W[Name]>,
    options?: { readonly runId?: string },
  ): Promise<Handler<ResultOfWorkflow<W[Name]>>>;
  /** The handler of a run started earlier, also before a reload. */
  attach<Result = unknown>(runId: string): Promise<Handler<Result>>;
  /**
   * Where the engine stands: starting, waiting for another tab, ready (here or in another tab), restarting after a
   * crash, failed, closed.
   */
  readonly connection: EngineConnection;
  /** Calls back when `connection` changed; returns unsubscribe. */
  onConnectionChange(listener: () => void): () => void;
  debugRun(runId: string, command: DebugCommand): Promise<void>;
  retryStorage(): Promise<void>;
  /**
   * Asks the browser not to evict what is stored here when it needs room; resolves with whether it promised. Only pages
   * can ask. Call it when a person does something, such as starting a run: Firefox asks them, Chromium decides by itself
   * how much the site is used, and Safari keeps what belongs to an app on the home screen.
   */
  requestPersistence(): Promise<boolean>;
  /**
   * Frees space: does what policies say, packs runs that ended, and, for `bytes`, deletes those that may go when the
   * storage is full. Tells what it did. The engine does the same by itself when a write finds the storage full.
   */
  prune(options?: PruneOptions): Promise<PruneReport>;
  /** Acts at once on timers that fell due while the page or machine slept. Called by itself when the page is shown. */
  wake(): Promise<void>;
  /** Ends the worker of this page. Runs stay on disk; if they ran here, they resume with the next engine or tab. */
  close(): Promise<void>;
}

/**
 * Connects to the workflows a worker serves. Make it once, outside any component. One worker of all tabs is at work; in
 * the other tabs all calls go to it, and behave as they do in its own.
 *
 *     const engine = connect<typeof workflows>(
 *       () => new Worker(new URL("./engine.worker.ts", import.meta.url), { type: "module" }),
 *     );
 *
 * The function is called again when the worker died: runs, streams and inspections then carry on; calls that were
 * under way reject with `EngineUnavailableError`.
 */
export function connect<W extends Workflows = Workflows>(
  createWorker: () => Worker,
  options: LinkOptions = {},
): Engine<W> {
  const { readyDeadline = READY_DEADLINE } = options;
  return new WorkerEngine(new EngineLink((port) => new OwnWorker(createWorker, readyDeadline, port), options));
}

/**
 * Connects to the engine of a database that another tab of this origin runs, without a worker of one's own: for a page
 * that looks at the runs of an app. It can do all that the app's tabs can, and follows the engine from tab to tab; it
 * never runs it. Where no tab has it, calls reject with `EngineUnavailableError`, code ENGINE_ABSENT, and
 * `connection` says so, until one is opened.
 */
export function connectToTab<W extends Workflows = Workflows>(database: string, options: LinkOptions = {}): Engine<W> {
  return new WorkerEngine(new EngineLink((port) => findEngine(database, port), options));
}

class WorkerEngine implements Engine {
  readonly #link: EngineLink;
  readonly #stopWaking: () => void;
  /** Newest known status of runs that somebody holds a handler of. */
  readonly #statuses = new Map<string, RunStatus>();
  #watching: (() => void) | null = null;
  #tickets = 0;

  constructor(link: EngineLink) {
    this.#link = link;
    this.#stopWaking = onWake(() => void this.wake().catch(() => undefined));
  }

  get connection(): EngineConnection {
    return this.#link.connection;
  }

  onConnectionChange(listener: () => void): () => void {
    return this.#link.onChange(listener);
  }

  async start(workflow: string, input: unknown, options: { runId?: string } = {}): Promise<Handler<never>> {
    return this.#handler(await this.startRun(workflow, input, options)) as Promise<Handler<never>>;
  }

  async attach<Result>(runId: string): Promise<Handler<Result>> {
    return (await this.#handler(runId)) as Handler<Result>;
  }

  async #handler(runId: string): Promise<Handler> {
    this.#watching ??= this.inspect("*", (batch) => {
      for (const run of batch.runs) if (this.#statuses.has(run.runId)) this.#statuses.set(run.runId, run.status);
    });
    this.#statuses.set(runId, await this.#link.call((api) => api.runStatus(runId)));
    return new RemoteHandler(
      this.#link,
      runId,
      () => this.#statuses.get(runId) ?? "running",
      (child) => this.#handler(child),
    );
  }

  startRun(workflow: string, input: unknown, options: { runId?: string } = {}): Promise<string> {
    return this.#link.call((api) => api.startRun(workflow, encodeValue(input), options));
  }

  sendEvent(runId: string, event: WorkflowEvent, options: SendOptions = {}): Promise<void> {
    return sendEvent(this.#link, runId, event, options);
  }

  async cancelRun(runId: string, reason?: string): Promise<void> {
    await this.#link.call((api) => api.cancelRun(runId, reason ?? null));
  }

  async resumeRun(runId: string, options: ResumeRunOptions = {}): Promise<void> {
    await this.#link.call((api) => api.resumeRun(runId, options));
  }

  async debugRun(runId: string, command: DebugCommand): Promise<void> {
    await this.#link.call((api) => api.debugRun(runId, command));
  }

  async deleteRun(runId: string): Promise<void> {
    await this.#link.call((api) => api.deleteRun(runId));
  }

  prune(options: PruneOptions = {}): Promise<PruneReport> {
    return this.#link.call((api) => api.prune(options));
  }

  exportRun(runId: string) {
    return this.#link.call((api) => api.exportRun(runId));
  }

  async importRun(file: unknown, options: ImportRunOptions = {}) {
    try {
      return await this.#link.call((api) => api.importRun(file, options));
    } catch (error) {
      if (!(error instanceof DOMException && error.name === "DataCloneError")) throw error;
      const why = "This is no exported run: it holds something that is no data, a function for example.";
      throw new ContextSerdeError(why, { code: "RUN_FILE_UNREADABLE", cause: error });
    }
  }

  forkRun(runId: string, options: ForkRunOptions = {}) {
    return this.#link.call((api) => api.forkRun(runId, options));
  }

  result(runId: string): Promise<unknown> {
    return result(this.#link, runId);
  }

  describeWorkflows() {
    return this.#link.call((api) => api.describeWorkflows());
  }

  describeRun(runId: string) {
    return this.#link.call((api) => api.describeRun(runId));
  }

  listRuns(query: RunQuery = {}) {
    return this.#link.call((api) => api.listRuns(query));
  }

  stateAt(runId: string, sequence?: number) {
    return this.#link.call((api) => api.stateAt(runId, sequence ?? null));
  }

  readTicks(runId: string, range: { from: number; limit: number }) {
    return this.#link.call((api) => api.readTicks(runId, range));
  }

  readTick(runId: string, sequence: number) {
    return this.#link.call((api) => api.readTick(runId, sequence));
  }

  depthOverTime(runId: string, points: number) {
    return this.#link.call((api) => api.depthOverTime(runId, points));
  }

  listWaiters(query: WaiterQuery = {}) {
    return this.#link.call((api) => api.listWaiters(query));
  }

  stateDifference(runId: string, range: DifferenceRange) {
    return this.#link.call((api) => api.stateDifference(runId, range));
  }

  async whatIf(runId: string, question: WhatIfQuestion, signal?: AbortSignal): Promise<WhatIf> {
    signal?.throwIfAborted();
    const ticket = String(++this.#tickets);
    const abandon = (): void => void this.#link.call((api) => api.abandon(ticket)).catch(() => undefined);
    signal?.addEventListener("abort", abandon, { once: true });
    try {
      return await this.#link.call((api) => api.whatIf(runId, question, ticket));
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      signal?.removeEventListener("abort", abandon);
    }
  }

  timeline(runId: string, range: TimelineRange) {
    return this.#link.call((api) => api.timeline(runId, range));
  }

  searchTicks(runId: string, query: TickQuery) {
    return this.#link.call((api) => api.searchTicks(runId, query));
  }

  causes(runId: string, sequence: number) {
    return this.#link.call((api) => api.causes(runId, sequence));
  }

  readPart(runId: string, payload: Payload, path: readonly string[], from = 0) {
    return this.#link.call((api) => api.readPart(runId, payload, path, from));
  }

  readText(runId: string, payload: Payload, path: readonly string[] = []) {
    return this.#link.call((api) => api.readText(runId, payload, path));
  }

  readTickLines(runId: string, sequences: readonly number[]) {
    return this.#link.call((api) => api.readTickLines(runId, sequences));
  }

  readStream(runId: string, range: { from: number; limit: number }) {
    return this.#link.call((api) => api.readStream(runId, range));
  }

  runningLogs(runId: string, query: RunningLogsQuery = {}) {
    return this.#link.call((api) => api.runningLogs(runId, query));
  }

  readWorkItems(runId: string, query: WorkItemQuery) {
    return this.#link.call((api) => api.readWorkItems(runId, query));
  }

  edgeTraffic(runId: string, sequence?: number) {
    return this.#link.call((api) => api.edgeTraffic(runId, sequence ?? null));
  }

  compareRuns(a: string, b: string) {
    return this.#link.call((api) => api.compareRuns(a, b));
  }

  async storage() {
    const status = await this.#link.call((api) => api.storage());
    return { ...status, leader: status.leader && !this.connection.isElsewhere };
  }

  async retryStorage(): Promise<void> {
    await this.#link.call((api) => api.retryStorage());
  }

  async requestPersistence(): Promise<boolean> {
    // Some browsers have no StorageManager on pages that are not secure.
    const storage = (navigator as { storage?: StorageManager }).storage;
    return (await storage?.persist().catch(() => false)) ?? false;
  }

  async wake(): Promise<void> {
    if (this.#link.line) await this.#link.call((api) => api.wake());
  }

  inspect(runId: string, listener: (batch: InspectionBatch) => void): () => void {
    return inspectRemotely(this.#link, runId, listener);
  }

  async close(): Promise<void> {
    this.#stopWaking();
    this.#watching?.();
    await this.#link.close();
  }
}
