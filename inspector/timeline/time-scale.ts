/** Time to pixels and back. Long stretches in which nothing ran may be folded to a few pixels. Pure. */

export interface TimeWindow {
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
}

export interface Fold extends TimeWindow {
  readonly x: number;
  readonly width: number;
}

export interface TimeScale extends TimeWindow {
  readonly width: number;
  readonly folds: readonly Fold[];
  /** Milliseconds per pixel outside folds. */
  readonly rate: number;
  x(at: number): number;
  at(x: number): number;
}

interface Piece extends Fold {
  readonly isFold: boolean;
}

/** Wide enough for "3 h 12 min". */
export const FOLD_WIDTH = 64;
const SHORTEST_FOLD = 1_000;
/** Of the time in which something ran: shorter idle stretches keep their length. */
const FOLDED_SHARE = 0.1;
/** Folds take at most this part of the width. */
const FOLDS_SHARE = 0.5;
/** Milliseconds that a window has at least. */
const SHORTEST_WINDOW = 4;

/** `idle`: stretches that may be folded, in order or not; `to: null` reaches to the end of the window. */
export function createTimeScale(
  { from, to: wanted }: TimeWindow,
  width: number,
  idle: readonly { readonly from: number; readonly to: number | null }[] = [],
): TimeScale {
  const to = Math.max(wanted, from + 1);
  const folded = foldable({ from, to }, idle);
  const foldWidth = Math.min(FOLD_WIDTH, (width * FOLDS_SHARE) / Math.max(1, folded.length));
  const hidden = folded.reduce((sum, fold) => sum + fold.to - fold.from, 0);
  const rate = Math.max(1, to - from - hidden) / Math.max(1, width - foldWidth * folded.length);
  const pieces: Piece[] = [];
  let x = 0;
  const add = (piece: TimeWindow, pieceWidth: number, isFold: boolean): void => {
    if (piece.to > piece.from) pieces.push({ ...piece, x, width: pieceWidth, isFold });
    x += pieceWidth;
  };
  let at = from;
  for (const fold of folded) {
    add({ from: at, to: fold.from }, (fold.from - at) / rate, false);
    add(fold, foldWidth, true);
    at = fold.to;
  }
  add({ from: at, to }, (to - at) / rate, false);
  return {
    from,
    to,
    width,
    rate,
    folds: pieces.filter(({ isFold }) => isFold),
    x(time) {
      if (time <= from) return (time - from) / rate;
      const piece = pieces.find((each) => time <= each.to);
      return piece ? piece.x + ((time - piece.from) / (piece.to - piece.from)) * piece.width : x + (time - to) / rate;
    },
    at(place) {
      if (place <= 0) return from + place * rate;
      const piece = pieces.find((each) => place <= each.x + each.width);
      return piece ? piece.from + ((place - piece.x) / piece.width) * (piece.to - piece.from) : to + (place - x) * rate;
    },
  };
}

function foldable(
  { from, to }: TimeWindow,
  idle: readonly { readonly from: number; readonly to: number | null }[],
): TimeWindow[] {
  const inside = idle
    .map((stretch) => ({ from: Math.max(from, stretch.from), to: Math.min(to, stretch.to ?? to) }))
    .filter((stretch) => stretch.to - stretch.from >= SHORTEST_FOLD)
    .toSorted((a, b) => a.from - b.from);
  const busy = inside.reduce((left, stretch) => left - (stretch.to - stretch.from), to - from);
  return inside.filter((stretch) => stretch.to - stretch.from > busy * FOLDED_SHARE);
}

/** The window after a zoom by `factor` (below 1: closer) that leaves what is at `x` where it is; null: the whole. */
export function zoomAt(scale: TimeScale, x: number, factor: number, whole: TimeWindow): TimeWindow | null {
  return within({ from: scale.at(x - x * factor), to: scale.at(x + (scale.width - x) * factor) }, whole);
}

/** The window so many pixels further on. */
export function panBy(scale: TimeScale, pixels: number, whole: TimeWindow): TimeWindow | null {
  const from = scale.at(pixels);
  const to = scale.at(scale.width + pixels);
  const length = scale.to - scale.from;
  if (from < whole.from) return within({ from: whole.from, to: whole.from + length }, whole);
  if (to > whole.to) return within({ from: whole.to - length, to: whole.to }, whole);
  return within({ from, to }, whole);
}

/** The part of the whole that is asked for, in whole milliseconds; null when that is all of it. */
export function within({ from, to }: TimeWindow, whole: TimeWindow): TimeWindow | null {
  const middle = (from + to) / 2;
  const half = Math.max(SHORTEST_WINDOW, to - from) / 2;
  const first = Math.max(Math.floor(whole.from), Math.floor(middle - half));
  const last = Math.min(Math.ceil(whole.to), Math.ceil(middle + half));
  if (first <= whole.from && last >= whole.to) return null;
  if (last - first >= SHORTEST_WINDOW) return { from: first, to: last };
  return first === Math.floor(whole.from)
    ? { from: first, to: first + SHORTEST_WINDOW }
    : { from: last - SHORTEST_WINDOW, to: last };
}
