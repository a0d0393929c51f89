/**
 * Puts the sketches of all chunks together. They are added in chunk order, whatever order they were made in, so the
 * outcome depends on the file alone.
 */
import { type CellKind, cellKinds, type MeasuredKind, measuredKinds, readAs } from "./csv-cells.ts";
import {
  byCount,
  type ChunkSketch,
  type ColumnFacts,
  type ColumnSketch,
  exampleCount,
  hashSpace,
  type MeasuredSketch,
  type Weighted,
} from "./csv-sketch.ts";

/** One column of the whole file. */
export interface ColumnTotals extends ColumnFacts {
  readonly distinct: number;
  /** The most frequent values, most frequent first. */
  readonly top: readonly (readonly [label: string, count: number])[];
  /** Whether distinct, top and ranks are exact; see csv-sketch.ts for how near they are otherwise. */
  readonly exact: boolean;
}

export interface FileTotals extends Omit<ChunkSketch, "columns"> {
  readonly columns: readonly ColumnTotals[];
}

/** Distinct values that are remembered per column before the rare ones are let go. */
const rememberedValues = 100_000;
const topValues = 6;

export interface Merger {
  add(sketch: ChunkSketch): void;
  totals(): FileTotals;
}

export function createMerger(width: number): Merger {
  const columns = Array.from({ length: width }, createColumnMerger);
  const sums = { rows: 0, short: 0, long: 0, blankLines: 0, badQuotes: 0 };
  return {
    add(sketch) {
      for (const key of ["rows", "short", "long", "blankLines", "badQuotes"] as const) sums[key] += sketch[key];
      for (const [index, column] of columns.entries()) {
        const part = sketch.columns[index];
        if (part) column.add(part);
      }
    },
    totals: () => ({ ...sums, columns: columns.map((column) => column.totals()) }),
  };
}

function createColumnMerger() {
  const sums = { nulls: 0, padded: 0 };
  const kinds: Record<CellKind, number> = { number: 0, date: 0, boolean: 0, text: 0 };
  const examples: Record<CellKind, string[]> = { number: [], date: [], boolean: [], text: [] };
  const measured = {
    number: createMeasuredMerger(),
    date: createMeasuredMerger(),
    boolean: createMeasuredMerger(),
  };
  let first: string | null = null;
  let last: string | null = null;
  const table = createTable();
  const hashes = createHashes();

  return {
    add(part: ColumnSketch): void {
      sums.nulls += part.nulls;
      sums.padded += part.padded;
      for (const kind of cellKinds) {
        kinds[kind] += part.kinds[kind];
        addExamples(examples[kind], part.examples[kind]);
      }
      for (const kind of measuredKinds) measured[kind].add(part.measured[kind]);
      if (part.first !== null && (first === null || part.first < first)) first = part.first;
      if (part.last !== null && (last === null || part.last > last)) last = part.last;
      table.add(part.table, part.left);
      hashes.add(part.hashes, part.hashLimit);
    },
    totals(): ColumnTotals {
      const exact = table.isComplete();
      const complete = exact ? table.counts : null;
      return {
        ...sums,
        kinds,
        examples,
        measured: {
          number: measured.number.totals("number", complete),
          date: measured.date.totals("date", complete),
          boolean: measured.boolean.totals("boolean", complete),
        },
        first,
        last,
        distinct: exact ? table.counts.size : hashes.estimate(),
        top: [...table.counts].toSorted(byCount).slice(0, topValues),
        exact,
      };
    },
  };
}

function createMeasuredMerger() {
  let fits = 0;
  const misfits: string[] = [];
  let min: number | null = null;
  let max: number | null = null;
  const ranks: Weighted[] = [];
  return {
    add(part: MeasuredSketch): void {
      fits += part.fits;
      addExamples(misfits, part.misfits);
      if (part.min !== null && (min === null || part.min < min)) min = part.min;
      if (part.max !== null && (max === null || part.max > max)) max = part.max;
      for (const point of part.ranks) ranks.push(point);
    },
    totals(kind: MeasuredKind, complete: ReadonlyMap<string, number> | null): MeasuredSketch {
      return { fits, misfits, min, max, ranks: inOrder(complete ? exactRanks(kind, complete) : ranks) };
    },
  };
}

function* exactRanks(kind: MeasuredKind, counts: ReadonlyMap<string, number>): Generator<Weighted> {
  for (const [label, count] of counts) {
    const value = readAs(kind, label);
    if (value !== null) yield [value, count];
  }
}

/** Ascending, every value once. */
function inOrder(values: Iterable<Weighted>): readonly Weighted[] {
  const weights = new Map<number, number>();
  for (const [value, weight] of values) weights.set(value, (weights.get(value) ?? 0) + weight);
  return [...weights].toSorted((a, b) => a[0] - b[0]);
}

/** The first distinct ones in file order: the first of every chunk are enough to know the first of all. */
function addExamples(examples: string[], more: readonly string[]): void {
  for (const label of more) {
    if (examples.length < exampleCount && !examples.includes(label)) examples.push(label);
  }
}

function createTable() {
  const counts = new Map<string, number>();
  let complete = true;
  return {
    counts,
    isComplete: () => complete,
    add(entries: ColumnSketch["table"], left: number): void {
      if (left > 0) complete = false;
      for (const [label, count] of entries) counts.set(label, (counts.get(label) ?? 0) + count);
      if (counts.size <= rememberedValues) return;
      complete = false;
      for (const [label] of [...counts].toSorted(byCount).slice(rememberedValues / 2)) counts.delete(label);
    },
  };
}

/** Distinct values, counted by how densely the smallest of their hashes lie. */
function createHashes() {
  let kept = new Set<number>();
  let limit = hashSpace;
  return {
    add(hashes: readonly number[], hashLimit: number): void {
      if (hashLimit < limit) {
        limit = hashLimit;
        kept = new Set([...kept].filter((hash) => hash < limit));
      }
      for (const hash of hashes) if (hash < limit) kept.add(hash);
      if (kept.size <= rememberedValues) return;
      const ascending = Uint32Array.from(kept).toSorted();
      limit = ascending[rememberedValues / 2] ?? limit;
      kept = new Set(ascending.subarray(0, rememberedValues / 2));
    },
    estimate: () => Math.round(kept.size / (limit / hashSpace)),
  };
}
