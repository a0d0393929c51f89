/** What the caller holds of a run in this process. */
import type { RunStatus } from "../core/run-status.ts";
import type { WorkflowEvent } from "../core/event-ref.ts";
import type { SendOptions } from "../inspection/engine-control.ts";
import type { SerializedContext } from "../serialize/serialized-context.ts";
import type { PublishedEvent, StreamOptions } from "./event-stream.ts";
import type { CallerPort } from "./run-ports.ts";

/** A run, seen from outside. Not thenable: `await handler` gives the handler, `await handler.result()` the result. */
export interface Handler<Result = unknown> {
  readonly runId: string;
  readonly status: RunStatus;
  /**
   * Resolves with the stop event's data. Rejects with the error of the step that failed, `WorkflowTimeoutError`,
   * or `WorkflowCancelledByUser`.
   */
  result(): Promise<Result>;
  /**
   * The run's published events, each in order, from the first or after a sequence; ends with the run's last event,
   * however the run ends. Rejects where the stream is cut before that, with `result`'s reason: the engine was closed.
   * Any number of readers. The newest 4,096 are kept in memory, older ones come from the
   * history if one is kept.
   */
  streamEvents(options?: StreamOptions): AsyncIterableIterator<PublishedEvent>;
  /** Resolves once the event is part of the run's history. Rejects for a run that ended, or a step that does not accept it. */
  sendEvent(event: WorkflowEvent, options?: SendOptions): Promise<void>;
  /** Ends the run; steps see `ctx.signal` abort. Does nothing to a run that ended. */
  cancelRun(reason?: string): Promise<void>;
  /** The run as plain JSON, for `resume` or `run(…, { context })`. */
  snapshot(): Promise<SerializedContext>;
  /** The runs that steps of this run have started (`ctx.runWorkflow`) and that go on: to answer them, or to look. */
  childRuns(): Promise<readonly Handler[]>;
}

export class RunHandler<Result> implements Handler<Result> {
  readonly #run: CallerPort;

  constructor(run: CallerPort) {
    this.#run = run;
  }

  get runId(): string {
    return this.#run.runId;
  }

  get status(): RunStatus {
    return this.#run.status;
  }

  result(): Promise<Result> {
    return this.#run.result() as Promise<Result>;
  }

  streamEvents(options?: StreamOptions): AsyncIterableIterator<PublishedEvent> {
    return this.#run.readEvents(options);
  }

  sendEvent(event: WorkflowEvent, options: SendOptions = {}): Promise<void> {
    return this.#run.sendEvent(event, options);
  }

  cancelRun(reason?: string): Promise<void> {
    return this.#run.cancel(reason);
  }

  snapshot(): Promise<SerializedContext> {
    return this.#run.snapshot();
  }

  async childRuns(): Promise<readonly Handler[]> {
    return (await this.#run.childRuns()).map((run) => new RunHandler(run));
  }
}
