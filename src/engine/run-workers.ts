/** The invocations of a run that go on, or are held before they begin, and the signal that ends with them. */
import type { StepWorker } from "./step-worker.ts";

export class RunWorkers {
  /** By step index and worker id. */
  readonly #places: (StepWorker | undefined)[][];
  /** Made on first use: few resources look at it. */
  #abort: AbortController | null = null;
  #whyAbandoned: (() => unknown) | null = null;

  constructor(steps: number) {
    this.#places = Array.from({ length: steps }, () => []);
  }

  /** Aborts when the run ends or is let go. */
  get signal(): AbortSignal {
    this.#abort ??= new AbortController();
    if (this.#whyAbandoned) this.#abort.abort(this.#whyAbandoned());
    return this.#abort.signal;
  }

  put(step: number, workerId: number, worker: StepWorker): void {
    const places = this.#places[step];
    if (places) places[workerId] = worker;
  }

  /** Frees a place; gives who had it. */
  take(step: number, workerId: number): StepWorker | undefined {
    const places = this.#places[step];
    const worker = places?.[workerId];
    if (places) places[workerId] = undefined;
    return worker;
  }

  *[Symbol.iterator](): IterableIterator<StepWorker> {
    for (const places of this.#places) for (const worker of places) if (worker && !worker.over) yield worker;
  }

  /** The reason is made only if somebody is told: an error with its stack costs more than a small run. */
  abandon(reason: () => unknown): void {
    this.#whyAbandoned ??= reason;
    const workers = this.#places.flat().filter((worker) => worker !== undefined);
    if (!this.#abort && workers.length === 0) return;
    const why = reason();
    this.#abort?.abort(why);
    for (const worker of workers) worker.abandon(why);
  }
}
