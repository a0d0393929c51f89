/** The one timer of a run. It holds no work: it only wakes the loop, which looks at the due times in its state. */
import type { Clock } from "../ports/clock.ts";

export class Wakeups {
  readonly #clock: Clock;
  readonly #wake: () => void;
  #due: number | null = null;
  #cancel: (() => void) | null = null;

  constructor(clock: Clock, wake: () => void) {
    this.#clock = clock;
    this.#wake = wake;
  }

  /** Wakes at this time and no other; null: never. */
  schedule(due: number | null): void {
    if (due === this.#due) return;
    this.#cancel?.();
    this.#cancel = null;
    this.#due = due;
    if (due === null) return;
    this.#cancel = this.#clock.setTimer(due, () => {
      this.#due = null;
      this.#cancel = null;
      this.#wake();
    });
  }
}
