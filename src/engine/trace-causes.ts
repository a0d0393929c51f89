/**
 * What led to a tick and what came of it. A tick names the one in whose turn it began: for a step that is where a slot
 * became free, for a timer the moment it fell due. What led to it is what brought its work item, or set its timer; the
 * state before it knows.
 */
import type { BrokerState, WorkItem } from "../core/broker-state.ts";
import { busySlots, slotAt } from "../core/slots.ts";
import type { Command } from "../core/command.ts";
import { own } from "../core/json.ts";
import type { Tick } from "../core/tick.ts";
import type { CauseChain, CauseNode } from "../inspection/tick-questions.ts";
import { redactTick } from "../inspection/redact-tick.ts";
import type { Redaction } from "../inspection/redaction.ts";
import { invocationFacts, summariseTick } from "../inspection/tick-summary.ts";
import type { Journal } from "../ports/journal.ts";
import { givesWay } from "./give-way.ts";
import { foldTicks } from "./load-run.ts";
import type { PastTick, RunHistory } from "./run-history.ts";

const MOST_ANCESTORS = 64;
const MOST_DESCENDANTS = 200;
/** Ticks in which later ones are looked for, and how many at once. */
const MOST_TICKS = 20_000;
const PAGE = 500;
/** Timers that fell due in one tick and are looked at. */
const MOST_TIMERS = 1000;

export async function traceCauses(
  journal: Journal,
  history: RunHistory,
  asked: PastTick,
  lastSequence: number,
  show: Redaction,
): Promise<CauseChain> {
  const { sequence } = asked.tick;
  const ancestors: CauseNode[] = [];
  let [cause, item] = [causeOf(asked.tick, asked.before, undefined), itemOf(asked.tick)];
  while (cause !== "external" && ancestors.length < MOST_ANCESTORS) {
    const past = await history.tickAt(cause);
    if (!past) break;
    cause = causeOf(past.tick, past.before, item);
    item = itemOf(past.tick);
    ancestors.unshift({ tick: summaryOf(past.tick, past.commands, past.before, past.after, show), cause });
  }
  const later = new Descendants(sequence, show);
  const rest = givesWay();
  const end = Math.min(lastSequence, sequence + MOST_TICKS);
  let state = asked.after;
  while (state.sequence < end && !later.isFull) {
    state = await foldTicks(journal, state.runId, state, Math.min(end, state.sequence + PAGE), later.visit);
    await rest();
  }
  return {
    sequence,
    ancestors,
    isWhole: cause === "external",
    descendants: later.found,
    searchedTo: later.isFull ? (later.found.at(-1)?.tick.sequence ?? sequence) : state.sequence,
    lastSequence,
  };
}

class Descendants {
  readonly found: CauseNode[] = [];
  readonly #show: Redaction;
  /** The ticks whose effects are looked for; where a timer fell due, for these work items. */
  readonly #causes: Map<number, ReadonlySet<number> | null>;

  constructor(sequence: number, show: Redaction) {
    this.#causes = new Map([[sequence, null]]);
    this.#show = show;
  }

  get isFull(): boolean {
    return this.found.length >= MOST_DESCENDANTS;
  }

  readonly visit = (tick: Tick, commands: readonly Command[], before: BrokerState, after: BrokerState): void => {
    if (this.isFull) return;
    const cause = tick.kind === "Wakeup" ? this.#wakes(tick, before) : this.#leads(tick, before);
    if (cause === null) return;
    if (tick.kind !== "Wakeup") this.#causes.set(tick.sequence, null);
    this.found.push({ tick: summaryOf(tick, commands, before, after, this.#show), cause });
  };

  /** One of them, if it led to this tick. */
  #leads(tick: Tick, before: BrokerState): number | null {
    const cause = causeOf(tick, before, undefined);
    if (cause === "external") return null;
    const items = this.#causes.get(cause);
    const item = itemOf(tick);
    return items === null || (items !== undefined && item !== undefined && items.has(item)) ? cause : null;
  }

  /** A timer that one of them set. */
  #wakes({ sequence, due }: Extract<Tick, { kind: "Wakeup" }>, before: BrokerState): number | null {
    const woken = dueItems(before, due).filter(({ causedBy }) => this.#causes.get(causedBy) === null);
    const [first] = woken;
    if (!first) return null;
    this.#causes.set(sequence, new Set(woken.map(({ id }) => id)));
    return first.causedBy;
  }
}

/** `item`: of the tick that this one led to, where it is known. */
function causeOf(tick: Tick, before: BrokerState, item: number | undefined): number | "external" {
  if ("invocation" in tick) {
    const slots = slotsOf(before, tick.step);
    const entry = slots && slotAt(slots, tick.workerId);
    return entry?.workItem.id === tick.workItem ? entry.workItem.causedBy : tick.causedBy;
  }
  switch (tick.kind) {
    case "Wakeup": {
      const due = dueItems(before, tick.due);
      return (due.find(({ id }) => id === item) ?? due[0])?.causedBy ?? tick.causedBy;
    }
    case "WaiterTimeout": {
      const waiter = before.waiters.byInstance.get(tick.waiter);
      return (waiter && before.parked.get(waiter.workItem)?.workItem.causedBy) ?? tick.causedBy;
    }
    case "EditState":
      return workOf(before, tick.step, tick.workItem)?.causedBy ?? tick.causedBy;
    default:
      return tick.causedBy;
  }
}

/** The work items whose back-off is over, the earliest first. */
function dueItems({ timers }: BrokerState, until: number): WorkItem[] {
  const due: WorkItem[] = [];
  let looked = 0;
  for (const [key, timer] of timers.entries()) {
    if (key.due > until || looked++ === MOST_TIMERS) break;
    if (timer.kind === "retry") due.push(timer.workItem);
  }
  return due;
}

/** A work item that is in progress. */
function workOf(state: BrokerState, step = "", workItem?: number): WorkItem | undefined {
  const slots = slotsOf(state, step);
  if (!slots) return undefined;
  for (const [, entry] of busySlots(slots)) if (entry.workItem.id === workItem) return entry.workItem;
  return undefined;
}

function slotsOf({ program, steps }: BrokerState, step: string) {
  return steps[own(program.indexes, step) ?? -1]?.slots;
}

function itemOf(tick: Tick): number | undefined {
  return "workItem" in tick ? tick.workItem : undefined;
}

function summaryOf(
  tick: Tick,
  commands: readonly Command[],
  before: BrokerState,
  after: BrokerState,
  show: Redaction,
): CauseNode["tick"] {
  return summariseTick(redactTick(tick, show), commands, after.program, invocationFacts(before, tick));
}
