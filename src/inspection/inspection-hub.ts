/**
 * Collects news about runs and hands it out in batches: at most one on its way to each subscriber, the next when
 * the subscriber has taken it. News that comes meanwhile is merged, so a slow or hidden page costs no memory and
 * sees the newest state, never a backlog.
 */
import type { BrokerState } from "../core/broker-state.ts";
import type { Command } from "../core/command.ts";
import type { Tick } from "../core/tick.ts";
import { graphStatus, type GraphStatus } from "../graph/graph-status.ts";
import type { InspectionBatch, RunNews, RunSummary, TickSummary } from "./inspection-event.ts";
import { redactGraph } from "./redact-graph.ts";
import { redactTick } from "./redact-tick.ts";
import type { Redaction } from "./redaction.ts";
import { invocationFacts, summariseTick, type InvocationFacts } from "./tick-summary.ts";

/** Ticks kept for a batch; older ones are counted as skipped. */
const TICKS_IN_BATCH = 256;

export interface HubPort {
  /** The list row of a run that has news. */
  summarise(runId: string): RunSummary | undefined;
  /** The newest state of a loaded run. */
  stateOf(runId: string): BrokerState | undefined;
  /** The same, with what is held in it. */
  withHold(runId: string, graph: GraphStatus): GraphStatus;
  /** What of a run may be shown. */
  redaction(runId: string): Redaction;
  /** Calls back a moment later: batches come at most once per moment. */
  later(callback: () => void): void;
}

export interface Subscription {
  /** The subscriber took the last batch and wants the next. */
  acknowledge(): void;
  close(): void;
}

export class InspectionHub {
  readonly #port: HubPort;
  readonly #subscribers = new Set<Subscriber>();

  constructor(port: HubPort) {
    this.#port = port;
  }

  /** Nobody listens: nothing needs to be told. */
  get isQuiet(): boolean {
    return this.#subscribers.size === 0;
  }

  /** Somebody inspects this very run. */
  watches(runId: string): boolean {
    for (const subscriber of this.#subscribers) if (subscriber.runId === runId) return true;
    return false;
  }

  subscribe(runId: string, send: (batch: InspectionBatch) => void): Subscription {
    const subscriber = new Subscriber(runId, send, this.#port);
    this.#subscribers.add(subscriber);
    if (runId !== "*" && this.#port.stateOf(runId)) subscriber.touch(runId);
    return {
      acknowledge: () => subscriber.acknowledge(),
      close: () => {
        subscriber.close();
        this.#subscribers.delete(subscriber);
      },
    };
  }

  /** A tick took effect; `before` is the state it changed. */
  tick(runId: string, tick: Tick, commands: readonly Command[], before: BrokerState): void {
    for (const subscriber of this.#subscribers) subscriber.tick(runId, tick, commands, before);
  }

  /** Something of a run changed that is no tick. */
  touch(runId: string): void {
    for (const subscriber of this.#subscribers) subscriber.touch(runId);
  }

  deleted(runId: string): void {
    for (const subscriber of this.#subscribers) subscriber.deleted(runId);
  }
}

interface SeenTick {
  readonly tick: Tick;
  readonly commands: readonly Command[];
  /** Taken at once: keeping the state it changed would keep all its parts alive until the batch is made. */
  readonly facts: InvocationFacts | null;
}

class Subscriber {
  readonly runId: string;
  readonly #send: (batch: InspectionBatch) => void;
  readonly #port: HubPort;
  #changed = new Set<string>();
  /** The run added to `#changed` last: most news is of one run. */
  #touched: string | null = null;
  #deleted = new Set<string>();
  /** A ring: the newest ticks of the inspected run. */
  #ticks: SeenTick[] = [];
  #oldest = 0;
  #skipped = 0;
  #number = 0;
  #inFlight = false;
  #scheduled = false;
  #closed = false;

  constructor(runId: string, send: (batch: InspectionBatch) => void, port: HubPort) {
    this.runId = runId;
    this.#send = send;
    this.#port = port;
  }

  tick(runId: string, tick: Tick, commands: readonly Command[], before: BrokerState): void {
    if (runId === this.runId) {
      const seen = { tick, commands, facts: invocationFacts(before, tick) };
      if (this.#ticks.length < TICKS_IN_BATCH) this.#ticks.push(seen);
      else {
        this.#ticks[this.#oldest] = seen;
        this.#oldest = (this.#oldest + 1) % TICKS_IN_BATCH;
        this.#skipped += 1;
      }
    }
    this.touch(runId);
  }

  touch(runId: string): void {
    if (runId !== this.#touched) this.#changed.add(runId);
    this.#touched = runId;
    this.#schedule();
  }

  deleted(runId: string): void {
    this.#touched = null;
    this.#changed.delete(runId);
    this.#deleted.add(runId);
    this.#schedule();
  }

  acknowledge(): void {
    this.#inFlight = false;
    if (this.#changed.size > 0 || this.#deleted.size > 0) this.#schedule();
  }

  close(): void {
    this.#closed = true;
  }

  #schedule(): void {
    if (this.#scheduled || this.#inFlight) return;
    this.#scheduled = true;
    this.#port.later(() => {
      this.#scheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
    if (this.#closed || this.#inFlight || (this.#changed.size === 0 && this.#deleted.size === 0)) return;
    const runs: RunSummary[] = [];
    for (const runId of this.#changed) {
      const summary = this.#port.summarise(runId);
      if (summary) runs.push(summary);
    }
    const news = this.#changed.has(this.runId) ? this.#news() : undefined;
    const batch: InspectionBatch = {
      number: ++this.#number,
      runs,
      deletedRuns: [...this.#deleted],
      ...(news && { run: news }),
    };
    this.#changed = new Set();
    this.#touched = null;
    this.#deleted = new Set();
    this.#inFlight = true;
    this.#send(batch);
  }

  #news(): RunNews | undefined {
    const state = this.#port.stateOf(this.runId);
    if (!state) return undefined;
    const show = this.#port.redaction(this.runId);
    const ordered = [...this.#ticks.slice(this.#oldest), ...this.#ticks.slice(0, this.#oldest)];
    const ticks: TickSummary[] = ordered.map(({ tick, commands, facts }) =>
      summariseTick(redactTick(tick, show), commands, state.program, facts),
    );
    const graph = this.#port.withHold(this.runId, redactGraph(graphStatus(state), show));
    const news: RunNews = { runId: this.runId, graph, ticks, skipped: this.#skipped };
    this.#ticks = [];
    this.#oldest = 0;
    this.#skipped = 0;
    return news;
  }
}
