/** What came of a sandbox, as people say it. Pure. */
import type { Misfit, MisfitReason, OpenWork, WhatIf } from "tickwork/client";
import { formatCount, formatPlural } from "./format.ts";
import { STATUS_WORDS, TICK_WORDS } from "./status-words.ts";

const REASONS: { readonly [why in MisfitReason]: string } = {
  noWork: "its work is not there",
  otherInput: "its work was given other data, so its result is not known",
  notAtWork: "its work is not at work then, or in another attempt",
  noWaiter: "the wait it belongs to is not there",
  ended: "the run has ended by then",
  unfit: "it does not fit",
  noEffect: "it comes to nothing",
};

/** What the sandbox comes to, or how it stands at the tick that is shown. */
export function whatIfHeadline(answer: WhatIf): string {
  const { view, difference, withoutEffect, changeIgnored, lastSequence } = answer;
  const [sandbox, run] = [STATUS_WORDS[view.graph.status], STATUS_WORDS[difference.from.status]];
  const status =
    sandbox === run ? `In both the run is ${run.toLowerCase()}` : `${sandbox} instead of ${run.toLowerCase()}`;
  const { sequence } = view.graph;
  const end =
    sequence < lastSequence
      ? `After #${formatCount(sequence)}: ${status.charAt(0).toLowerCase()}${status.slice(1)}`
      : status;
  const [first] = withoutEffect;
  const fits =
    first === undefined
      ? "All later ticks fit"
      : `The first tick that no longer fits is #${formatCount(first.sequence)}`;
  const ignored = changeIgnored === undefined ? "" : ` The changed tick comes to nothing: ${REASONS[changeIgnored]}.`;
  return `${end}. ${fits}.${ignored}`;
}

/** "Step result of fetch #12" and "its work is not there". */
export function misfitWords({ kind, step, workItem, why }: Misfit): { readonly what: string; readonly why: string } {
  const whose = step === undefined ? "" : ` of ${step}${workItem === undefined ? "" : ` #${workItem}`}`;
  return { what: `${TICK_WORDS[kind]}${whose}`, why: REASONS[why] };
}

export function openWorkWords({ step, workItem, eventType, attempt, isNew }: OpenWork): string {
  const again = attempt > 1 ? `, attempt ${attempt}` : "";
  return isNew
    ? `would start: ${step} #${workItem} with ${eventType}${again}`
    : `goes on: ${step} #${workItem} with ${eventType}${again}`;
}

/** How many later ticks lost their effect. */
export function lostWords(count: number): string {
  return count === 0 ? "Every later tick has its effect." : `${formatPlural(count, "later tick")} without effect`;
}
