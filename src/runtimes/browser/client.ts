/** The page's side of an engine in a worker. */
import { transfer } from "comlink";
import { EngineUnavailableError, WorkflowRuntimeError } from "../../core/errors.ts";
import type { WorkflowEvent } from "../../core/event-ref.ts";
import type { RunStatus } from "../../core/run-status.ts";
import type { PublishedEvent, StreamOptions } from "../../engine/event-stream.ts";
import type { Handler } from "../../engine/handler.ts";
import type { InputOfWorkflow, ResultOfWorkflow } from "../../workflow/infer.ts";
import type {
  EngineConnection,
  EngineControl,
  ResumeRunOptions,
  RunQuery,
  SendOptions,
} from "../../inspection/engine-control.ts";
import type { InspectionBatch } from "../../inspection/inspection-event.ts";
import { decodeValue, encodeValue } from "../../serialize/serializer.ts";
import type { SerializedContext } from "../../serialize/serialized-context.ts";
import type { Workflow } from "../../workflow/workflow.ts";
import type { InspectionPortMessage } from "./protocol.ts";
import { WorkerLink, type LinkOptions } from "./worker-link.ts";

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
  /** Where the engine stands: starting, waiting for another tab, ready, restarting after a crash, failed, closed. */
  readonly connection: EngineConnection;
  /** Calls back when `connection` changed; returns unsubscribe. */
  onConnectionChange(listener: () => void): () => void;
  /** Acts at once on timers that fell due while the page or machine slept. Called by itself when the page is shown. */
  wake(): Promise<void>;
  /** Ends the worker. Runs stay on disk and resume with the next engine. */
  close(): Promise<void>;
}

/**
 * Connects to the workflows a worker serves. Make it once, outside any component.
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
  return new WorkerEngine(new WorkerLink(createWorker, options));
}

class WorkerEngine implements Engine {
  readonly #link: WorkerLink;
  readonly #stopWaking: () => void;
  /** Newest known status of runs that somebody holds a handler of. */
  readonly #statuses = new Map<string, RunStatus>();
  #watching: (() => void) | null = null;

  constructor(link: WorkerLink) {
    this.#link = link;
    this.#stopWaking = onWake(() => void this.wake().catch(() => undefined));
  }

  get connection(): EngineConnection {
    return { state: this.#link.state, reason: this.#link.reason };
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

  async deleteRun(runId: string): Promise<void> {
    await this.#link.call((api) => api.deleteRun(runId));
  }

  exportRun(runId: string) {
    return this.#link.call((api) => api.exportRun(runId));
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

  storage() {
    return this.#link.call((api) => api.storage());
  }

  async wake(): Promise<void> {
    if (this.#link.state === "ready") await this.#link.call((api) => api.wake());
  }

  inspect(runId: string, listener: (batch: InspectionBatch) => void): () => void {
    let port: MessagePort | null = null;
    let closed = false;
    const open = (): void => {
      if (closed || this.#link.state !== "ready") return;
      port?.close();
      const channel = new MessageChannel();
      port = channel.port1;
      port.onmessage = (message: MessageEvent<InspectionPortMessage>) => {
        const batch = message.data;
        if (!("number" in batch)) return;
        listener(batch);
        // Only now may the next batch come: a page that is busy or hidden is never flooded.
        afterNextFrame(() => channel.port1.postMessage({ acknowledge: batch.number } satisfies InspectionPortMessage));
      };
      this.#link.call((api) => api.inspect(runId, transfer(channel.port2, [channel.port2]))).catch(() => undefined);
    };
    const stop = this.#link.onChange(open);
    open();
    return () => {
      closed = true;
      stop();
      port?.postMessage({ close: true } satisfies InspectionPortMessage);
      port?.close();
    };
  }

  async close(): Promise<void> {
    this.#stopWaking();
    this.#watching?.();
    await this.#link.close();
  }
}

const UNFINISHED = ["queued", "running", "idle"] as const;

class RemoteHandler implements Handler {
  readonly runId: string;
  readonly #link: WorkerLink;
  readonly #status: () => RunStatus;
  readonly #attach: (runId: string) => Promise<Handler>;

  constructor(link: WorkerLink, runId: string, status: () => RunStatus, attach: (runId: string) => Promise<Handler>) {
    this.#link = link;
    this.runId = runId;
    this.#status = status;
    this.#attach = attach;
  }

  get status(): RunStatus {
    return this.#status();
  }

  result(): Promise<unknown> {
    return result(this.#link, this.runId);
  }

  async *streamEvents({ after = 0, exposeInternal = false }: StreamOptions = {}): AsyncGenerator<
    PublishedEvent,
    void,
    undefined
  > {
    let last = after;
    for (;;) {
      try {
        const reader = await this.#link.call((api) => api.openReader(this.runId, { after: last, exposeInternal }));
        try {
          for (let ended = false; !ended;) {
            const page = await this.#link.call((api) => api.nextEvents(reader));
            for (const event of page.events) {
              if (event.internal !== true) last = event.sequence;
              yield { ...event, data: decodeValue(event.data) };
            }
            ended = page.ended;
          }
          return;
        } finally {
          void this.#link.call((api) => api.closeReader(reader)).catch(() => undefined);
        }
      } catch (error) {
        // The worker died: go on after the last event with the new one. No gap, no duplicate.
        if (!isRestarting(error) && !isReaderGone(error)) throw error;
      }
    }
  }

  sendEvent(event: WorkflowEvent, options: SendOptions = {}): Promise<void> {
    return sendEvent(this.#link, this.runId, event, options);
  }

  async cancelRun(reason?: string): Promise<void> {
    await this.#link.call((api) => api.cancelRun(this.runId, reason ?? null));
  }

  async childRuns(): Promise<readonly Handler[]> {
    const { runs } = await this.#link.call((api) => api.listRuns({ parent: this.runId, status: UNFINISHED }));
    return Promise.all(runs.map(({ runId }) => this.#attach(runId)));
  }

  async snapshot(): Promise<SerializedContext> {
    return (await this.#link.call((api) => api.snapshot(this.runId))) as unknown as SerializedContext;
  }
}

async function sendEvent(
  link: WorkerLink,
  runId: string,
  { type, data }: WorkflowEvent,
  options: SendOptions,
): Promise<void> {
  await link.call((api) => api.sendEvent(runId, { type, data: encodeValue(data) }, options));
}

/** Waits across crashes of the worker: the result belongs to the run, not to the worker. */
async function result(link: WorkerLink, runId: string): Promise<unknown> {
  for (;;) {
    try {
      return decodeValue(await link.call((api) => api.result(runId)));
    } catch (error) {
      if (!isRestarting(error)) throw error;
    }
  }
}

function isRestarting(error: unknown): boolean {
  return error instanceof EngineUnavailableError && error.code === "ENGINE_RESTARTING";
}

/** The reader was of a worker that died between two calls. */
function isReaderGone(error: unknown): boolean {
  return error instanceof WorkflowRuntimeError && error.code === "READER_CLOSED";
}

/** With the next frame; while the page is hidden there are none, so a timer stands in. */
function afterNextFrame(callback: () => void): void {
  if (typeof requestAnimationFrame === "function" && document.visibilityState === "visible")
    requestAnimationFrame(callback);
  else setTimeout(callback, 250);
}

/** Calls back when the page is shown again or restored from the back-forward cache. */
function onWake(callback: () => void): () => void {
  if (typeof document === "undefined") return () => undefined;
  const shown = (): void => {
    if (document.visibilityState === "visible") callback();
  };
  document.addEventListener("visibilitychange", shown);
  addEventListener("pageshow", callback);
  return () => {
    document.removeEventListener("visibilitychange", shown);
    removeEventListener("pageshow", callback);
  };
}
