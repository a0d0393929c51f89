/** The past of one run, for inspectors: any state, any page of ticks, the depth of its queues over time. */
import type { BrokerState } from "../core/broker-state.ts";
import { WorkflowRuntimeError } from "../core/errors.ts";
import type { Program } from "../core/program.ts";
import type { Tick } from "../core/tick.ts";
import type { Command } from "../core/command.ts";
import type { EdgeCount } from "../inspection/inspection-source.ts";
import type { DepthPoint } from "../inspection/timeline.ts";
import type { TickSummary } from "../inspection/inspection-event.ts";
import { EdgeCounter } from "../inspection/edge-traffic.ts";
import { invocationFacts, summariseTick } from "../inspection/tick-summary.ts";
import { macrotask } from "../ports/macrotask.ts";
import type { Journal } from "../ports/journal.ts";
import { redactTick } from "../inspection/redact-tick.ts";
import type { Redaction } from "../inspection/redaction.ts";
import { DepthSeries } from "./depth-series.ts";
import { foldTicks, loadState, type FoldVisitor } from "./load-run.ts";

/** States kept for scrubbing back and forth. */
const KEPT_STATES = 64;
/** Ticks counted before other work gets its turn. */
const TRAFFIC_PAGE = 1000;
/** Ticks folded before others get their turn. */
const WALK_PAGE = 500;

export interface PastTick {
  readonly tick: Tick;
  readonly commands: readonly Command[];
  readonly before: BrokerState;
  readonly after: BrokerState;
}

export class RunHistory {
  readonly #journal: Journal;
  readonly #runId: string;
  readonly #program: Program;
  /** The first tick that is kept. */
  readonly from: number;
  /** By sequence, least recently used first. */
  readonly #states = new Map<number, BrokerState>();
  readonly #depth = new DepthSeries();
  #depthState: BrokerState | null = null;
  #depthTurn: Promise<void> = Promise.resolve();
  #traffic: EdgeCounter | null = null;
  #trafficTurn: Promise<void> = Promise.resolve();

  constructor(journal: Journal, runId: string, program: Program, historyFrom = 1) {
    this.#journal = journal;
    this.#runId = runId;
    this.#program = program;
    this.from = historyFrom;
  }

  /** The state after a tick; of a history that begins later, the first there is. */
  async stateAt(asked: number): Promise<BrokerState> {
    const sequence = Math.max(asked, this.from - 1);
    const near = this.#nearest(sequence);
    const from = near ?? (await loadState(this.#journal, this.#runId, this.#program, sequence));
    const state = from.sequence < sequence ? await foldTicks(this.#journal, this.#runId, from, sequence) : from;
    this.#assertKnown(state);
    this.#keep(state);
    return state;
  }

  /** One tick, not past the end, with the states around it; undefined before the first that is kept. */
  async tickAt(sequence: number): Promise<PastTick | undefined> {
    let found: PastTick | undefined;
    const before = await this.stateAt(sequence - 1);
    if (before.sequence !== sequence - 1) return undefined;
    const after = await foldTicks(this.#journal, this.#runId, before, sequence, (tick, commands, from, to) => {
      found = { tick, commands, before: from, after: to };
    });
    this.#keep(after);
    return found;
  }

  async summaries(from: number, limit: number, show: Redaction): Promise<TickSummary[]> {
    const summaries: TickSummary[] = [];
    const before = await this.stateAt(from - 1);
    const last = await foldTicks(
      this.#journal,
      this.#runId,
      before,
      from + limit - 1,
      (tick, commands, state, after) => {
        summaries.push(summariseTick(redactTick(tick, show), commands, after.program, invocationFacts(state, tick)));
      },
    );
    this.#keep(last);
    return summaries;
  }

  /** Visits the ticks from one to another, in order, with the state before each; gives way between pages of them. */
  async walk(from: number, to: number, visit: (tick: Tick, before: BrokerState) => void): Promise<void> {
    await this.#fold(await this.stateAt(from - 1), to, WALK_PAGE, (tick, _commands, before) => visit(tick, before));
  }

  /** Folds on from a state, and gives way after each page, so that what is asked meanwhile need not wait for the end. */
  async #fold(from: BrokerState, to: number, page: number, visit: FoldVisitor): Promise<void> {
    let state = from;
    while (state.sequence < to) {
      const after = await foldTicks(this.#journal, this.#runId, state, Math.min(to, state.sequence + page), visit);
      if (after.sequence === state.sequence) return;
      state = after;
      await new Promise<void>(macrotask);
    }
  }

  /** About `points` moments, evenly over the ticks so far. Each call goes on where the last one stopped. */
  async depth(points: number): Promise<DepthPoint[]> {
    // One at a time: two folds from the same state would each add the same ticks.
    const turn = this.#depthTurn.then(() => this.#extendDepth());
    this.#depthTurn = turn.catch(() => undefined);
    await turn;
    return this.#depth.sample(points);
  }

  async #extendDepth(): Promise<void> {
    this.#depthState ??= await this.stateAt(0);
    await this.#fold(this.#depthState, Number.MAX_SAFE_INTEGER, WALK_PAGE, (_tick, _commands, _before, after) => {
      this.#depth.add(after);
      this.#depthState = after;
    });
  }

  /** What passed along the edges up to a tick. Goes on from a moment it remembers, page by page. */
  async traffic(sequence: number): Promise<{ readonly [edge: string]: EdgeCount }> {
    const turn = this.#trafficTurn.then(async () => {
      const counter = (this.#traffic ??= new EdgeCounter(await this.stateAt(0)));
      await this.#fold(counter.rewind(sequence), sequence, TRAFFIC_PAGE, (tick, _commands, before, after) =>
        counter.see(tick, before, after),
      );
      return counter.counts();
    });
    // One at a time: the counter is one.
    this.#trafficTurn = turn.then(
      () => undefined,
      () => undefined,
    );
    return turn;
  }

  /** What is folded with no definition comes to nothing that was. */
  #assertKnown({ program, sequence }: BrokerState): void {
    if (program.assumed !== true || program.steps.length > 0 || sequence === 0) return;
    throw new WorkflowRuntimeError(
      `Run ${this.#runId} is too old to say how workflow ${JSON.stringify(program.workflow)} was defined: it can be looked at where that is served.`,
      { code: "WORKFLOW_UNKNOWN", data: { workflow: program.workflow } },
    );
  }

  /** The kept state closest before the sequence, if no stored snapshot can be much closer. */
  #nearest(sequence: number): BrokerState | undefined {
    let best: BrokerState | undefined;
    for (const state of this.#states.values()) {
      if (state.sequence <= sequence && (!best || state.sequence > best.sequence)) best = state;
    }
    return best && sequence - best.sequence <= 1000 ? best : undefined;
  }

  #keep(state: BrokerState): void {
    this.#states.delete(state.sequence);
    this.#states.set(state.sequence, state);
    for (const oldest of this.#states.keys()) {
      if (this.#states.size <= KEPT_STATES) return;
      this.#states.delete(oldest);
    }
  }
}
