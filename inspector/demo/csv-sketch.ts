/**
 * What one chunk contributes to the profile: plain JSON, made from the rows of the chunk alone, and the same whenever
 * and wherever it is made. Sketches of all chunks, put together in chunk order, give the profile of the file.
 *
 * `full` keeps every distinct value with its count, so the profile is exact. For large files `sampled` keeps at most
 *  - 256 of the most frequent values (those seen once only when all fit),
 *  - 256 values at evenly spaced ranks per scale, each standing for its neighbours: wherever it is cut, the profile's
 *    quantiles are off by at most 1/512 of the column, for sure, not on average,
 *  - the 512 smallest hashes of distinct values: how close together they lie tells how many there are, within a few
 *    per cent.
 * Counts of rows, nulls and kinds, the smallest and largest values and the examples are exact in both.
 */
import {
  type CellKind,
  cellLabel,
  hashText,
  isNull,
  kindOf,
  type MeasuredKind,
  measuredKinds,
  readAs,
} from "./csv-cells.ts";
import type { CsvRecords } from "./csv-read.ts";

export type Detail = "full" | "sampled";

/** A value and how many cells it stands for. */
export type Weighted = readonly [value: number, weight: number];

/** The cells of a column, read as one measured kind. */
export interface MeasuredSketch {
  readonly fits: number;
  /** The first few distinct values that cannot be read so. */
  readonly misfits: readonly string[];
  readonly min: number | null;
  readonly max: number | null;
  /** Ascending. Empty in a full sketch, where the table says it all. */
  readonly ranks: readonly Weighted[];
}

/** What a chunk and the whole file tell of a column alike. */
export interface ColumnFacts {
  readonly nulls: number;
  /** Cells with white space around them. */
  readonly padded: number;
  readonly kinds: Readonly<Record<CellKind, number>>;
  /** The first few distinct values of each kind. */
  readonly examples: Readonly<Record<CellKind, readonly string[]>>;
  readonly measured: Readonly<Record<MeasuredKind, MeasuredSketch>>;
  /** First and last in the order of character codes. */
  readonly first: string | null;
  readonly last: string | null;
}

/** One column of a chunk. */
export interface ColumnSketch extends ColumnFacts {
  /** Distinct values with their counts; in a full sketch all of them, in order of appearance. */
  readonly table: readonly (readonly [label: string, count: number])[];
  /** The largest count that is left out of the table, or 0. */
  readonly left: number;
  /** Hashes of distinct values below `hashLimit`, all of those below it. Empty in a full sketch. */
  readonly hashes: readonly number[];
  readonly hashLimit: number;
}

export interface ChunkSketch {
  readonly rows: number;
  /** Rows with fewer cells than the file has columns (the rest counts as null), and with more (which are ignored). */
  readonly short: number;
  readonly long: number;
  readonly blankLines: number;
  readonly badQuotes: number;
  readonly columns: readonly ColumnSketch[];
}

export const exampleCount = 3;
export const hashSpace = 2 ** 32;
const tableSize = 256;
const rankPoints = 256;
const hashCount = 512;

export function sketchRecords(records: CsvRecords, width: number, detail: Detail): ChunkSketch {
  const { rows, blankLines, badQuotes } = records;
  return {
    rows: rows.length,
    short: rows.reduce((count, row) => count + (row.length < width ? 1 : 0), 0),
    long: rows.reduce((count, row) => count + (row.length > width ? 1 : 0), 0),
    blankLines,
    badQuotes,
    columns: Array.from({ length: width }, (_, column) => sketchColumn(rows, column, detail)),
  };
}

function sketchColumn(rows: CsvRecords["rows"], column: number, detail: Detail): ColumnSketch {
  const { counts, nulls } = countLabels(rows, column);
  const kinds: Record<CellKind, number> = { number: 0, date: 0, boolean: 0, text: 0 };
  const examples: Record<CellKind, string[]> = { number: [], date: [], boolean: [], text: [] };
  let padded = 0;
  let first: string | null = null;
  let last: string | null = null;
  for (const [label, count] of counts) {
    const kind = kindOf(label);
    kinds[kind] += count;
    if (examples[kind].length < exampleCount) examples[kind].push(label);
    if (label.trim() !== label) padded += count;
    if (first === null || label < first) first = label;
    if (last === null || label > last) last = label;
  }
  const measured = Object.fromEntries(
    measuredKinds.map((kind) => [kind, measure(counts, kind, detail)]),
  ) as unknown as Record<MeasuredKind, MeasuredSketch>;
  return {
    nulls,
    padded,
    kinds,
    examples,
    measured,
    first,
    last,
    ...(detail === "full" ? { table: [...counts], left: 0 } : mostFrequent(counts)),
    ...(detail === "full" ? { hashes: [], hashLimit: hashSpace } : smallestHashes(counts.keys())),
  };
}

function countLabels(rows: CsvRecords["rows"], column: number): { counts: Map<string, number>; nulls: number } {
  const counts = new Map<string, number>();
  let nulls = 0;
  for (const row of rows) {
    const label = cellLabel(row[column] ?? "");
    if (isNull(label)) nulls += 1;
    else counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  return { counts, nulls };
}

function measure(counts: ReadonlyMap<string, number>, kind: MeasuredKind, detail: Detail): MeasuredSketch {
  const values = new Map<number, number>();
  const misfits: string[] = [];
  let fits = 0;
  let min: number | null = null;
  let max: number | null = null;
  for (const [label, count] of counts) {
    const value = readAs(kind, label);
    if (value === null) {
      if (misfits.length < exampleCount) misfits.push(label);
      continue;
    }
    fits += count;
    if (min === null || value < min) min = value;
    if (max === null || value > max) max = value;
    if (detail === "sampled") values.set(value, (values.get(value) ?? 0) + count);
  }
  return { fits, misfits, min, max, ranks: evenRanks([...values].toSorted(byValue), fits) };
}

function byValue(a: Weighted, b: Weighted): number {
  return a[0] - b[0];
}

/** Values at evenly spaced ranks, each with the number of cells nearest to it. */
function evenRanks(sorted: readonly Weighted[], total: number): readonly Weighted[] {
  if (sorted.length <= rankPoints) return sorted;
  const points: Weighted[] = [];
  let at = 0;
  let through = sorted[0]?.[1] ?? 0;
  for (let point = 0; point < rankPoints; point++) {
    const from = Math.floor((point * total) / rankPoints);
    const to = Math.floor(((point + 1) * total) / rankPoints);
    const middle = Math.floor((from + to - 1) / 2);
    while (through <= middle) through += sorted[++at]?.[1] ?? Number.POSITIVE_INFINITY;
    const value = sorted[at]?.[0] ?? 0;
    const before = points.at(-1);
    if (before?.[0] === value) points[points.length - 1] = [value, before[1] + to - from];
    else points.push([value, to - from]);
  }
  return points;
}

/** Ties are broken by the value itself, so that the same cells in another order keep the same table. */
export function byCount(a: readonly [string, number], b: readonly [string, number]): number {
  return b[1] - a[1] || (a[0] < b[0] ? -1 : 1);
}

function mostFrequent(counts: ReadonlyMap<string, number>): Pick<ColumnSketch, "table" | "left"> {
  if (counts.size <= tableSize) return { table: [...counts], left: 0 };
  const repeated = [...counts].filter(([, count]) => count > 1).toSorted(byCount);
  return { table: repeated.slice(0, tableSize), left: repeated[tableSize]?.[1] ?? 1 };
}

function smallestHashes(labels: Iterable<string>): Pick<ColumnSketch, "hashes" | "hashLimit"> {
  const hashes = Uint32Array.from(new Set(Array.from(labels, hashText))).toSorted();
  return { hashes: [...hashes.subarray(0, hashCount)], hashLimit: hashes[hashCount] ?? hashSpace };
}
