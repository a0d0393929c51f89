/** Where two runs part, and how long the steps of each took. Reads either run once; what it keeps is a few numbers per tick. */
import type { BrokerState } from "../core/broker-state.ts";
import type { Json } from "../core/json.ts";
import type { RunStatus } from "../core/run-status.ts";
import type { SerializedError } from "../core/serialized-error.ts";
import type { Tick } from "../core/tick.ts";
import type { TickSummary } from "./inspection-event.ts";
import { redactTick } from "./redact-tick.ts";
import type { Redaction } from "./redaction.ts";
import { shownValue, type ShownValue } from "./shown-value.ts";
import { fingerprint } from "./fingerprint.ts";
import type { ToJson } from "./cut-json.ts";
import { NameTable, TickIdentity } from "./tick-identity.ts";
import { invocationFacts, summariseTick } from "./tick-summary.ts";
import { tickContent } from "./tick-content.ts";
import { visitDifferences, type ValueDifference } from "./value-difference.ts";

export interface RunComparison {
  readonly a: ComparedRun;
  readonly b: ComparedRun;
  /** null: whatever was compared is alike. */
  readonly parting: Parting | null;
  /** Ticks of which the other run has one that is alike; of both there are as many. */
  readonly alike: number;
  /** Ticks that the other run has too, with another content. */
  readonly different: number;
  /** Ticks that only this run has. */
  readonly onlyA: number;
  readonly onlyB: number;
  /** Steps of either run, in the order in which they first ended. */
  readonly steps: readonly ComparedStep[];
}

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

/**
 * The first place where the runs part. Times, ids, workers, and the order in which steps ended that ran side by side,
 * part nothing.
 */
export interface Parting {
  /**
   * content: the same tick with other data; outcome: the same step ended in another way; step, kind: another step, or
   * another kind of tick, came there; cause: the same of something else; missing: only one run goes on.
   */
  readonly reason: "content" | "outcome" | "step" | "kind" | "cause" | "missing";
  readonly a: TickSummary | null;
  readonly b: TickSummary | null;
  /** Where the data differ; at most 100 listed. */
  readonly differences: readonly ContentDifference[];
  readonly differenceCount: number;
}

export interface ContentDifference {
  readonly kind: ValueDifference["kind"];
  readonly path: readonly (string | number)[];
  readonly a?: ShownValue;
  readonly b?: ShownValue;
}

export interface ComparedStep {
  readonly step: string;
  /** null: it never ended in this run. */
  readonly a: StepTotals | null;
  readonly b: StepTotals | null;
  /** Its ends in either run of which the other run has none that is alike. */
  readonly unlike: number;
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

/** More ticks of a run are not compared. */
const MOST_TICKS = 100_000;
const FAILURES = 20;
const DIFFERENCES = 100;

export async function compareRuns(a: RunToCompare, b: RunToCompare, toJson: ToJson): Promise<RunComparison> {
  const names = new NameTable();
  const sideA = new Side(a, names, toJson);
  const sideB = new Side(b, names, toJson);
  const known = new Map<number, Mark>();
  const unlike = new Map<string, number>();
  const count = ({ step }: Mark): void => {
    if (step !== null) unlike.set(step, (unlike.get(step) ?? 0) + 1);
  };
  await sideA.read((name, mark) => void known.set(name, mark));
  let [alike, different, onlyB] = [0, 0, 0];
  let content: Meeting | null = null;
  let firstOnlyB: number | null = null;
  await sideB.read((name, mark) => {
    const other = known.get(name);
    if (other === undefined) {
      onlyB += 1;
      count(mark);
      firstOnlyB ??= mark.sequence;
      return;
    }
    known.delete(name);
    if (other.print === mark.print) {
      alike += 1;
      return;
    }
    different += 1;
    count(other);
    count(mark);
    if (content === null || other.sequence < content.a) content = { a: other.sequence, b: mark.sequence };
  });
  for (const mark of known.values()) count(mark);
  const [firstOnlyA = null] = [...known.values()].map(({ sequence }) => sequence);
  return {
    a: sideA.facts(),
    b: sideB.facts(),
    parting: await findParting(sideA, sideB, content, { a: firstOnlyA, b: firstOnlyB }),
    alike,
    different,
    onlyA: known.size,
    onlyB,
    steps: comparedSteps(sideA, sideB, unlike),
  };
}

interface Mark {
  readonly sequence: number;
  readonly print: string;
  /** The step that ended with it. */
  readonly step: string | null;
}

interface Meeting {
  readonly a: number;
  readonly b: number;
}

/** The ticks with other content, or those that only one run has, whichever comes first. */
async function findParting(
  sideA: Side,
  sideB: Side,
  content: Meeting | null,
  only: { readonly a: number | null; readonly b: number | null },
): Promise<Parting | null> {
  const isContent = content !== null && content.a < (only.a ?? Infinity) && content.b < (only.b ?? Infinity);
  const at = isContent ? content : only.a === null && only.b === null ? content : only;
  if (at === null) return null;
  const [a, b] = [await sideA.tickAt(at.a), await sideB.tickAt(at.b)];
  const differences = a && b && a.summary.kind === b.summary.kind ? contentDifferences(a.content, b.content) : [];
  return {
    reason: reasonOf(a?.summary ?? null, b?.summary ?? null, at === content),
    a: a?.summary ?? null,
    b: b?.summary ?? null,
    differences: differences.slice(0, DIFFERENCES),
    differenceCount: differences.length,
  };
}

function reasonOf(a: TickSummary | null, b: TickSummary | null, isSame: boolean): Parting["reason"] {
  if (a === null || b === null) return "missing";
  if (isSame) return a.outcome === b.outcome ? "content" : "outcome";
  if (a.kind !== b.kind) return "kind";
  return a.step === b.step ? "cause" : "step";
}

/** Parts of contents, which are JSON already. */
const asJson = (part: unknown): Json => part as Json;

function contentDifferences(a: Json, b: Json): ContentDifference[] {
  const differences: ContentDifference[] = [];
  visitDifferences(a, b, ({ kind, path, before, after }) => {
    differences.push({
      kind,
      path,
      ...(kind !== "added" && { a: shownValue(before, asJson) }),
      ...(kind !== "removed" && { b: shownValue(after, asJson) }),
    });
  });
  return differences;
}

function comparedSteps(a: Side, b: Side, unlike: ReadonlyMap<string, number>): ComparedStep[] {
  const steps = new Set([...a.totals.keys(), ...b.totals.keys()]);
  return [...steps].map((step) => ({
    step,
    a: a.totals.get(step) ?? null,
    b: b.totals.get(step) ?? null,
    unlike: unlike.get(step) ?? 0,
  }));
}

/** One of the two runs: its names, and what it adds up to. */
class Side {
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

  read(visit: (name: number, mark: Mark) => void): Promise<void> {
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

const NONE: StepTotals = { returned: 0, failed: 0, waited: 0, duration: 0, longest: 0 };
