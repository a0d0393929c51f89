/**
 * The engine: hosts the runs of some workflows on one runtime, resumes those that were not finished, and tells
 * inspectors what happens. One per process, worker or server; everything that runs there goes through it.
 */
import { StorageError } from "../core/errors.ts";
import type { WorkflowEvent } from "../core/event-ref.ts";
import { storageProblem, storageState, type StorageProblem } from "../core/storage-problem.ts";
import type { DebugCommand } from "../inspection/debug-command.ts";
import type {
  EngineControl,
  ForkRunOptions,
  ImportRunOptions,
  OnMismatch,
  PruneOptions,
  PruneReport,
  ResumeRunOptions,
  SendOptions,
  StorageStatus,
} from "../inspection/engine-control.ts";
import { createRunId } from "./begin-run.ts";
import type { StreamOptions } from "./event-stream.ts";
import { assertForkable, forkedState } from "./fork-run.ts";
import { RunHandler, type Handler } from "./handler.ts";
import { HostInspection } from "./host-inspection.ts";
import { HostParts, type HostOptions } from "./host-parts.ts";
import { prepareResume } from "./migrate-run.ts";
import { assertNotRedacted } from "./read-only-run.ts";
import type { RunTable } from "./run-table.ts";
import { isNearlyFull } from "./space-watch.ts";
import { toStartEvent } from "./start-event.ts";

export class EngineHost extends HostInspection implements EngineControl {
  readonly #parts: HostParts;
  readonly #table: RunTable;
  readonly #storage: HostOptions["storage"];
  readonly #onMismatch: OnMismatch;

  /** Throws `WorkflowConfigurationError` for options or workflows that cannot work. */
  constructor(options: HostOptions) {
    const parts = new HostParts(options);
    super(parts);
    this.#parts = parts;
    this.#table = parts.table;
    this.#storage = options.storage;
    this.#onMismatch = options.onMismatch ?? "pause";
  }

  /**
   * Takes the runtime's lock, if it has one, and then up every run that was not finished; idle ones stay in the journal
   * until something happens in them. Those whose workflow is not served here stay as they are.
   */
  async resumeAll(): Promise<void> {
    await this.#parts.lock?.acquire((reason) => {
      void this.#parts.housekeeping.stop();
      void this.#table.close(reason);
    });
    await this.#table.resumeAll();
    this.#parts.housekeeping.begin();
  }

  async start(workflow: string, input: unknown, options: { runId?: string } = {}): Promise<Handler> {
    this.#table.assertOpen();
    const compiled = this.#parts.served.get(workflow);
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
    if (!this.#parts.hub.isQuiet) this.#parts.hub.touch(runId);
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
    await this.#parts.deleteRun(runId);
  }

  async importRun(file: unknown, { runId }: ImportRunOptions = {}): Promise<string> {
    this.#table.assertOpen();
    // Loaded when it is needed: reading files is as large as all the rest.
    const { readWholeRuns } = await import("./import-run.ts");
    const { served } = this.#parts;
    const runs = await readWholeRuns(file, { runId, programOf: (workflow) => served.find(workflow)?.program });
    await this.#table.add(runs);
    return runs[0]?.record.runId ?? "";
  }

  async forkRun(runId: string, options: ForkRunOptions = {}): Promise<string> {
    const { atSequence, runId: forkId = createRunId(), onMismatch = this.#onMismatch, timeout } = options;
    const record = await this.#table.record(runId);
    assertNotRedacted(record);
    const compiled = this.#parts.served.get(record.workflow);
    const state = await this.#parts.archive.pastState(runId, atSequence);
    assertForkable(state);
    const migration = prepareResume(state, compiled, onMismatch);
    const forked = forkedState(state, forkId, this.#parts.clock.now(), compiled.program);
    await this.#table.fork(compiled, forked, { migration, ...(timeout !== undefined && { timeout }) });
    return forkId;
  }

  /** Frees space in the journal, and reports what it freed. */
  async prune(options: PruneOptions = {}): Promise<PruneReport> {
    this.#table.assertOpen();
    return this.#parts.housekeeping.prune(options);
  }

  async storage(): Promise<StorageStatus> {
    const platform = (await this.#storage?.()) ?? {};
    let error = this.#parts.health?.problem ?? null;
    let lastDurableSequence = 0;
    for (const broker of this.#table.loaded()) {
      lastDurableSequence = Math.max(lastDurableSequence, broker.durableSequence);
      if (broker.problem instanceof StorageError) error ??= broker.problem;
    }

    return {
      durable: this.#parts.journal.durable,
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
    const show = this.#parts.redaction(typeof data["runId"] === "string" ? data["runId"] : "");
    return { ...storageProblem(error), message: show.error({ name, message, code }).message };
  }

  async retryStorage(): Promise<void> {
    this.#parts.health?.retryNow();
  }

  /** Acts on what is due now: call when the machine wakes from sleep or the page comes back. */
  wake(): void {
    this.#parts.health?.retryNow();
    this.#table.wake();
  }

  async close(): Promise<void> {
    await this.#table.close();
    await this.#parts.housekeeping.stop();
    try {
      await this.#parts.journal.close();
    } finally {
      // Whatever becomes of its connection: the next engine must not wait for this one.
      await this.#parts.lock?.release();
    }
  }
}
