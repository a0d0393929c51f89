/** Where two runs part, and how long the steps of each took. Reads either run once; what it keeps is a few numbers per tick. */
import type { Json } from "../core/json.ts";
import { ComparedSide, type ComparedRun, type RunToCompare, type StepTotals, type TickMark } from "./compared-side.ts";
import type { ToJson } from "./cut-json.ts";
import type { TickSummary } from "./inspection-event.ts";
import { shownValue, type ShownValue } from "./shown-value.ts";
import { NameTable } from "./tick-identity.ts";
import { visitDifferences, type DifferencePlace } from "./value-difference.ts";

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

export interface ContentDifference extends DifferencePlace {
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

const DIFFERENCES = 100;

export async function compareRuns(a: RunToCompare, b: RunToCompare, toJson: ToJson): Promise<RunComparison> {
  const names = new NameTable();
  const sideA = new ComparedSide(a, names, toJson);
  const sideB = new ComparedSide(b, names, toJson);
  const known = new Map<number, TickMark>();
  const unlike = new Map<string, number>();
  const count = ({ step }: TickMark): void => {
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

interface Meeting {
  readonly a: number;
  readonly b: number;
}

/** The ticks with other content, or those that only one run has, whichever comes first. */
async function findParting(
  sideA: ComparedSide,
  sideB: ComparedSide,
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

function comparedSteps(a: ComparedSide, b: ComparedSide, unlike: ReadonlyMap<string, number>): ComparedStep[] {
  const steps = new Set([...a.totals.keys(), ...b.totals.keys()]);
  return [...steps].map((step) => ({
    step,
    a: a.totals.get(step) ?? null,
    b: b.totals.get(step) ?? null,
    unlike: unlike.get(step) ?? 0,
  }));
}
