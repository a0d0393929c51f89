/**
 * What a tick is called in any run of its workflow: by what it is and what it came of, never by its number, its time
 * or its worker. Steps that ran at the same time end in another order in every run; their ticks have the same names.
 */
import type { BrokerState, WorkItem } from "../core/broker-state.ts";
import type { EventRef } from "../core/event-ref.ts";
import { slotAt } from "../core/slots.ts";
import type { Tick } from "../core/tick.ts";

/** Names are long and share most of what they say: two runs that are compared have one number for each. */
export class NameTable {
  readonly #numbers = new Map<string, number>();

  numberOf(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    this.#numbers.set(name, this.#numbers.size);
    return this.#numbers.size - 1;
  }
}

export class TickIdentity {
  readonly #names: NameTable;
  /** Ticks up to this one both runs have in common: they are called by their number. */
  readonly #sharedTo: number;
  readonly #ticks = new Map<number, number>();
  readonly #items = new Map<number, number>();
  /** Work items that add to a set, and which. */
  readonly #collecting = new Map<number, string>();
  readonly #times = new Map<string, number>();

  constructor(names: NameTable, sharedTo: number) {
    this.#names = names;
    this.#sharedTo = sharedTo;
  }

  /** To be asked for each tick, in order. null: of a tick that says nothing of what the run did, only of when. */
  of(tick: Tick, before: BrokerState): number | null {
    const told = this.#tell(tick, before);
    if (told === null) return null;
    const times = (this.#times.get(told) ?? 0) + 1;
    this.#times.set(told, times);
    const name = this.#names.numberOf(`${told} ${times}`);
    this.#ticks.set(tick.sequence, name);
    return name;
  }

  #tell(tick: Tick, before: BrokerState): string | null {
    switch (tick.kind) {
      // When timers fire and a run is loaded, and what a set answers before it is full, is a matter of time.
      case "Wakeup":
      case "IdleCheck":
      case "AdmitRun":
      case "ResumeRun":
        return null;
      case "CollectEvents":
        this.#atWork(tick, before);
        this.#collecting.set(tick.workItem, `${tick.step} ${tick.bufferId}`);
        return null;
      case "AddEvent":
        return `in ${tick.event.type} ${tick.target ?? ""} ${tick.waiter === undefined ? "" : this.#asker(tick.waiter, before)}`;
      case "StepResult": {
        const item = this.#atWork(tick, before);
        if (item === null) return null;
        // Which of several events fills a set is a matter of time: the first to end is the first to end.
        const set = this.#collecting.get(tick.workItem);
        return set === undefined ? `result ${tick.step} ${item}` : `set ${set}`;
      }
      case "RecordEffect":
      case "StartChild": {
        const item = this.#atWork(tick, before);
        return item === null ? null : `${tick.kind} ${tick.step} ${item} ${tick.key}`;
      }
      case "EndChild":
        return `${tick.kind} ${tick.step} ${this.#item(tick.workItem)}`;
      case "EditState":
        return `${tick.kind} ${tick.step ?? ""} ${tick.workItem === undefined ? "" : this.#item(tick.workItem)}`;
      case "WaiterTimeout":
        return `${tick.kind} ${this.#asker(tick.waiter, before)}`;
      case "StartRun":
      case "Timeout":
      case "CancelRun":
      case "FailRun":
        return tick.kind;
    }
  }

  /** The name of the work item that a tick of a step is about; null where that came too late. */
  #atWork(tick: Extract<Tick, { invocation: number }>, before: BrokerState): number | null {
    const index = before.program.indexes[tick.step];
    const step = index === undefined ? undefined : before.steps[index];
    const item = step && slotAt(step.slots, tick.workerId)?.workItem;
    if (item === undefined || item.id !== tick.workItem || item.invocation !== tick.invocation) return null;
    const name = this.#names.numberOf(`item ${tick.step} ${this.#inputs(item)}`);
    this.#items.set(item.id, name);
    return name;
  }

  #item(workItem: number): number {
    return this.#items.get(workItem) ?? this.#names.numberOf(`item ${workItem}`);
  }

  #asker(instance: number, before: BrokerState): string {
    const waiter = before.waiters.byInstance.get(instance);
    return waiter === undefined ? "" : `${this.#item(waiter.workItem)} ${waiter.waiterId}`;
  }

  /** What came together for it, in whatever order. */
  #inputs({ event, inputs = [event] }: WorkItem): string {
    return inputs
      .map((input) => this.#event(input))
      .toSorted()
      .join("+");
  }

  #event({ tick, index }: EventRef): string {
    return tick <= this.#sharedTo ? `#${tick}.${index}` : `${this.#ticks.get(tick) ?? `?${tick}`}.${index}`;
  }
}
