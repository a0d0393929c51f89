/**
 * Work that is ready to start, started in order in a microtask of its own, so that a turn of a control loop is
 * over before any step begins. After `SLICE` milliseconds of uninterrupted work the rest waits for a macrotask:
 * a chain of instant steps must not keep messages, timers and painting out.
 */
import { macrotask } from "../ports/macrotask.ts";

const SLICE = 8;

interface Startable {
  run(): void;
}

/** Its `then` is the fastest microtask there is: `queueMicrotask` costs several times as much in Node and Chromium. */
const resolved = Promise.resolve();

class ReadyQueue {
  /** Two lists that take turns, so that neither is made anew: one is filled while the other is started. */
  #waiting: (Startable | undefined)[] = [];
  #starting: (Startable | undefined)[] = [];
  /** How many wait; the list may be longer. */
  #count = 0;
  #scheduled = false;
  /** When the macrotask we are in began, as far as we know; null between slices. */
  #sliceStart: number | null = null;

  push(work: Startable): void {
    this.#waiting[this.#count++] = work;
    if (this.#scheduled) return;
    this.#scheduled = true;
    void resolved.then(this.#drain);
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
    const count = this.#count;
    this.#waiting = this.#starting;
    this.#starting = batch;
    this.#count = 0;
    for (let index = 0; index < count; index++) {
      const work = batch[index];
      batch[index] = undefined;
      work?.run();
    }
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
