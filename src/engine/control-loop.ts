/**
 * One run's control loop: take a tick, stamp it, reduce it, record it, execute its commands. A turn never waits;
 * a tick that arrives during a turn takes its own turn after it, in order of arrival.
 *
 * L1 State changes only in `#turn`.
 * L2 A tick is recorded if and only if its state took effect.
 * L3 Commands run after the state they belong to is in place, in the order the reducer gave them.
 * L4 Times never go back: a tick is stamped with the clock or the time of the tick before, whichever is later.
 */
import type { BrokerState } from "../core/broker-state.ts";
import type { Command } from "../core/command.ts";
import { reduce } from "../core/reduce.ts";
import type { Tick, UnstampedTick } from "../core/tick.ts";
import type { Clock } from "../ports/clock.ts";

export interface LoopPort {
  readonly clock: Clock;
  /** A tick took effect. */
  record(tick: Tick, commands: readonly Command[], before: BrokerState): void;
  execute(command: Command, tick: Tick): void;
  /** The loop has nothing more to do for now. */
  rest(): void;
  /** The reducer threw; `tick` did not take effect. */
  broken(error: unknown, tick: Tick): void;
}

export class ControlLoop {
  state: BrokerState;
  readonly #port: LoopPort;
  readonly #mailbox: UnstampedTick[] = [];
  #turning = false;

  constructor(state: BrokerState, port: LoopPort) {
    this.state = state;
    this.#port = port;
  }

  /** Takes a tick; when this returns it has taken effect, unless called from within a turn. */
  submit(tick: UnstampedTick): void {
    if (this.#turning) {
      this.#mailbox.push(tick);
      return;
    }
    this.#turning = true;
    try {
      this.#turn(tick);
      while (this.#mailbox.length > 0) this.#turn(this.#mailbox.shift() as UnstampedTick);
    } finally {
      this.#turning = false;
    }
    this.#port.rest();
  }

  #turn(unstamped: UnstampedTick): void {
    unstamped.sequence = this.state.sequence + 1;
    unstamped.at = Math.max(this.state.at, this.#port.clock.now());
    const tick = unstamped as Tick;
    let reduction;
    try {
      reduction = reduce(this.state, tick);
    } catch (error) {
      this.#port.broken(error, tick);
      return;
    }
    const before = this.state;
    this.state = reduction.state;
    this.#port.record(tick, reduction.commands, before);
    for (const command of reduction.commands) this.#port.execute(command, tick);
  }
}
