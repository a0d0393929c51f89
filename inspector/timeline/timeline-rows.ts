/** What the timeline draws, row by row, and what is found at a place or next to another. Pure. */
import type { Timeline, TimelineLane, TimelineSpan, TrailSpan } from "tickwork/client";
import type { TimeScale } from "./time-scale.ts";

export interface TimelineRow {
  /** The same lane has the same key in every answer. */
  readonly key: string;
  readonly step: string;
  /** "slot 2", "queue", or what else the lane is of its step. */
  readonly part: string;
  /** The first row of its step: the one that names it. */
  readonly isFirst: boolean;
  /** By `from`, none overlaps another. */
  readonly spans: readonly TrailSpan[];
}

/** A span by its row and its beginning: found again in a later answer. */
export interface Cursor {
  readonly row: string;
  readonly from: number;
}

export interface Found {
  readonly row: number;
  readonly span: TrailSpan;
}

/** Narrow spans are drawn, and found, at least this wide. */
const LEAST_WIDTH = 3;

const PARTS: { readonly [phase in Exclude<TrailSpan["phase"], "running">]: string } = {
  queued: "queue",
  backoff: "back-off",
  waiting: "waits",
};

/** The way of the selected work item, if there is one, then a row per lane. */
export function toRows({ lanes, trail }: Timeline): TimelineRow[] {
  const rows = lanes.map((lane, index): TimelineRow => {
    const { step, phase, slot } = lane;
    return {
      key: `${step} ${phase} ${slot ?? ""}`,
      step,
      part: partOf(lane),
      isFirst: lanes[index - 1]?.step !== step,
      spans: lane.spans.map((span: TimelineSpan) => ({ ...span, phase, step, slot })),
    };
  });
  const first = trail[0];
  if (!first) return rows;
  const way = { key: "trail", step: `work item ${first.workItem}`, part: "its way", isFirst: true, spans: trail };
  return [way, ...rows];
}

function partOf({ phase, slot, holdsRest }: TimelineLane): string {
  if (phase !== "running") return PARTS[phase];
  return holdsRest ? `slots from ${slot}` : `slot ${slot}`;
}

export function spanAt(row: TimelineRow | undefined, scale: TimeScale, x: number, end: number): TrailSpan | null {
  let nearest: TrailSpan | null = null;
  let distance = 2;
  for (const span of row?.spans ?? []) {
    const { left, width } = placeOf(span, scale, end);
    const away = Math.max(left - x, x - left - width, 0);
    if (away < distance) [nearest, distance] = [span, away];
  }
  return nearest;
}

export function placeOf(span: TimelineSpan, scale: TimeScale, end: number): { left: number; width: number } {
  const left = scale.x(span.from);
  return { left, width: Math.max(LEAST_WIDTH, scale.x(Math.max(span.from, span.to ?? end)) - left) };
}

export function findCursor(rows: readonly TimelineRow[], cursor: Cursor | null): Found | null {
  const index = cursor === null ? -1 : rows.findIndex(({ key }) => key === cursor.row);
  const spans = rows[index]?.spans ?? [];
  const span = spans.findLast(({ from }) => from <= (cursor?.from ?? 0)) ?? spans[0];
  return span ? { row: index, span } : null;
}

export type Move = "left" | "right" | "up" | "down" | "first" | "last";

/** Along a lane, or to what is nearest in time in the next lane that has something. */
export function moveCursor(rows: readonly TimelineRow[], cursor: Cursor | null, move: Move): Cursor | null {
  const found = findCursor(rows, cursor);
  if (!found) {
    const index = rows.findIndex(({ spans }) => spans.length > 0);
    return cursorAt(rows[index], 0);
  }
  const row = rows[found.row];
  const place = row?.spans.indexOf(found.span) ?? 0;
  const last = (row?.spans.length ?? 1) - 1;
  switch (move) {
    case "left":
      return cursorAt(row, Math.max(0, place - 1));
    case "right":
      return cursorAt(row, Math.min(last, place + 1));
    case "first":
      return cursorAt(row, 0);
    case "last":
      return cursorAt(row, last);
    case "up":
    case "down":
      return toNearest(rows, found, move === "up" ? -1 : 1) ?? cursor;
  }
}

function toNearest(rows: readonly TimelineRow[], { row, span }: Found, by: 1 | -1): Cursor | null {
  for (let index = row + by; index >= 0 && index < rows.length; index += by) {
    const spans = rows[index]?.spans ?? [];
    if (spans.length === 0) continue;
    const later = spans.findIndex(({ from }) => from > span.from);
    const [before, after] = [later < 0 ? spans.length - 1 : later - 1, later < 0 ? spans.length - 1 : later];
    const distance = (place: number): number => Math.abs((spans[place]?.from ?? Infinity) - span.from);
    return cursorAt(rows[index], distance(before) <= distance(after) ? before : after);
  }
  return null;
}

function cursorAt(row: TimelineRow | undefined, place: number): Cursor | null {
  const span = row?.spans[place];
  return row && span ? { row: row.key, from: span.from } : null;
}
