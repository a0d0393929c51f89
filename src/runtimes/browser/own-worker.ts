/**
 * A page's own worker: starts it, hears what it says, and notices its death at once.
 *
 * Death is noticed through a Web Lock that the worker holds as long as it lives: a busy worker is not mistaken for
 * a dead one, and a terminated or crashed one is known within milliseconds.
 */
import { releaseProxy, wrap, type Remote } from "comlink";
import { EngineUnavailableError } from "../../core/errors.ts";
import { whenFree } from "../../ports/web-lock.ts";
import { decodeError } from "../../serialize/error-codec.ts";
import { PROTOCOL, type WorkerApi, type WorkerGreeting } from "./protocol.ts";

export type Said = Exclude<WorkerGreeting, { tickwork: "starting" | "failed" }>;

/** Where a link gets to know of engines: its own worker, or a look at other tabs. */
export interface EngineHome {
  /** Null: no engine ever runs here. */
  readonly api: Remote<WorkerApi> | null;
  terminate(): void;
}

export interface EngineHomePort {
  said(greeting: Said): void;
  /** A new one may do better. */
  died(reason: string): void;
  /** Another one would fare no better. */
  failed(error: EngineUnavailableError): void;
}

export class OwnWorker implements EngineHome {
  readonly api: Remote<WorkerApi>;
  readonly #worker: Worker;
  readonly #port: EngineHomePort;
  /** Runs until the worker says that it lives: one that dies before cannot be noticed otherwise. */
  readonly #silence: ReturnType<typeof setTimeout>;
  #isReady = false;
  #isOver = false;

  /** Milliseconds until it must have said something. */
  constructor(createWorker: () => Worker, deadline: number, port: EngineHomePort) {
    this.#worker = createWorker();
    this.#port = port;
    this.api = wrap<WorkerApi>(this.#worker);
    this.#silence = setTimeout(() => this.#die("The engine's worker did not start."), deadline);
    this.#worker.addEventListener("message", ({ data }: MessageEvent<WorkerGreeting>) => {
      if (isGreeting(data)) this.#heard(data);
    });
    this.#worker.addEventListener("error", (event) => this.#uncaught(event));
    this.#worker.addEventListener("messageerror", () =>
      this.#die("A message from the engine's worker could not be read."),
    );
  }

  /** Nothing more is heard of it. */
  terminate(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#silence);
    this.api[releaseProxy]();
    this.#worker.terminate();
  }

  #heard(greeting: WorkerGreeting): void {
    if (this.#isOver) return;
    if (greeting.protocol !== PROTOCOL) {
      this.#fail(
        new EngineUnavailableError(
          `Page and worker are of different versions of tickwork (protocol ${PROTOCOL} and ${greeting.protocol}). Reload the page.`,
          { code: "ENGINE_VERSION" },
        ),
      );
    } else if (greeting.tickwork === "failed") {
      const cause = decodeError(greeting.error);
      this.#fail(
        new EngineUnavailableError(`The engine could not start: ${greeting.error.message}`, {
          cause,
          code: greeting.error.code ?? "ENGINE_NOT_STARTED",
        }),
      );
    } else if (greeting.tickwork === "starting") {
      this.#watch(greeting.alive);
    } else {
      if (greeting.tickwork === "ready") this.#isReady = true;
      this.#port.said(greeting);
    }
  }

  /** We get the worker's lock only when the worker is gone. */
  #watch(lock: string): void {
    clearTimeout(this.#silence);
    whenFree(lock).then(
      () => this.#die("The engine's worker died."),
      () => undefined,
    );
  }

  #uncaught(event: ErrorEvent): void {
    // Once it is ready, an uncaught error in a step's own code does not end the worker.
    if (this.#isReady) return;
    event.preventDefault();
    const detail = event.message
      ? `: ${event.message.replace(/\.$/, "")}`
      : ". Its script may be missing, or blocked by the Content-Security-Policy (worker-src)";
    this.#fail(
      new EngineUnavailableError(`The engine's worker could not start${detail}.`, { code: "ENGINE_NOT_STARTED" }),
    );
  }

  #die(reason: string): void {
    if (this.#isOver) return;
    this.terminate();
    this.#port.died(reason);
  }

  #fail(error: EngineUnavailableError): void {
    if (this.#isOver) return;
    this.terminate();
    this.#port.failed(error);
  }
}

function isGreeting(data: unknown): data is WorkerGreeting {
  return typeof data === "object" && data !== null && "tickwork" in data;
}
