/** Makes few spans of many: what overlaps, and what is too short to be told apart, becomes a block that is counted. */
import type { TimelineSpan } from "./timeline.ts";

/** Short neighbours are gathered up to so many widths, so that a busy lane keeps its shape. */
const LONGEST_BLOCK = 16;

/**
 * Spans by `from` to spans by `from` that do not overlap. Two neighbours shorter than `width`, less than `width` apart,
 * become one. Each span is in exactly one block. `end` stands for the end of those that go on.
 */
export function mergeSpans(spans: readonly TimelineSpan[], width: number, end: number): TimelineSpan[] {
  const merged: TimelineSpan[] = [];
  for (const span of spans) {
    const last = merged.at(-1);
    if (last && joins(last, span, width, end)) merged[merged.length - 1] = join(last, span);
    else merged.push(span);
  }
  return merged;
}

export function byBegin(a: TimelineSpan, b: TimelineSpan): number {
  return a.from - b.from || a.workItem - b.workItem;
}

function joins(last: TimelineSpan, span: TimelineSpan, width: number, end: number): boolean {
  if (last.to === null || span.from < last.to) return true;
  const lastTo = last.to;
  const isShort = (span.to ?? end) - span.from < width && span.from - lastTo < width;
  return isShort && lastTo - last.from < (last.count > 1 ? LONGEST_BLOCK * width : width);
}

function join(last: TimelineSpan, span: TimelineSpan): TimelineSpan {
  return {
    ...last,
    to: last.to === null || span.to === null ? null : Math.max(last.to, span.to),
    count: last.count + span.count,
    failed: last.failed + span.failed,
    end: last.end === null || span.end === null ? null : Math.max(last.end, span.end),
    outcome: null,
  };
}
