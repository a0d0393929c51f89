/** Draws the rows of the timeline. One canvas: ten thousand spans take 3 ms, where as many elements take 220 ms. */
import type { TrailSpan } from "tickwork/client";
import type { TimeScale } from "./time-scale.ts";
import type { TimelineRow } from "./timeline-rows.ts";
import { placeOf } from "./timeline-rows.ts";

export const ROW_HEIGHT = 20;
const BAR_HEIGHT = 12;
const BAR_TOP = (ROW_HEIGHT - BAR_HEIGHT) / 2;
/** Narrower bars have no room for a mark. */
export const MARK_ROOM = 12;

/** Resolved colours; canvas knows no variables. */
export interface TimelineColors {
  readonly surface: string;
  readonly line: string;
  readonly text: string;
  readonly running: string;
  readonly runningSoft: string;
  readonly failed: string;
  readonly retry: string;
  readonly waiting: string;
  readonly waitingSoft: string;
  readonly fold: string;
}

export interface Picture {
  readonly rows: readonly TimelineRow[];
  readonly scale: TimeScale;
  readonly scrollTop: number;
  readonly height: number;
  /** What goes on is drawn to here. */
  readonly now: number;
  readonly selectedItem: number | null;
  readonly colors: TimelineColors;
}

export function drawRows(context: CanvasRenderingContext2D, picture: Picture): void {
  const { rows, scale, scrollTop, height, colors } = picture;
  context.clearRect(0, 0, scale.width, height);
  for (const { x, width } of scale.folds) {
    context.fillStyle = colors.fold;
    context.fillRect(x, 0, width, height);
  }
  const hatch = hatchOf(context, colors.retry, colors.surface);
  const first = Math.max(0, Math.floor(scrollTop / ROW_HEIGHT));
  const end = Math.min(rows.length, Math.ceil((scrollTop + height) / ROW_HEIGHT));
  for (let index = first; index < end; index += 1) {
    const row = rows[index];
    if (row === undefined) continue;
    const top = index * ROW_HEIGHT - scrollTop;
    context.fillStyle = colors.line;
    if (row.isFirst && index > 0) context.fillRect(0, Math.round(top), scale.width, 1);
    for (const span of row.spans) {
      const { left, width } = placeOf(span, scale, picture.now);
      if (left > scale.width || left + width < 0) continue;
      const from = Math.max(-4, left);
      const box = { left: from, top: top + BAR_TOP, width: Math.min(scale.width + 4, left + width) - from };
      drawSpan(context, span, box, colors, hatch);
      const isSelected = span.count === 1 && span.workItem === picture.selectedItem && row.key !== "trail";
      if (isSelected) outline(context, box, colors.text);
    }
  }
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
}

function drawSpan(
  context: CanvasRenderingContext2D,
  { phase, outcome, failed, count, to }: TrailSpan,
  box: Box,
  colors: TimelineColors,
  hatch: CanvasPattern | string,
): void {
  switch (phase) {
    case "running":
      fill(context, box, outcome === "failed" ? colors.failed : colors.running);
      if (count > 1) drawBlock(context, box, failed, colors);
      else if (outcome === "failed") drawCross(context, box, colors.surface);
      else if (outcome === "interrupted") drawCut(context, box, colors.surface);
      break;
    case "queued":
      fill(context, box, colors.runningSoft);
      frame(context, box, colors.running, [], to === null);
      break;
    case "backoff":
      fill(context, box, hatch);
      frame(context, box, colors.retry, [], to === null);
      break;
    case "waiting":
      fill(context, box, colors.waitingSoft);
      frame(context, box, colors.waiting, [3, 2], to === null);
      break;
  }
}

/** Several attempts: a bar with a line under it, red and with a cross where some failed. */
function drawBlock(context: CanvasRenderingContext2D, box: Box, failed: number, colors: TimelineColors): void {
  context.fillStyle = failed > 0 ? colors.failed : colors.runningSoft;
  context.fillRect(box.left, box.top + BAR_HEIGHT - 2, box.width, 2);
  if (failed > 0) drawCross(context, box, colors.surface);
}

function fill(context: CanvasRenderingContext2D, { left, top, width }: Box, style: CanvasPattern | string): void {
  context.fillStyle = style;
  // A hair of room, so that neighbours stay two.
  context.fillRect(left, top, width > 4 ? width - 1 : width, BAR_HEIGHT);
}

function frame(
  context: CanvasRenderingContext2D,
  { left, top, width }: Box,
  color: string,
  dash: readonly number[],
  isOpen: boolean,
): void {
  const right = left + Math.max(1, width - 1.5);
  context.strokeStyle = color;
  context.lineWidth = 1;
  context.setLineDash([...dash]);
  context.beginPath();
  context.moveTo(right, top + 0.5);
  context.lineTo(left + 0.5, top + 0.5);
  context.lineTo(left + 0.5, top + BAR_HEIGHT - 0.5);
  context.lineTo(right, top + BAR_HEIGHT - 0.5);
  if (!isOpen) context.closePath();
  context.stroke();
  context.setLineDash([]);
}

function outline(context: CanvasRenderingContext2D, { left, top, width }: Box, color: string): void {
  context.strokeStyle = color;
  context.lineWidth = 2;
  context.strokeRect(left - 1, top - 2, width + 1, BAR_HEIGHT + 4);
}

function drawCross(context: CanvasRenderingContext2D, { left, top, width }: Box, color: string): void {
  if (width < MARK_ROOM) return;
  const [x, y, half] = [Math.max(0, left) + 7, top + BAR_HEIGHT / 2, 2.5];
  context.strokeStyle = color;
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(x - half, y - half);
  context.lineTo(x + half, y + half);
  context.moveTo(x + half, y - half);
  context.lineTo(x - half, y + half);
  context.stroke();
}

/** It did not come to an end of its own. */
function drawCut(context: CanvasRenderingContext2D, { left, top, width }: Box, color: string): void {
  if (width < MARK_ROOM) return;
  context.strokeStyle = color;
  context.lineWidth = 2;
  context.beginPath();
  for (const back of [4, 8]) {
    context.moveTo(left + width - back - 3, top + BAR_HEIGHT);
    context.lineTo(left + width - back + 2, top);
  }
  context.stroke();
}

const HATCH = 6;

function hatchOf(context: CanvasRenderingContext2D, color: string, ground: string): CanvasPattern | string {
  const tile = document.createElement("canvas");
  tile.width = HATCH;
  tile.height = HATCH;
  const brush = tile.getContext("2d");
  if (brush === null) return color;
  brush.fillStyle = ground;
  brush.fillRect(0, 0, HATCH, HATCH);
  brush.strokeStyle = color;
  brush.lineWidth = 2;
  brush.beginPath();
  for (const shift of [-HATCH, 0, HATCH]) {
    brush.moveTo(shift, HATCH);
    brush.lineTo(shift + HATCH, 0);
  }
  brush.stroke();
  return context.createPattern(tile, "repeat") ?? color;
}
