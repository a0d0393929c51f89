/** A clock that moves only when told to. Ship it to users: their tests need it too. (Idea: XState's SimulatedClock.) */
import type { Clock } from "./clock.ts";

export class SimulatedClock implements Clock {
  #now: number;
  #next = 1;
  readonly #timers = new Map<number, { due: number; callback: () => void }>();

  /** Starts at this time; default 2026-01-01T00:00:00Z. */
  constructor(now: number = Date.UTC(2026, 0, 1)) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  setTimer(due: number, callback: () => void): () => void {
    const id = this.#next++;
    this.#timers.set(id, { due, callback });
    return () => void this.#timers.delete(id);
  }

  /** Timers not fired yet. */
  get pending(): number {
    return this.#timers.size;
  }

  /** When the next timer is due; null when there is none. */
  get nextDue(): number | null {
    return this.#earliest()?.due ?? null;
  }

  /**
   * Moves time forward, firing each timer at its own time, in order of due time, then of creation. Between two
   * timers everything that is ready to run does, so that timers set on the way fire too.
   */
  async advance(milliseconds: number): Promise<void> {
    await this.advanceTo(this.#now + milliseconds);
  }

  async advanceTo(time: number): Promise<void> {
    await settle();
    for (let next = this.#earliest(); next && next.due <= time; next = this.#earliest()) {
      this.#timers.delete(next.id);
      this.#now = Math.max(this.#now, next.due);
      next.callback();
      await settle();
    }
    this.#now = Math.max(this.#now, time);
  }

  /** Sets the time without firing anything: what a laptop's sleep, or a wrong clock put right, looks like. */
  jumpTo(time: number): void {
    this.#now = time;
  }

  #earliest(): { id: number; due: number; callback: () => void } | undefined {
    let found: { id: number; due: number; callback: () => void } | undefined;
    for (const [id, timer] of this.#timers) {
      if (!found || timer.due < found.due) found = { id, ...timer };
    }
    return found;
  }
}

/** Lets everything run that needs no time: a few turns of the event loop. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise<void>((resolve) => setTimeout(resolve, 0));
}
