/**
 * Folds a long drawing from top to bottom into columns, as text is folded into lines, so that a chain of steps
 * fills a wide place at a size one can read. It is cut only where few edges pass and none points back.
 */
import type { Point } from "./edge-path.ts";
import type { Box, Placed, PlacedEdge } from "./placed.ts";

const GUTTER = 52;
const BELOW = 18;
const ABOVE = 18;
/** More edges through one cut would be a tangle. */
const MOST_CROSSING = 2;
/** What an edge through a cut is worth in height. */
const CROSSING_COST = 48;

/** Up to so many columns all ways to cut are tried. */
const MOST_TRIED = 3;
/** Width to height of a drawing folded into as many columns as it needs. */
const GOOD_SHAPE = 1.6;

/** Into how many columns it is worth folding a drawing of this size: two, three, and what makes a long one as wide as high. */
export function worthwhileColumns({
  width,
  height,
}: {
  readonly width: number;
  readonly height: number;
}): readonly number[] {
  const good = Math.round(Math.sqrt((GOOD_SHAPE * height) / (width + GUTTER)));
  return good > MOST_TRIED ? [2, 3, good] : [2, 3];
}

interface Rank {
  readonly center: number;
  top: number;
  bottom: number;
}

export function foldColumns(placed: Placed, columns: number): Placed | null {
  const ranks = findRanks(placed);
  const rankOf = (y: number): number => nearestRank(ranks, y);
  const spans = placed.edges.map((edge) => {
    const source = placed.boxes[edge.source];
    const target = placed.boxes[edge.target];
    const from = source === undefined ? 0 : rankOf(source.y + source.height / 2);
    const to = target === undefined ? 0 : rankOf(target.y + target.height / 2);
    return { low: Math.min(from, to), high: Math.max(from, to), isBack: edge.isBack };
  });
  // A cut after rank i.
  const crossings = ranks.slice(0, -1).map((_, cut) => {
    const through = spans.filter(({ low, high }) => low <= cut && cut < high);
    return through.some(({ isBack }) => isBack) ? Infinity : through.length;
  });
  const cuts = columns <= MOST_TRIED ? bestCuts(ranks, crossings, columns) : evenCuts(ranks, crossings, columns);
  return cuts === null ? null : fold(placed, ranks, cuts);
}

function findRanks({ boxes }: Placed): readonly Rank[] {
  const ranks = new Map<number, Rank>();
  for (const { y, height } of Object.values(boxes)) {
    const center = Math.round(y + height / 2);
    const near = [center - 1, center, center + 1].map((each) => ranks.get(each)).find((rank) => rank !== undefined);
    const rank = near ?? { center, top: y, bottom: y + height };
    rank.top = Math.min(rank.top, y);
    rank.bottom = Math.max(rank.bottom, y + height);
    ranks.set(rank.center, rank);
  }
  return [...ranks.values()].toSorted((a, b) => a.center - b.center);
}

function nearestRank(ranks: readonly Rank[], y: number): number {
  let best = 0;
  ranks.forEach((rank, index) => {
    if (Math.abs(rank.center - y) < Math.abs((ranks[best]?.center ?? 0) - y)) best = index;
  });
  return best;
}

function bestCuts(ranks: readonly Rank[], crossings: readonly number[], columns: number): readonly number[] | null {
  const possible = crossings.flatMap((count, cut) => (count > 0 && count <= MOST_CROSSING ? [cut] : []));
  let best: readonly number[] | null = null;
  let bestCost = Infinity;
  const choose = (chosen: readonly number[], from: number): void => {
    if (chosen.length === columns - 1) {
      const cost =
        Math.max(...columnsOf(ranks, chosen).map(({ top, bottom }) => bottom - top)) +
        chosen.reduce((sum, cut) => sum + (crossings[cut] ?? 0) * CROSSING_COST, 0);
      if (cost < bestCost) {
        best = chosen;
        bestCost = cost;
      }
      return;
    }
    for (let i = from; i < possible.length; i += 1) choose([...chosen, possible[i] ?? 0], i + 1);
  };
  // Trying every pair of a hundred cuts is quick; of thousands it is not.
  if (possible.length <= 120) choose([], 0);
  return best;
}

/** Each cut where few edges pass, nearest to where it would make columns of one height. */
function evenCuts(ranks: readonly Rank[], crossings: readonly number[], columns: number): readonly number[] | null {
  const top = ranks[0]?.top ?? 0;
  const height = (ranks.at(-1)?.bottom ?? 0) - top;
  const cuts: number[] = [];
  for (let column = 1; column < columns; column += 1) {
    const wanted = top + (height * column) / columns;
    let best: number | null = null;
    let bestCost = Infinity;
    for (let cut = (cuts.at(-1) ?? -1) + 1; cut < crossings.length; cut += 1) {
      const count = crossings[cut] ?? 0;
      if (count === 0 || count > MOST_CROSSING) continue;
      const cost = Math.abs((ranks[cut]?.bottom ?? 0) - wanted) + count * CROSSING_COST;
      if (cost >= bestCost) continue;
      best = cut;
      bestCost = cost;
    }
    if (best === null) return null;
    cuts.push(best);
  }
  return cuts;
}

function columnsOf(ranks: readonly Rank[], cuts: readonly number[]): readonly { top: number; bottom: number }[] {
  const starts = [0, ...cuts.map((cut) => cut + 1)];
  return starts.map((start, index) => {
    const inside = ranks.slice(start, starts[index + 1] ?? ranks.length);
    return { top: Math.min(...inside.map((rank) => rank.top)), bottom: Math.max(...inside.map((rank) => rank.bottom)) };
  });
}

function fold(placed: Placed, ranks: readonly Rank[], cuts: readonly number[]): Placed {
  const columnOfRank = (rank: number): number => cuts.filter((cut) => rank > cut).length;
  const columnAt = (y: number): number => columnOfRank(nearestRank(ranks, y));
  const columnOfBox = ({ y, height }: Box): number => columnAt(y + height / 2);
  const tall = columnsOf(ranks, cuts);

  // How wide each column is, with the lanes of edges that pass through it.
  const sides = tall.map(() => ({ left: Infinity, right: -Infinity }));
  const widen = (column: number, left: number, right: number): void => {
    const side = sides[column];
    if (side === undefined) return;
    side.left = Math.min(side.left, left);
    side.right = Math.max(side.right, right);
  };
  for (const box of Object.values(placed.boxes)) widen(columnOfBox(box), box.x, box.x + box.width);
  for (const { between } of placed.edges) for (const { x, y } of between) widen(columnAt(y), x, x);

  const shifts: Point[] = [];
  let left = 0;
  sides.forEach((side, column) => {
    shifts.push({ x: left - side.left, y: -(tall[column]?.top ?? 0) });
    left += side.right - side.left + GUTTER;
  });
  const move = <T extends Point>(item: T, column: number): T => ({
    ...item,
    x: item.x + (shifts[column]?.x ?? 0),
    y: item.y + (shifts[column]?.y ?? 0),
  });
  const boxes = Object.fromEntries(Object.entries(placed.boxes).map(([id, box]) => [id, move(box, columnOfBox(box))]));

  const used = new Map<number, number>();
  const edges = placed.edges.map((edge): PlacedEdge => {
    const source = placed.boxes[edge.source];
    const target = placed.boxes[edge.target];
    if (source === undefined || target === undefined) return edge;
    const from = columnOfBox(source);
    const to = columnOfBox(target);
    const between = edge.between.map((point) => move(point, columnAt(point.y)));
    if (from === to) return { ...edge, between };
    return { ...edge, between, detour: detourOf(edge, from, to) };
  });
  return { boxes, edges };

  /** Down out of one column, up the gutter, down into the next; through each column between likewise. */
  function detourOf(edge: PlacedEdge, from: number, to: number): readonly Point[] {
    const points: Point[] = [];
    for (let column = from; column < to; column += 1) {
      const nth = used.get(column) ?? 0;
      used.set(column, nth + 1);
      const here = edge.between.filter((point) => columnAt(point.y) === column).map((point) => move(point, column));
      const next = edge.between
        .filter((point) => columnAt(point.y) === column + 1)
        .map((point) => move(point, column + 1));
      points.push(...here);
      const source = boxes[edge.source];
      const target = boxes[edge.target];
      const x = here.at(-1)?.x ?? points.at(-1)?.x ?? (source === undefined ? 0 : source.x + source.width / 2);
      const nextX = next[0]?.x ?? (target === undefined ? 0 : target.x + target.width / 2);
      const bottom = (tall[column]?.bottom ?? 0) - (tall[column]?.top ?? 0) + BELOW + nth * 8;
      const gutter = (shifts[column + 1]?.x ?? 0) + (sides[column + 1]?.left ?? 0) - GUTTER / 2 + nth * 8;
      const top = -ABOVE - nth * 8;
      points.push({ x, y: bottom }, { x: gutter, y: bottom }, { x: gutter, y: top }, { x: nextX, y: top });
      if (column + 1 === to) points.push(...next);
    }
    return points;
  }
}
