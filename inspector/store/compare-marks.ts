/** How the steps and events of two compared runs are marked, and in which words: the same in the graph and in its table. */
import type { ComparedStep, RunComparison, StepTotals } from "tickwork/client";
import { formatCount, formatDuration, formatPlural } from "./format.ts";

/**
 * parted: the runs part with it; codeA, codeB: only that run's code has it; ranA, ranB: it ran only there; differs: it
 * ended otherwise, or with other data; same: as often, with the same data; idle: it ran in neither.
 */
export type CompareMark = "parted" | "codeA" | "codeB" | "ranA" | "ranB" | "differs" | "same" | "idle";

export const MARK_WORDS: { readonly [mark in CompareMark]: string } = {
  parted: "they part here",
  codeA: "only in the first's code",
  codeB: "only in the second's code",
  ranA: "ran only in the first",
  ranB: "ran only in the second",
  differs: "differs",
  same: "the same",
  idle: "ran in neither",
};

/** `presence`: whose code has it; absent where that is not known. */
export function markOfStep(
  name: string,
  { parting, steps }: RunComparison,
  presence: "both" | "a" | "b" | undefined,
): CompareMark {
  if (parting?.a?.step === name || parting?.b?.step === name) return "parted";
  if (presence === "a") return "codeA";
  if (presence === "b") return "codeB";
  const found = steps.find(({ step }) => step === name);
  if (found === undefined) return "idle";
  if (found.b === null) return "ranA";
  if (found.a === null) return "ranB";
  return differs(found, found.a, found.b) ? "differs" : "same";
}

/** Only of events that came from outside: what a step published is the step's. */
export function markOfEvent(
  type: string,
  { parting }: RunComparison,
  presence: "both" | "a" | "b" | undefined,
): Extract<CompareMark, "parted" | "codeA" | "codeB"> | null {
  const isParting = [parting?.a, parting?.b].some(
    (tick) => tick?.step === undefined && tick?.events.some((event) => event.type === type),
  );
  if (isParting) return "parted";
  return presence === "a" ? "codeA" : presence === "b" ? "codeB" : null;
}

/** How long a step took parts nothing: no two runs take equally long. */
function differs({ unlike }: ComparedStep, a: StepTotals, b: StepTotals): boolean {
  return unlike > 0 || a.returned !== b.returned || a.failed !== b.failed || a.waited !== b.waited;
}

/** How often its invocations ended, whichever way. */
export function runsOf({ returned, failed, waited }: StepTotals): number {
  return returned + failed + waited;
}

/** A step's node, for whoever does not see it. */
export function describeCompared(name: string, mark: CompareMark, step: ComparedStep | undefined): string {
  const side = (totals: StepTotals | null | undefined): string => {
    if (totals === null || totals === undefined) return "did not run";
    const failed = totals.failed > 0 ? `, ${formatCount(totals.failed)} failed` : "";
    return `${formatPlural(runsOf(totals), "run")}${failed}, ${formatDuration(totals.duration)}`;
  };
  return `${name}, step, ${MARK_WORDS[mark]}. First: ${side(step?.a)}. Second: ${side(step?.b)}`;
}
