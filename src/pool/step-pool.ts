/**
 * A pool of workers for isolated steps. Workers are started when there is work for them, take the next job when they
 * are free, leave when they were idle for a while, and are replaced when they die.
 */
import { EngineUnavailableError, WorkflowConfigurationError } from "../core/errors.ts";
import type { Clock } from "../ports/clock.ts";
import type { StepExecutor } from "../ports/step-executor.ts";
import type { StepContext } from "../workflow/context-api.ts";
import type { StepDefinition } from "../workflow/step.ts";
import { PoolJob } from "./pool-job.ts";
import { defaultPoolSize } from "./pool-size.ts";
import { PooledWorker, type PooledWorkerPort } from "./pooled-worker.ts";
import type { PoolWorker } from "./worker-events.ts";

export interface PoolOptions {
  /**
   * Makes a worker, of the browser or of Node's `worker_threads`, whose module calls `serveSteps` with the same
   * workflows.
   */
  readonly worker: () => PoolWorker;
  /** How many workers there are at most; default: one less than processors, at least 1. */
  readonly size?: number;
  /** Milliseconds after which a worker without work is ended; default 30,000. */
  readonly idleTimeout?: number;
  /**
   * Milliseconds a step has to stop once its signal has aborted; default 1,000. After that its worker is ended: a loop
   * that only computes cannot hear the signal.
   */
  readonly gracePeriod?: number;
}

const IDLE_TIMEOUT = 30_000;
const GRACE_PERIOD = 1_000;

export class StepPool implements StepExecutor, PooledWorkerPort {
  readonly clock: Clock;
  readonly idleTimeout: number;
  readonly gracePeriod: number;
  readonly #options: PoolOptions;
  readonly #size: number;
  /** Calls the functions of steps that are not isolated; null: in place. */
  readonly #inner: StepExecutor | null;
  readonly #workers = new Set<PooledWorker>();
  /** Workers without a job; the one that was freed last is taken first. */
  readonly #idle: PooledWorker[] = [];
  readonly #queue: PoolJob[] = [];
  #nextJob = 1;
  #isClosed = false;

  /** Throws `WorkflowConfigurationError` for options that are none. */
  constructor(options: PoolOptions, clock: Clock, inner: StepExecutor | null) {
    const { size = defaultPoolSize(), idleTimeout = IDLE_TIMEOUT, gracePeriod = GRACE_PERIOD } = options;
    checkOptions({ ...options, size, idleTimeout, gracePeriod });
    this.#options = options;
    this.#size = size;
    this.#inner = inner;
    this.clock = clock;
    this.idleTimeout = idleTimeout;
    this.gracePeriod = gracePeriod;
  }

  execute(step: StepDefinition, input: unknown, context: StepContext, workflow: string): unknown {
    if (!step.isolated) {
      return this.#inner ? this.#inner.execute(step, input, context, workflow) : step.run(input, context);
    }
    if (this.#isClosed) throw wasClosed();
    const job = new PoolJob({ id: this.#nextJob++, workflow, step, input, context });
    this.#queue.push(job);
    context.signal.addEventListener("abort", () => this.#abandon(job), { once: true });
    this.#dispatch();
    return job.result;
  }

  /** Ends all workers. What they do, and what waits for them, rejects with `EngineUnavailableError`. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const job of this.#queue.splice(0)) job.fail(wasClosed());
    await Promise.all(Array.from(this.#workers, (worker) => worker.end(wasClosed())));
    await this.#inner?.close?.();
  }

  // PooledWorkerPort

  free(worker: PooledWorker): void {
    const job = this.#queue.shift();
    if (job) worker.take(job);
    else this.#idle.push(worker);
  }

  gone(worker: PooledWorker, error: EngineUnavailableError | null): void {
    this.#workers.delete(worker);
    const index = this.#idle.indexOf(worker);
    if (index !== -1) this.#idle.splice(index, 1);
    // One job for each worker that did not start: the next may have better luck, and this comes to an end.
    if (error) this.#queue.shift()?.fail(error);
    this.#dispatch();
  }

  #abandon(job: PoolJob): void {
    const index = this.#queue.indexOf(job);
    if (index !== -1) this.#queue.splice(index, 1);
    else for (const worker of this.#workers) worker.abort(job, job.context.signal.reason);
  }

  #dispatch(): void {
    while (this.#queue.length > 0 && this.#idle.length > 0) {
      (this.#idle.pop() as PooledWorker).take(this.#queue.shift() as PoolJob);
    }
    let starting = 0;
    for (const { state } of this.#workers) if (state === "starting") starting += 1;
    while (this.#queue.length > starting && this.#workers.size < this.#size) if (this.#start()) starting += 1;
  }

  #start(): boolean {
    try {
      this.#workers.add(new PooledWorker(this.#options.worker, this));
      return true;
    } catch (cause) {
      const error = new EngineUnavailableError("A worker of the pool could not be made: see the cause.", {
        cause,
        code: "POOL_NOT_STARTED",
      });
      this.#queue.shift()?.fail(error);
      return false;
    }
  }
}

function wasClosed(): EngineUnavailableError {
  return new EngineUnavailableError("The pool of workers was closed.", { code: "POOL_CLOSED" });
}

function checkOptions({ worker, size, idleTimeout, gracePeriod }: Required<PoolOptions>): void {
  if (typeof worker !== "function") {
    throw new WorkflowConfigurationError(
      'A pool needs a function that makes a worker: { worker: () => new Worker(new URL("./steps.worker.ts", import.meta.url), { type: "module" }) }.',
    );
  }
  if (!(Number.isSafeInteger(size) && size > 0)) {
    throw new WorkflowConfigurationError(`The size of a pool is a whole number above 0, not ${String(size)}.`);
  }
  for (const [name, value] of Object.entries({ idleTimeout, gracePeriod })) {
    if (Number.isFinite(value) && value >= 0) continue;
    throw new WorkflowConfigurationError(`The ${name} of a pool is milliseconds from 0 up, not ${String(value)}.`);
  }
}
