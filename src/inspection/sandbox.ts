/**
 * What if a tick had not come, or another in its place: the ticks after it folded twice, as they were recorded and
 * without or with the changed one. Pure: no step runs, nothing is written.
 *
 * Only recorded results are known. One counts in the sandbox when the very same work is at work there: the same step,
 * the same events by content, told the same (answers, collected events, effects, child runs), in the same invocation.
 * Ids of work items and slots may differ between the two folds; they are translated. What a step read in the store is
 * recorded nowhere: a result stands even if the store was another.
 */
import { hasEnded, type BrokerState, type WorkItem, type WorkItemMemo } from "../core/broker-state.ts";
import type { Command } from "../core/command.ts";
import type { EventRef } from "../core/event-ref.ts";
import { isEqualJson } from "../core/json.ts";
import { reduce } from "../core/reduce.ts";
import { slotAt } from "../core/slots.ts";
import type { InvocationId, Tick, TickKind } from "../core/tick.ts";
import { allWork, busyWork, keyOf, matchEvents, nameOf, realName, toldOf } from "./work-identity.ts";

/**
 * Why a tick did nothing in the sandbox that did something in the run.
 * - noWork: the work it belongs to is not there.
 * - otherInput: its work is there, made from other events or told other answers: what it would give is not known.
 * - notAtWork: its work is there, but not in that attempt: it still waits, or for a slot, or runs already.
 * - noWaiter: the wait it belongs to is not there.
 * - ended: the run has ended there. unfit: it cannot be folded there. noEffect: it comes to nothing there.
 */
export type MisfitReason = "noWork" | "otherInput" | "notAtWork" | "noWaiter" | "ended" | "unfit" | "noEffect";

export interface Misfit {
  readonly sequence: number;
  readonly kind: TickKind;
  readonly step?: string;
  readonly workItem?: number;
  readonly why: MisfitReason;
}

/** Work that was begun in the sandbox and of which no result is recorded, or none that counts there. */
export interface OpenWork {
  readonly step: string;
  /** Its number in the sandbox. */
  readonly workItem: number;
  readonly eventType: string;
  readonly attempt: number;
  /** It never began in the run: it would start. Else the run has a result, which does not count here. */
  readonly isNew: boolean;
}

const LISTED = 200;

export class Sandbox {
  /** Ticks that did something in the run and nothing here; `withoutEffectCount` is exact. */
  readonly withoutEffect: Misfit[] = [];
  withoutEffectCount = 0;
  /** Why the tick in place of the recorded one came to nothing; null: it did not, or there is none. */
  readonly change: MisfitReason | null;
  #real: BrokerState;
  #state: BrokerState;
  /** By the number of a work item in the run. */
  readonly #realKeys = new Map<number, string>();
  readonly #realItems = new Map<string, number>();
  readonly #mine = new Map<string, number>();
  readonly #mineKeys = new Map<number, string>();
  /** Where the work items of the sandbox were last started. */
  readonly #slots = new Map<number, number>();
  /** Work that was begun and gave nothing yet: in the run by key, with its invocation; and here. */
  readonly #realOpen = new Map<string, number>();
  readonly #open = new Map<string, { readonly step: string; readonly item: WorkItem }>();
  readonly #changedAt: number;
  readonly #isReplaced: boolean;
  readonly #sameEvent: (index: number) => number | null;

  /** `before`: the state before the changed tick. `change`: what comes in its place; null: nothing. */
  constructor(before: BrokerState, recorded: Tick, change: Tick | null) {
    this.#changedAt = recorded.sequence;
    this.#isReplaced = change !== null;
    this.#sameEvent = matchEvents(recorded, change);
    for (const { step, item } of allWork(before)) {
      this.#noteReal(before, step, item);
      this.#noteMine(before, step, item);
    }
    for (const { index, item, workerId } of busyWork(before)) {
      this.#beganReal(before, index, item);
      this.#beganMine(before, index, item, workerId);
    }
    this.#real = before;
    this.#state = before;
    this.#foldReal(recorded);
    this.change = change && this.#foldMine(change);
    this.#state = passed(this.#state, this.#real, recorded);
  }

  /** As it was recorded. */
  get real(): BrokerState {
    return this.#real;
  }

  get state(): BrokerState {
    return this.#state;
  }

  /** Folds the next recorded tick. Gives it as it was folded here; null: it came to nothing. */
  fold(tick: Tick): Tick | null {
    const before = this.#real;
    const fitted = this.#translate(tick);
    this.#foldReal(tick);
    const hadEffect = isChanged(before, this.#real);
    const why = typeof fitted === "string" ? fitted : this.#foldMine(fitted);
    this.#state = passed(this.#state, this.#real, tick);
    if (why !== null && hadEffect) this.#noteLost(tick, why);
    return why === null && typeof fitted !== "string" ? fitted : null;
  }

  #noteLost(tick: Tick, why: MisfitReason): void {
    this.withoutEffectCount += 1;
    if (this.withoutEffect.length === LISTED) return;
    const { sequence, kind } = tick;
    this.withoutEffect.push({
      sequence,
      kind,
      ...("step" in tick && tick.step !== undefined && { step: tick.step }),
      ...("workItem" in tick && tick.workItem !== undefined && { workItem: tick.workItem }),
      why: hasEnded(this.#state) ? "ended" : why,
    });
  }

  /** What began here, or went on, without a recorded result; at most 200 listed. */
  openWork(): { readonly listed: OpenWork[]; readonly count: number } {
    const listed: OpenWork[] = [];
    let count = 0;
    for (const [key, { step, item }] of this.#open) {
      if (this.#realOpen.get(key) === item.invocation) continue;
      count += 1;
      if (listed.length === LISTED) continue;
      const attempt = (item.retry?.failures ?? 0) + 1;
      const isNew = !this.#realItems.has(key);
      listed.push({ step, workItem: item.id, eventType: item.event.type, attempt, isNew });
    }
    return { listed, count };
  }

  /** What the work items of the sandbox are called in the run after the same tick; null: it is not there. */
  realItems({
    real,
    state,
  }: {
    readonly real: BrokerState;
    readonly state: BrokerState;
  }): (item: number) => number | null {
    // Work that never began has no key yet.
    const keys = new Map<number, string>();
    for (const { step, item } of allWork(real)) this.#noteReal(real, step, item);
    for (const { step, item } of allWork(state)) keys.set(item.id, this.#keyOf(state, step, item));
    return (item) => this.#realItems.get(keys.get(item) ?? this.#mineKeys.get(item) ?? "") ?? null;
  }

  #foldReal(tick: Tick): void {
    const { state, commands } = reduce(this.#real, tick);
    const key = tick.kind === "StepResult" ? this.#realKeys.get(tick.workItem) : undefined;
    if (key !== undefined && isChanged(this.#real, state)) this.#realOpen.delete(key);
    this.#real = state;
    for (const { step, workItem } of started(commands)) this.#beganReal(state, step, workItem);
  }

  /** Why it came to nothing; null: it did not. */
  #foldMine(tick: Tick): MisfitReason | null {
    const before = this.#state;
    try {
      const { state, commands } = reduce(before, tick);
      if (!isChanged(before, state)) return "noEffect";
      this.#state = state;
      const key = tick.kind === "StepResult" ? this.#mineKeys.get(tick.workItem) : undefined;
      if (key !== undefined) this.#open.delete(key);
      for (const { step, workItem, workerId } of started(commands)) this.#beganMine(state, step, workItem, workerId);
      return null;
    } catch {
      return "unfit";
    }
  }

  /** The tick in the numbers of the sandbox, or why it does not belong there. */
  #translate(tick: Tick): Tick | MisfitReason {
    switch (tick.kind) {
      case "StepResult":
      case "CollectEvents":
      case "RecordEffect":
      case "StartChild": {
        const at = this.#atWork(tick.step, tick.workItem, tick.invocation);
        return typeof at === "string" ? at : { ...tick, ...at };
      }
      case "EditState": {
        if (tick.step === undefined || tick.workItem === undefined) return tick;
        const at = this.#atWork(tick.step, tick.workItem, null);
        return typeof at === "string" ? at : { ...tick, workItem: at.workItem };
      }
      case "EndChild": {
        const workItem = this.#itemFor(tick.workItem);
        return workItem === undefined ? "noWork" : { ...tick, workItem };
      }
      case "WaiterTimeout": {
        const waiter = this.#waiterFor(tick.waiter);
        return waiter === undefined ? "noWaiter" : { ...tick, waiter };
      }
      case "AddEvent": {
        if (tick.waiter === undefined) return tick;
        const waiter = this.#waiterFor(tick.waiter);
        return waiter === undefined ? "noWaiter" : { ...tick, waiter };
      }
      default:
        return tick;
    }
  }

  #itemFor(realItem: number): number | undefined {
    const key = this.#realKeys.get(realItem);
    return key === undefined ? undefined : this.#mine.get(key);
  }

  #atWork(
    step: string,
    realItem: number,
    invocation: number | null,
  ): Pick<InvocationId, "workItem" | "workerId"> | MisfitReason {
    const workItem = this.#itemFor(realItem);
    const index = this.#state.program.indexes[step];
    if (workItem === undefined || index === undefined) return this.#isOfChange(realItem) ? "otherInput" : "noWork";
    const workerId = this.#slots.get(workItem);
    const slots = this.#state.steps[index]?.slots;
    const entry = workerId === undefined || !slots ? undefined : slotAt(slots, workerId);
    if (workerId === undefined || entry?.workItem.id !== workItem) return "notAtWork";
    if (invocation !== null && entry.workItem.invocation !== invocation) return "notAtWork";
    const told = [this.#real.memos.get(realItem), this.#state.memos.get(workItem)] as const;
    return this.#isSameMemo(...told) ? { workItem, workerId } : "otherInput";
  }

  /** It was made by the tick that is another here. */
  #isOfChange(realItem: number): boolean {
    return this.#isReplaced && (this.#realKeys.get(realItem)?.includes(` ${this.#changedAt}.`) ?? false);
  }

  #waiterFor(instance: number): number | undefined {
    const real = this.#real.waiters.byInstance.get(instance);
    const workItem = real && this.#itemFor(real.workItem);
    if (!real || workItem === undefined) return undefined;
    const mine = this.#state.memos.get(workItem)?.waiters.find(({ waiterId }) => waiterId === real.waiterId);
    return mine?.instance;
  }

  #isSameMemo(real: WorkItemMemo | undefined, mine: WorkItemMemo | undefined): boolean {
    if (real === mine) return true;
    return isEqualJson(toldOf(real, realName), toldOf(mine, this.#nameOfEvent));
  }

  #noteReal(state: BrokerState, step: number, item: WorkItem): void {
    if (this.#realKeys.has(item.id)) return;
    const key = this.#realKeyOf(state, step, item);
    this.#realKeys.set(item.id, key);
    this.#realItems.set(key, item.id);
  }

  #noteMine(state: BrokerState, step: number, item: WorkItem): void {
    if (this.#mineKeys.has(item.id)) return;
    const key = this.#keyOf(state, step, item);
    this.#mine.set(key, item.id);
    this.#mineKeys.set(item.id, key);
  }

  #beganReal(state: BrokerState, step: number, item: WorkItem): void {
    this.#noteReal(state, step, item);
    this.#realOpen.set(this.#realKeys.get(item.id) ?? "", item.invocation);
  }

  #beganMine(state: BrokerState, step: number, item: WorkItem, workerId: number): void {
    this.#noteMine(state, step, item);
    this.#slots.set(item.id, workerId);
    this.#open.set(this.#mineKeys.get(item.id) ?? "", { step: nameOf(state, step), item });
  }

  #realKeyOf(state: BrokerState, step: number, item: WorkItem): string {
    return keyOf(nameOf(state, step), item, realName);
  }

  /** The same for the same work of the run. */
  #keyOf(state: BrokerState, step: number, item: WorkItem): string {
    return keyOf(nameOf(state, step), item, this.#nameOfEvent);
  }

  readonly #nameOfEvent = (event: EventRef): string => {
    if (event.tick !== this.#changedAt) return realName(event);
    const same = this.#sameEvent(event.index);
    return same === null ? `${event.tick}.changed ${event.index}` : `${event.tick}.${same}`;
  };
}

/** Time goes on in the sandbox, whatever came of the tick. Numbers given in the run are given to nothing else there. */
export function passed(state: BrokerState, real: BrokerState, { sequence, at }: Tick): BrokerState {
  const { nextWorkItem, nextWaiter } = real;
  if (state.sequence === sequence && state.nextWorkItem >= nextWorkItem && state.nextWaiter >= nextWaiter) return state;
  return {
    ...state,
    sequence,
    at: Math.max(at, state.at),
    nextWorkItem: Math.max(nextWorkItem, state.nextWorkItem),
    nextWaiter: Math.max(nextWaiter, state.nextWaiter),
  };
}

/** Anything but that time went on, or that a late result was counted. */
function isChanged(before: BrokerState, after: BrokerState): boolean {
  if (before.outcome !== after.outcome) return true;
  for (const name of Object.keys(after) as (keyof BrokerState)[]) {
    if (name === "sequence" || name === "at" || name === "dropped") continue;
    if (!Object.is(before[name], after[name])) return true;
  }
  return false;
}

function started(commands: readonly Command[]): Extract<Command, { kind: "RunWorker" }>[] {
  return commands.filter((command) => command.kind === "RunWorker");
}
