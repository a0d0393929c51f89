/** Takes hold of a run of an engine in a worker; goes on with the next engine when that dies. */
import { EngineUnavailableError, WorkflowRuntimeError } from "../../core/errors.ts";
import type { WorkflowEvent } from "../../core/event-ref.ts";
import type { RunStatus } from "../../core/run-status.ts";
import type { PublishedEvent, StreamOptions } from "../../engine/event-stream.ts";
import type { Handler } from "../../engine/handler.ts";
import type { SendOptions } from "../../inspection/engine-control.ts";
import type { SerializedContext } from "../../serialize/serialized-context.ts";
import { decodeValue, encodeValue } from "../../serialize/serializer.ts";
import type { EngineLink } from "./engine-link.ts";

const UNFINISHED = ["queued", "running", "idle"] as const;

export class RemoteHandler implements Handler {
  readonly runId: string;
  readonly #link: EngineLink;
  readonly #status: () => RunStatus;
  readonly #attach: (runId: string) => Promise<Handler>;

  constructor(link: EngineLink, runId: string, status: () => RunStatus, attach: (runId: string) => Promise<Handler>) {
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

export async function sendEvent(
  link: EngineLink,
  runId: string,
  { type, data }: WorkflowEvent,
  options: SendOptions,
): Promise<void> {
  await link.call((api) => api.sendEvent(runId, { type, data: encodeValue(data) }, options));
}

/** Waits across crashes of the worker: the result belongs to the run, not to the worker. */
export async function result(link: EngineLink, runId: string): Promise<unknown> {
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
