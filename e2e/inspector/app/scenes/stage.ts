/** Time that a scene moves by itself, and quiet before it is shown: a scene is the same on every run, to the tick. */
import type { EngineHost } from "tickwork/engine";
import type { Clock } from "tickwork/testing";
import { NOW } from "./fixed.ts";

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

/** Turns of the event loop in which nothing may come before the next timer fires. */
const QUIET_TURNS = 6;

export class Stage implements Clock {
  #now: number;
  #next = 0;
  readonly #timers = new Map<number, { readonly due: number; readonly callback: () => void }>();
  #engine: EngineHost | null = null;

  /** Begins so many milliseconds before the moment that is shown. */
  constructor(before: number) {
    this.#now = NOW - before;
  }

  set engine(engine: EngineHost) {
    this.#engine = engine;
  }

  get engine(): EngineHost {
    if (this.#engine === null) throw new Error("The scene has no engine yet.");
    return this.#engine;
  }

  now(): number {
    return this.#now;
  }

  setTimer(due: number, callback: () => void): () => void {
    const id = this.#next++;
    this.#timers.set(id, { due, callback });
    return () => void this.#timers.delete(id);
  }

  /** What a step does that takes time. */
  readonly pause = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => this.setTimer(this.#now + milliseconds, resolve));

  /** Time passes until so long before the moment that is shown; all that is ready by then has happened. */
  async until(before: number): Promise<void> {
    const end = NOW - before;
    for (;;) {
      await this.#quiet();
      const [id, timer] = [...this.#timers].toSorted(([, a], [, b]) => a.due - b.due)[0] ?? [];
      if (id === undefined || timer === undefined || timer.due > end) break;
      this.#timers.delete(id);
      this.#now = Math.max(this.#now, timer.due);
      timer.callback();
    }
    this.#now = end;
  }

  async #quiet(): Promise<void> {
    for (let [before, now] = [-1, 0]; before !== now;) {
      for (let turn = 0; turn < QUIET_TURNS; turn++) await nextTurn();
      before = now;
      const { runs } = await this.engine.listRuns();
      now = runs.reduce((sum, { sequence }) => sum + sequence, 0);
    }
  }
}

const { port1, port2 } = new MessageChannel();

/** A message to ourselves: a timer would take 4 ms. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    port1.addEventListener("message", () => resolve(), { once: true });
    port1.start();
    port2.postMessage(null);
  });
}
