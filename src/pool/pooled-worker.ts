/**
 * One worker of a pool, from its start to its death.
 *
 *    starting --ready--> idle <--free-- busy
 *        |                |  `---take---^ |
 *        '---- died, late, idle too long, not stopped in time ----> gone
 *
 * P1 It has at most one job. A job that was aborted keeps it busy until its function has come to an end, or the grace
 *    period is over and the worker with it.
 * P2 Its job is over when it is gone: nothing waits for a dead worker.
 */
import { EngineUnavailableError } from "../core/errors.ts";
import type { Clock } from "../ports/clock.ts";
import type { PoolJob } from "./pool-job.ts";
import { PROTOCOL, type FromWorker, type ToWorker } from "./protocol.ts";
import { keepAlive, listenTo, type PoolWorker } from "./worker-events.ts";

/** Milliseconds a worker has to say that it is ready. */
const START_DEADLINE = 20_000;

/** What a worker tells its pool, and may ask of it. */
export interface PooledWorkerPort {
  readonly clock: Clock;
  /** Milliseconds that it is kept without work. */
  readonly idleTimeout: number;
  /** Milliseconds that a step has to stop. */
  readonly gracePeriod: number;
  /** It can take a job. */
  free(worker: PooledWorker): void;
  /** It takes no more jobs. `error`: it never came to life. */
  gone(worker: PooledWorker, error: EngineUnavailableError | null): void;
}

export class PooledWorker {
  state: "starting" | "idle" | "busy" | "gone" = "starting";
  readonly #port: PooledWorkerPort;
  readonly #worker: PoolWorker;
  #job: PoolJob | null = null;
  #stopTimer: () => void;

  /** Throws what `create` throws. */
  constructor(create: () => PoolWorker, port: PooledWorkerPort) {
    this.#port = port;
    this.#worker = create();
    this.#stopTimer = this.#after(START_DEADLINE, () =>
      this.#die(`it did not call serveSteps within ${START_DEADLINE / 1000} s`),
    );
    listenTo(this.#worker, {
      message: (message) => this.#receive(message),
      // Once it is ready, an error that nobody catches ends nothing in a browser.
      uncaught: (detail) => this.state === "starting" && this.#die(detail),
      died: (detail, cause) => this.#die(detail, cause),
    });
  }

  take(job: PoolJob): void {
    this.#stopTimer();
    keepAlive(this.#worker, true);
    this.state = "busy";
    this.#job = job;
    job.begin((message) => this.#send(message));
  }

  /** The result of its job is not wanted any more, if it has that one. */
  abort(job: PoolJob, reason: unknown): void {
    if (this.#job !== job) return;
    job.abort(reason);
    // A function that only computes hears nothing.
    this.#stopTimer = this.#after(this.#port.gracePeriod, () => this.#die("its step did not stop in time"));
  }

  /** Ends it, whatever it does. Resolves when it is gone. */
  async end(reason: EngineUnavailableError | null = null): Promise<void> {
    if (this.state === "gone") return;
    const job = this.#job;
    const wasStarting = this.state === "starting";
    this.state = "gone";
    this.#job = null;
    this.#stopTimer();
    const terminated = this.#worker.terminate();
    if (reason) job?.fail(reason);
    this.#port.gone(this, wasStarting ? reason : null);
    await terminated;
  }

  #receive(message: FromWorker): void {
    if (this.state === "gone") return;
    if (message.tickwork === "ready") return this.#ready(message.protocol);
    const job = this.#job;
    // What is said of a job that is over says at most that the worker is free.
    if (!job || message.job !== job.id) return;
    const isOver = message.tickwork === "done" || message.tickwork === "failed" || message.tickwork === "ended";
    job.receive(message);
    if (isOver) this.#free();
  }

  #ready(protocol: number): void {
    if (this.state !== "starting") return;
    if (protocol === PROTOCOL) this.#free();
    else this.#die(`it has another version of tickwork (protocol ${protocol}, not ${PROTOCOL})`);
  }

  #free(): void {
    this.#stopTimer();
    this.state = "idle";
    this.#job = null;
    keepAlive(this.#worker, false);
    this.#stopTimer = this.#after(this.#port.idleTimeout, () => void this.end(), true);
    this.#port.free(this);
  }

  #send(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  #die(detail: string, cause?: unknown): void {
    const isStarting = this.state === "starting";
    const step = this.#job?.step.name;
    const options = {
      code: isStarting ? "POOL_NOT_STARTED" : "POOL_WORKER_DIED",
      ...(cause !== undefined && { cause }),
      ...(step !== undefined && { data: { step } }),
    };
    const message = isStarting ? "A worker of the pool could not start" : `The worker that ran step ${step} died`;
    void this.end(new EngineUnavailableError(`${message}: ${detail}.`, options));
  }

  #after(milliseconds: number, callback: () => void, isBackground = false): () => void {
    const { clock } = this.#port;
    return clock.setTimer(clock.now() + milliseconds, callback, isBackground);
  }
}
