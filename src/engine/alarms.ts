/**
 * Many times at which something is to be looked at, and one timer for the first of them. A binary heap that each
 * sleeper knows its place in, so that a time can be changed or taken back without a search, and costs one slot.
 */
import type { Clock } from "../ports/clock.ts";
import { Wakeups } from "./wakeups.ts";

export interface Sleeper {
  /** When it is called; means nothing while it has no alarm. Kept by `Alarms`. */
  alarmAt: number;
  /** Its place in the heap; -1: it has no alarm. Kept by `Alarms`. */
  alarmPlace: number;
  /** The time has come. May set another alarm, also at once. */
  ring(): void;
}

export class Alarms {
  readonly #clock: Clock;
  readonly #wakeups: Wakeups;
  /** No sleeper comes before its parent, at half its place. */
  readonly #heap: Sleeper[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#wakeups = new Wakeups(clock, () => this.ringDue());
  }

  /** Rings at this time and no other; null: never. */
  set(sleeper: Sleeper, at: number | null): void {
    if (sleeper.alarmPlace >= 0) this.#remove(sleeper);
    if (at !== null) {
      sleeper.alarmAt = at;
      this.#rise(sleeper, this.#heap.length);
    }
    this.#schedule();
  }

  /** Rings all that is due by the clock: called by the timer and when the machine wakes up. */
  ringDue(): void {
    const now = this.#clock.now();
    const due: Sleeper[] = [];
    for (let first = this.#heap[0]; first && first.alarmAt <= now; first = this.#heap[0]) {
      this.#remove(first);
      due.push(first);
    }
    for (const sleeper of due) sleeper.ring();
    this.#schedule();
  }

  #schedule(): void {
    this.#wakeups.schedule(this.#heap[0]?.alarmAt ?? null);
  }

  #remove(sleeper: Sleeper): void {
    const place = sleeper.alarmPlace;
    sleeper.alarmPlace = -1;
    const last = this.#heap.pop();
    if (!last || last === sleeper) return;
    if (last.alarmAt < sleeper.alarmAt) this.#rise(last, place);
    else this.#sink(last, place);
  }

  /** Puts a sleeper at a place, or above it. */
  #rise(sleeper: Sleeper, from: number): void {
    let place = from;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = this.#heap[above] as Sleeper;
      if (parent.alarmAt <= sleeper.alarmAt) break;
      this.#put(parent, place);
      place = above;
    }
    this.#put(sleeper, place);
  }

  /** Puts a sleeper at a place, or below it. */
  #sink(sleeper: Sleeper, from: number): void {
    let place = from;
    for (;;) {
      const [left, right] = [this.#heap[2 * place + 1], this.#heap[2 * place + 2]];
      const child = right && left && right.alarmAt < left.alarmAt ? right : left;
      if (!child || child.alarmAt >= sleeper.alarmAt) break;
      const below = child.alarmPlace;
      this.#put(child, place);
      place = below;
    }
    this.#put(sleeper, place);
  }

  #put(sleeper: Sleeper, place: number): void {
    this.#heap[place] = sleeper;
    sleeper.alarmPlace = place;
  }
}
