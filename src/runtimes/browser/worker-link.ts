/**
 * The page's hold on its worker: starts it, waits until it is ready, notices its death at once, and starts a new
 * one. The new worker resumes the runs from their journals.
 *
 * Death is noticed through a Web Lock that the worker holds as long as it lives: a busy worker is not mistaken for
 * a dead one, and a terminated or crashed one is known within milliseconds.
 */
import { releaseProxy, wrap, type Remote } from "comlink";
import { EngineUnavailableError } from "../../core/errors.ts";
import type { ConnectionState } from "../../inspection/engine-control.ts";
import { whenFree } from "../../ports/web-lock.ts";
import { decodeError } from "../../serialize/error-codec.ts";
import { PROTOCOL, type Reply, type WorkerApi, type WorkerGreeting } from "./protocol.ts";

export interface LinkOptions {
  /** Milliseconds a call waits for the worker to become ready; default 20,000. */
  readonly readyDeadline?: number;
}

const READY_DEADLINE = 20_000;
/** Deaths in a row, without becoming ready in between, after which no new worker is tried. */
const MAX_RESTARTS = 5;

interface Connection {
  readonly worker: Worker;
  readonly api: Remote<WorkerApi>;
  /** Rejects when this worker is gone. */
  readonly death: Promise<never>;
  readonly die: (error: EngineUnavailableError) => void;
  readonly ready: Promise<void>;
  /** Runs until the worker says that it lives: one that dies before cannot be noticed otherwise. */
  readonly silence: ReturnType<typeof setTimeout>;
}

export class WorkerLink {
  state: ConnectionState = "starting";
  /** Why calls wait or fail at the moment. */
  reason: string | null = null;
  readonly #createWorker: () => Worker;
  readonly #deadline: number;
  #connection: Connection;
  #restarts = 0;
  readonly #listeners = new Set<() => void>();

  constructor(createWorker: () => Worker, { readyDeadline = READY_DEADLINE }: LinkOptions) {
    this.#createWorker = createWorker;
    this.#deadline = readyDeadline;
    this.#connection = this.#connect();
  }

  /** Calls back whenever `state` or `reason` changed; returns unsubscribe. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Calls the worker; rejects with its error, or `EngineUnavailableError` when it died, is not ready, or was closed. */
  async call<T>(action: (api: Remote<WorkerApi>) => Promise<Reply<T>>): Promise<T> {
    const connection = this.#connection;
    await this.#whenReady(connection);
    const reply = await Promise.race([action(connection.api), connection.death]);
    if (reply.ok) return reply.value;
    throw decodeError(reply.error);
  }

  /** Resolves when a worker is ready; rejects when none will be. */
  async ready(): Promise<void> {
    await this.#whenReady(this.#connection);
  }

  async close(): Promise<void> {
    if (this.state === "closed") return;
    const connection = this.#connection;
    if (this.state === "ready") await this.call((api) => api.close()).catch(() => undefined);
    clearTimeout(connection.silence);
    this.#set("closed", "The engine was closed.");
    connection.die(new EngineUnavailableError("The engine was closed.", { code: "ENGINE_CLOSED" }));
    connection.api[releaseProxy]();
    connection.worker.terminate();
  }

  async #whenReady(connection: Connection): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(
          new EngineUnavailableError(
            this.reason ?? `The engine's worker was not ready within ${this.#deadline / 1000} s.`,
            {
              code: this.state === "waiting" ? "ENGINE_ELSEWHERE" : "ENGINE_NOT_READY",
            },
          ),
        );
      }, this.#deadline);
    });
    try {
      // Death first: a worker that was ready once and is dead now is not ready.
      await Promise.race([connection.death, connection.ready, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  #connect(): Connection {
    const worker = this.#createWorker();
    let die: Connection["die"] = () => undefined;
    const death = new Promise<never>((_, reject) => {
      die = reject;
    });
    // Not every death is waited for by a call.
    death.catch(() => undefined);
    const ready = new Promise<void>((resolve) => {
      worker.addEventListener("message", (message: MessageEvent<WorkerGreeting>) => {
        if (isGreeting(message.data)) this.#greeted(connection, message.data, resolve);
      });
    });
    const silence = setTimeout(() => this.#lost(connection, "The engine's worker did not start."), this.#deadline);
    const connection: Connection = { worker, api: wrap<WorkerApi>(worker), death, die, ready, silence };
    worker.addEventListener("error", (event) => {
      // Once it is ready, an uncaught error in a step's own code does not end the worker.
      if (this.state === "ready") return;
      event.preventDefault();
      const detail = event.message
        ? `: ${event.message}`
        : ". Its script may be missing, or blocked by the Content-Security-Policy (worker-src)";
      this.#failed(
        connection,
        new EngineUnavailableError(`The engine's worker could not start${detail}.`, { code: "ENGINE_NOT_STARTED" }),
      );
    });
    worker.addEventListener("messageerror", () => {
      this.#lost(connection, "A message from the engine's worker could not be read.");
    });
    return connection;
  }

  #greeted(connection: Connection, greeting: WorkerGreeting, ready: () => void): void {
    if (connection !== this.#connection || this.state === "closed") return;
    if (greeting.protocol !== PROTOCOL) {
      this.#failed(
        connection,
        new EngineUnavailableError(
          `Page and worker are of different versions of tickwork (protocol ${PROTOCOL} and ${greeting.protocol}). Reload the page.`,
          { code: "ENGINE_VERSION" },
        ),
      );
      return;
    }
    if (greeting.tickwork === "failed") {
      const cause = decodeError(greeting.error);
      this.#failed(
        connection,
        new EngineUnavailableError(`The engine could not start: ${greeting.error.message}`, {
          cause,
          code: greeting.error.code ?? "ENGINE_NOT_STARTED",
        }),
      );
      return;
    }
    if (greeting.tickwork === "starting") {
      this.#watch(connection, greeting.alive);
      return;
    }
    if (greeting.tickwork === "waiting") {
      this.#set("waiting", greeting.reason);
      return;
    }
    this.#restarts = 0;
    ready();
    this.#set("ready", null);
  }

  /** We get the worker's lock only when the worker is gone. */
  #watch(connection: Connection, lock: string): void {
    clearTimeout(connection.silence);
    whenFree(lock).then(
      () => this.#lost(connection, "The engine's worker died."),
      () => undefined,
    );
  }

  #lost(connection: Connection, reason: string): void {
    if (connection !== this.#connection || this.state === "closed" || this.state === "failed") return;
    this.#restarts += 1;
    const error = new EngineUnavailableError(`${reason} A new one is being started; runs resume by themselves.`, {
      code: "ENGINE_RESTARTING",
    });
    if (this.#restarts > MAX_RESTARTS) {
      this.#failed(
        connection,
        new EngineUnavailableError(`${reason} It died ${this.#restarts} times in a row. Reload the page.`, {
          code: "ENGINE_DIED",
        }),
      );
      return;
    }
    connection.worker.terminate();
    this.#connection = this.#connect();
    this.#set("restarting", reason);
    connection.die(error);
  }

  #failed(connection: Connection, error: EngineUnavailableError): void {
    if (connection !== this.#connection) return;
    clearTimeout(connection.silence);
    this.#set("failed", error.message);
    connection.die(error);
    connection.worker.terminate();
  }

  #set(state: ConnectionState, reason: string | null): void {
    this.state = state;
    this.reason = reason;
    for (const listener of this.#listeners) listener();
  }
}

function isGreeting(data: unknown): data is WorkerGreeting {
  return typeof data === "object" && data !== null && "tickwork" in data;
}
