/**
 * The way a sandbox took, so that its state after any of its ticks can be had again. Pure. States share what they have
 * in common: one is kept every so many ticks, and of a tick only how it was folded, where that is not as it was recorded.
 */
import type { BrokerState } from "../core/broker-state.ts";
import { reduce } from "../core/reduce.ts";
import type { Tick } from "../core/tick.ts";
import { passed } from "./sandbox.ts";

/** The run and the sandbox after the same tick. */
export interface SandboxPoint {
  readonly real: BrokerState;
  readonly state: BrokerState;
}

/** In the numbers of the sandbox. */
type Numbers = Partial<Record<"workItem" | "workerId" | "waiter", number>>;

const MOST_POINTS = 256;

export class SandboxPath {
  #points: SandboxPoint[];
  #every: number;
  /** null: the tick came to nothing. */
  readonly #otherwise = new Map<number, Numbers | null>();

  /** `every`: ticks between two points that are kept, until there are too many of them. */
  constructor({ real, state }: SandboxPoint, every = 256) {
    this.#points = [{ real, state }];
    this.#every = every;
  }

  /** `folded`: what the sandbox made of the tick; null: nothing. `point`: where both stand after it. */
  add(recorded: Tick, folded: Tick | null, point: SandboxPoint): void {
    if (folded === null) this.#otherwise.set(recorded.sequence, null);
    else if (folded !== recorded) {
      const numbers = numbersOf(folded);
      if (!isSame(numbers, numbersOf(recorded))) this.#otherwise.set(recorded.sequence, numbers);
    }
    if (recorded.sequence - (this.#points.at(-1)?.real.sequence ?? 0) < this.#every) return;
    this.#points.push(point);
    if (this.#points.length <= MOST_POINTS) return;
    this.#points = this.#points.filter((_, index) => index % 2 === 0);
    this.#every *= 2;
  }

  /** The last point that is kept up to a tick. */
  nearest(sequence: number): SandboxPoint {
    const found = this.#points.findLast(({ real }) => real.sequence <= sequence) ?? this.#points[0];
    if (found === undefined) throw new Error("A path has its first point.");
    return found;
  }

  /** One recorded tick on, as it was the first time. */
  next({ real, state }: SandboxPoint, tick: Tick): SandboxPoint {
    const numbers = this.#otherwise.get(tick.sequence);
    const after = reduce(real, tick).state;
    const mine = numbers === null ? state : reduce(state, numbers === undefined ? tick : { ...tick, ...numbers }).state;
    return { real: after, state: passed(mine, after, tick) };
  }
}

function numbersOf(tick: Tick): Numbers {
  const { workItem, workerId, waiter } = tick as Numbers;
  return {
    ...(workItem !== undefined && { workItem }),
    ...(workerId !== undefined && { workerId }),
    ...(waiter !== undefined && { waiter }),
  };
}

function isSame(a: Numbers, b: Numbers): boolean {
  return a.workItem === b.workItem && a.workerId === b.workerId && a.waiter === b.waiter;
}
