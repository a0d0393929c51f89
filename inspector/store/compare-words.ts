/** A comparison of two runs in words. */
import type { ComparedRun, Parting, RunComparison, TickSummary } from "tickwork/client";
import { formatCount, formatPlural } from "./format.ts";
import { TICK_WORDS } from "./status-words.ts";

const WHY: { readonly [reason in Exclude<Parting["reason"], "missing">]: string } = {
  content: "the same tick, with other data",
  outcome: "the same step ended in another way",
  step: "other steps came next",
  kind: "other kinds of ticks came next",
  cause: "the same step, for another event",
};

/** The headline: whether the runs part, and why. */
export function partingSentence({ parting, alike }: RunComparison): string {
  if (parting === null)
    return `They do not part: ${formatPlural(alike, "tick")} of both ${alike === 1 ? "is" : "are"} alike.`;
  if (parting.reason === "missing") {
    return parting.a === null
      ? "The first run has nothing to match what the second did next."
      : "The second run has nothing to match what the first did next.";
  }
  return `They part here: ${WHY[parting.reason]}.`;
}

export function tickWords({ kind, step }: TickSummary): string {
  return step === undefined ? TICK_WORDS[kind] : `${TICK_WORDS[kind]} of ${step}`;
}

/** Which of the ticks were looked at, where that is not all of the run. */
export function rangeWords({ from, to, isCut }: ComparedRun): string {
  return `ticks #${formatCount(from)} to #${formatCount(to)}${isCut ? ", the rest is not compared" : ""}`;
}

export function pathWords(path: readonly (string | number)[]): string {
  return path
    .map((part) => (typeof part === "number" ? `[${part}]` : part))
    .join(".")
    .replaceAll(".[", "[");
}
