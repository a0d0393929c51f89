/**
 * Work that is ready to start, started in order in a microtask of its own, so that a turn of a control loop is
 * over before any step begins. After `SLICE` milliseconds of uninterrupted work the rest waits for a macrotask:
 * a chain of instant steps must not keep messages, timers and painting out.
 */
import { macrotask } from "../ports/macrotask.ts";

const SLICE = 8;

class ReadyQueue {
  #waiting: (() => void)[] = [];
  #scheduled = false;
  /** When the macrotask we are in began, as far as we know; null between slices. */
  #sliceStart: number | null = null;

  push(start: () => void): void {
    this.#waiting.push(start);
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(this.#drain);
  }

  readonly #drain = (): void => {
    this.#scheduled = false;
    this.#openSlice();
    if (this.#sliceOver()) {
      this.#scheduled = true;
      macrotask(this.#drain);
      return;
    }
    const batch = this.#waiting;
    this.#waiting = [];
    for (const start of batch) start();
  };

  #openSlice(): void {
    if (this.#sliceStart !== null) return;
    this.#sliceStart = performance.now();
    // Runs when the platform had its turn: by then the slice is over.
    macrotask(this.#closeSlice);
  }

  readonly #closeSlice = (): void => {
    this.#sliceStart = null;
  };

  #sliceOver(): boolean {
    return this.#sliceStart !== null && performance.now() - this.#sliceStart > SLICE;
  }
}

/** One for the thread: runs share it, so none starves the others. */
export const readyQueue = new ReadyQueue();
