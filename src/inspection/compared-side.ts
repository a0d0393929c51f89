/** One of two runs that are compared: its ticks by name, and what it adds up to. */
import type { BrokerState } from "../core/broker-state.ts";
import type { Json } from "../core/json.ts";
import type { RunStatus } from "../core/run-status.ts";
import type { SerializedError } from "../core/serialized-error.ts";
import type { Tick } from "../core/tick.ts";
import type { ToJson } from "./cut-json.ts";
import { fingerprint } from "./fingerprint.ts";
import type { TickSummary } from "./inspection-event.ts";
import { redactTick } from "./redact-tick.ts";
import type { Redaction } from "./redaction.ts";
import { tickContent } from "./tick-content.ts";
import { TickIdentity, type NameTable } from "./tick-identity.ts";
import { invocationFacts, summariseTick } from "./tick-summary.ts";

export interface ComparedRun {
  readonly runId: string;
  readonly workflow: string;
  readonly version: string;
  readonly status: RunStatus;
  /** The first and last tick that were compared. Of a run and its fork, ticks from before the fork are not. */
  readonly from: number;
  readonly to: number;
  /** It has more ticks than were compared: only the first 100,000 are. */
  readonly isCut: boolean;
  /** Milliseconds from the first of these ticks to the last. */
  readonly duration: number;
  readonly error?: SerializedError;
  /** Attempts that failed; at most 20 listed, `failureCount` is exact. */
  readonly failures: readonly ComparedFailure[];
  readonly failureCount: number;
}

export interface ComparedFailure {
  readonly sequence: number;
  readonly step: string;
  readonly message: string;
}

export interface StepTotals {
  readonly returned: number;
  readonly failed: number;
  readonly waited: number;
  /** Milliseconds that its invocations ran, together and the longest. */
  readonly duration: number;
  readonly longest: number;
}

/** How one of the runs is read. */
export interface RunToCompare {
  readonly facts: Pick<ComparedRun, "runId" | "workflow" | "version" | "status" | "error">;
  /** Up to this tick it is the other run, too; 0: it began by itself. */
  readonly sharedTo: number;
  /** The newest tick. */
  readonly to: number;
  readonly show: Redaction;
  /** Visits the ticks from one to another, in order, and gives way now and then. */
  read(from: number, to: number, visit: (tick: Tick, before: BrokerState) => void): Promise<void>;
}

/** What is kept of a tick. */
export interface TickMark {
  readonly sequence: number;
  readonly print: string;
  /** The step that ended with it. */
  readonly step: string | null;
}

/** More ticks of a run are not compared. */
const MOST_TICKS = 100_000;
const FAILURES = 20;
const NONE: StepTotals = { returned: 0, failed: 0, waited: 0, duration: 0, longest: 0 };

export class ComparedSide {
  readonly totals = new Map<string, StepTotals>();
  readonly #run: RunToCompare;
  readonly #names: NameTable;
  readonly #toJson: ToJson;
  readonly #from: number;
  readonly #to: number;
  readonly #failures: ComparedFailure[] = [];
  #failureCount = 0;
  #beganAt: number | null = null;
  #endedAt = 0;

  constructor(run: RunToCompare, names: NameTable, toJson: ToJson) {
    this.#run = run;
    this.#names = names;
    this.#toJson = toJson;
    this.#from = run.sharedTo + 1;
    this.#to = Math.min(run.to, run.sharedTo + MOST_TICKS);
  }

  read(visit: (name: number, mark: TickMark) => void): Promise<void> {
    const identity = new TickIdentity(this.#names, this.#run.sharedTo);
    return this.#run.read(this.#from, this.#to, (tick, before) => {
      this.#beganAt ??= tick.at;
      this.#endedAt = tick.at;
      this.#count(tick, before);
      const name = identity.of(tick, before);
      const step = tick.kind === "StepResult" ? tick.step : null;
      if (name !== null) visit(name, { sequence: tick.sequence, print: fingerprint(this.#contentOf(tick)), step });
    });
  }

  async tickAt(sequence: number | null): Promise<{ summary: TickSummary; content: Json } | null> {
    if (sequence === null) return null;
    let found: { summary: TickSummary; content: Json } | null = null;
    await this.#run.read(sequence, sequence, (tick, before) => {
      const shown = redactTick(tick, this.#run.show);
      const summary = summariseTick(shown, [], before.program, invocationFacts(before, tick));
      found = { summary, content: this.#contentOf(tick) };
    });
    return found;
  }

  facts(): ComparedRun {
    return {
      ...this.#run.facts,
      from: this.#from,
      to: this.#to,
      isCut: this.#to < this.#run.to,
      duration: this.#beganAt === null ? 0 : this.#endedAt - this.#beganAt,
      failures: this.#failures,
      failureCount: this.#failureCount,
    };
  }

  /** What is hidden is compared as what is shown in its place. */
  #contentOf(tick: Tick): Json {
    return this.#toJson(tickContent(redactTick(tick, this.#run.show)));
  }

  #count(tick: Tick, before: BrokerState): void {
    const facts = tick.kind === "StepResult" ? invocationFacts(before, tick) : null;
    if (tick.kind !== "StepResult" || facts === null) return;
    const { step, outcome, sequence } = tick;
    const { returned, failed, waited, duration, longest } = this.totals.get(step) ?? NONE;
    this.totals.set(step, {
      returned: returned + (outcome.kind === "returned" ? 1 : 0),
      failed: failed + (outcome.kind === "failed" ? 1 : 0),
      waited: waited + (outcome.kind === "waiting" ? 1 : 0),
      duration: duration + facts.duration,
      longest: Math.max(longest, facts.duration),
    });
    if (outcome.kind !== "failed") return;
    this.#failureCount += 1;
    if (this.#failures.length === FAILURES) return;
    const shown = this.#run.show.error(outcome.error, step);
    this.#failures.push({ sequence, step, message: `${shown.name}: ${shown.message}` });
  }
}
