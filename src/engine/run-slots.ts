/** `numConcurrentRuns`: runs of one workflow wait their turn, first come first served. */
import type { Workflow } from "../workflow/workflow.ts";

export class RunSlots {
  readonly #limit: number;
  #taken = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  /**
   * Calls `start` at once or when it is its turn. Returns a function that gives the slot back, or leaves the
   * queue; calling it again does nothing.
   */
  acquire(start: () => void): () => void {
    let state: "waiting" | "running" | "released" = "waiting";
    const begin = (): void => {
      state = "running";
      this.#taken += 1;
      start();
    };
    if (this.#taken < this.#limit) begin();
    else this.#waiting.push(begin);
    return () => {
      if (state === "running") {
        this.#taken -= 1;
        this.#waiting.shift()?.();
      } else if (state === "waiting") {
        this.#waiting.splice(this.#waiting.indexOf(begin), 1);
      }
      state = "released";
    };
  }

  /** Takes a slot that is free now; null when none is. Returns as `acquire` does. */
  tryAcquire(): (() => void) | null {
    return this.#taken < this.#limit ? this.acquire(() => undefined) : null;
  }
}

const slotsOf = new WeakMap<object, RunSlots>();

/** The slots all runs of a workflow in this process share; null without a limit. */
export function runSlots(workflow: Workflow): RunSlots | null {
  if (workflow.numConcurrentRuns === null) return null;
  const known = slotsOf.get(workflow) ?? new RunSlots(workflow.numConcurrentRuns);
  slotsOf.set(workflow, known);
  return known;
}
