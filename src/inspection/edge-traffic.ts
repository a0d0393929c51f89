/**
 * What passed along each edge of the graph, counted tick by tick. An event leaves a step, or the outside world, along
 * one edge, and arrives along one for each step that takes it: as input, as part of a set, or as the answer to a wait.
 */
import { hasEnded, type BrokerState } from "../core/broker-state.ts";
import type { WorkflowEvent } from "../core/event-ref.ts";
import type { Tick } from "../core/tick.ts";
import { waitersFor } from "../core/waiters.ts";
import type { EdgeCount } from "./inspection-source.ts";
import { invocationFacts } from "./tick-summary.ts";

interface Passing {
  readonly event: WorkflowEvent;
  readonly isPublished?: boolean;
  readonly target?: string | undefined;
  readonly waiter?: number | undefined;
}

/** Calls `pass` with the id of each edge, `SOURCE>TARGET`, that an event of the tick went along. `before`: the state it found. */
export function passedEdges(tick: Tick, before: BrokerState, pass: (edge: string) => void): void {
  const program = tick.kind === "StartRun" ? (tick.program ?? before.program) : before.program;
  const source = "step" in tick && tick.step !== undefined ? `step:${tick.step}` : "external";
  /** A waiter takes one event, the first that fits. */
  const answered = new Set<number>();
  for (const { event, isPublished, target, waiter } of passing(tick, before)) {
    const node = `event:${event.type}`;
    const role = program.roles[event.type];
    pass(`${source}>${node}`);
    if (isPublished || role === "stop" || role === "inputRequired") pass(`${node}>external`);
    if (isPublished) continue;
    if (role === "stop") return;
    const reached = new Set<number>();
    for (const wait of waitersFor(before.waiters, { ...event, tick: tick.sequence, index: 0 })) {
      const isAddressed = waiter === undefined ? isTarget(program, wait.step, target) : wait.instance === waiter;
      if (!isAddressed || answered.has(wait.instance)) continue;
      answered.add(wait.instance);
      reached.add(wait.step);
    }
    if (waiter === undefined) {
      for (const step of program.routes[event.type] ?? []) if (isTarget(program, step, target)) reached.add(step);
    }
    for (const step of reached) pass(`${node}>step:${program.steps[step]?.name ?? ""}`);
  }
}

function isTarget(program: BrokerState["program"], step: number, target: string | undefined): boolean {
  return target === undefined || program.steps[step]?.name === target;
}

function passing(tick: Tick, before: BrokerState): readonly Passing[] {
  switch (tick.kind) {
    case "StartRun":
      return [{ event: tick.event }];
    case "AddEvent":
      return hasEnded(before) ? [] : [{ event: tick.event, target: tick.target, waiter: tick.waiter }];
    case "StepResult":
      // What came too late took no effect.
      if (invocationFacts(before, tick) === null) return [];
      if (tick.outcome.kind === "waiting") {
        return tick.outcome.waits.flatMap(({ prompt }) => (prompt ? [{ event: prompt, isPublished: true }] : []));
      }
      return tick.outputs.map(({ event, mode, target }) => ({ event, target, isPublished: mode === "stream" }));
    default:
      return [];
  }
}

/** Counts in bounded memory: when it remembers enough moments, every other one goes and those to come lie further apart. */
export class EdgeCounter {
  #counts = new Map<string, EdgeCount>();
  /** Counts after some ticks, oldest first. */
  #moments: { state: BrokerState; counts: ReadonlyMap<string, EdgeCount> }[];
  #stride: number;

  constructor(start: BrokerState, stride = 2048) {
    this.#moments = [{ state: start, counts: new Map() }];
    this.#stride = stride;
  }

  /** The last moment remembered at or before a tick: counting goes on from there. */
  rewind(sequence: number): BrokerState {
    const found = this.#moments.findLast(({ state }) => state.sequence <= sequence) ?? this.#moments[0];
    if (!found) throw new Error("An edge counter remembers its start.");
    this.#counts = new Map(found.counts);
    return found.state;
  }

  see(tick: Tick, before: BrokerState, after: BrokerState): void {
    passedEdges(tick, before, (edge) => {
      const count = (this.#counts.get(edge)?.count ?? 0) + 1;
      this.#counts.set(edge, { count, last: tick.sequence, lastAt: tick.at });
    });
    const newest = this.#moments.at(-1);
    if (newest && after.sequence >= newest.state.sequence + this.#stride) this.#remember(after);
  }

  /** The counts now, of the edges that something passed along. */
  counts(): { readonly [edge: string]: EdgeCount } {
    return Object.fromEntries(this.#counts);
  }

  #remember(state: BrokerState): void {
    this.#moments.push({ state, counts: new Map(this.#counts) });
    if (this.#moments.length <= MOST_MOMENTS) return;
    this.#stride *= 2;
    this.#moments = this.#moments.filter((_, index) => index % 2 === 0);
  }
}

const MOST_MOMENTS = 64;
