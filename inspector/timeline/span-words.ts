/** What a span is, in words: for the tooltip, for screen readers, for the table. */
import type { TrailSpan } from "tickwork/client";
import { formatClock, formatCount, formatDuration } from "../store/format.ts";

const DOING: { readonly [phase in TrailSpan["phase"]]: string } = {
  queued: "queued",
  running: "running",
  backoff: "backing off",
  waiting: "waiting for an event",
};
const DONE: { readonly [outcome in NonNullable<TrailSpan["outcome"]>]: string } = {
  returned: "returned",
  failed: "failed",
  waiting: "came to wait",
  interrupted: "interrupted",
};

export interface SpanWords {
  /** "profile, slot 2". */
  readonly where: string;
  /** "work item 12, attempt 2", or how many there are. */
  readonly what: string;
  /** "failed", "queued, still". */
  readonly state: string;
  /** "12:04:05.120 for 1.4 s". */
  readonly when: string;
}

/** `now`: the end of what goes on. */
export function wordsOf(span: TrailSpan, now: number): SpanWords {
  const { step, slot, count, failed, workItem, attempt, eventType, phase, outcome, from, to } = span;
  const isMany = count > 1;
  const doing = outcome === null ? DOING[phase] : DONE[outcome];
  const more = isMany ? (failed > 0 ? `${formatCount(failed)} failed` : "") : to === null ? "still" : "";
  return {
    where: slot === null ? step : `${step}, slot ${slot}`,
    what: isMany
      ? `${formatCount(count)} ${phase === "running" ? "attempts" : "work items"}, first of ${eventType}`
      : `work item ${workItem}, ${eventType}${attempt > 1 ? `, attempt ${attempt}` : ""}`,
    state: more === "" ? doing : `${doing}, ${more}`,
    when: `${formatClock(from)} for ${formatDuration((to ?? Math.max(from, now)) - from)}`,
  };
}

export function sentenceOf(span: TrailSpan, now: number): string {
  const { where, what, state, when } = wordsOf(span, now);
  return `${where}: ${what}, ${state}, ${when}`;
}
