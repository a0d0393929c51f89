/** From the totals of a column to its profile, once for every type the column could have. */
import { type CellKind, cellKinds, type MeasuredKind } from "./csv-cells.ts";
import type { ColumnTotals, FileTotals } from "./csv-merge.ts";
import type { Anomaly, ColumnFinding, ColumnProfile, ColumnType, KindCount } from "./csv-report.ts";
import type { Weighted } from "./csv-sketch.ts";

/** With this share of its cells behind it a type needs no person's word; the other cells are reported as misfits. */
const clearShare = 0.99;
export const histogramBins = 20;

export function findColumns(names: readonly string[], totals: FileTotals): ColumnFinding[] {
  return totals.columns.map((column, index) => findColumn(names[index] ?? `column ${index + 1}`, column));
}

function findColumn(name: string, totals: ColumnTotals): ColumnFinding {
  const filled = cellKinds.reduce((sum, kind) => sum + totals.kinds[kind], 0);
  if (filled === 0) return { name, likely: "empty", conflict: null, as: { empty: profileAs("empty", name, totals) } };
  const likely = cellKinds.reduce((best, kind) => (totals.kinds[kind] > totals.kinds[best] ? kind : best));
  if (totals.kinds[likely] >= filled * clearShare) {
    return { name, likely, conflict: null, as: { [likely]: profileAs(likely, name, totals) } };
  }
  const conflict = cellKinds.filter((kind) => totals.kinds[kind] > 0).map((kind) => kindCount(kind, totals));
  return {
    name,
    likely,
    conflict: conflict.toSorted((a, b) => b.count - a.count),
    as: Object.fromEntries(cellKinds.map((kind) => [kind, profileAs(kind, name, totals)])),
  };
}

function kindCount(kind: CellKind, totals: ColumnTotals): KindCount {
  return { kind, count: totals.kinds[kind], examples: [...totals.examples[kind]] };
}

function profileAs(type: ColumnType, name: string, totals: ColumnTotals): ColumnProfile {
  const common = {
    name,
    type,
    decidedBy: "data" as const,
    nulls: totals.nulls,
    kinds: totals.kinds,
    distinct: totals.distinct,
    exact: totals.exact,
    top: totals.top.map(([value, count]) => ({ value, count })),
  };
  const anomalies = generalAnomalies(totals);
  if (type === "text" || type === "empty") {
    const { first: min, last: max } = totals;
    return { ...common, whole: false, min, max, quantiles: null, histogram: null, anomalies };
  }
  const { fits, misfits, min, max, ranks } = totals.measured[type];
  const filled = cellKinds.reduce((sum, kind) => sum + totals.kinds[kind], 0);
  if (filled > fits) anomalies.unshift({ kind: "misfit", count: filled - fits, examples: [...misfits] });
  if (type === "boolean" || min === null || max === null) {
    return { ...common, whole: false, min: null, max: null, quantiles: null, histogram: null, anomalies };
  }
  const at = (share: number) => quantile(ranks, fits, share);
  anomalies.push(...outliers(type, ranks, at(0.25), at(0.75)));
  const shown = (value: number) => showValue(type, value);
  return {
    ...common,
    whole: type === "number" && ranks.every(([value]) => Number.isInteger(value)),
    min: shown(min),
    max: shown(max),
    quantiles: {
      p05: shown(at(0.05)),
      p25: shown(at(0.25)),
      p50: shown(at(0.5)),
      p75: shown(at(0.75)),
      p95: shown(at(0.95)),
    },
    histogram: countBins(ranks, min, max),
    anomalies,
  };
}

/** The smallest value that at least that share of the cells does not exceed. */
function quantile(ranks: readonly Weighted[], cells: number, share: number): number {
  const wanted = Math.max(1, Math.ceil(share * cells));
  let through = 0;
  for (const [value, weight] of ranks) {
    through += weight;
    if (through >= wanted) return value;
  }
  return ranks.at(-1)?.[0] ?? 0;
}

function outliers(type: MeasuredKind, ranks: readonly Weighted[], low: number, high: number): Anomaly[] {
  const reach = 3 * (high - low);
  // More than half of the cells are equal: then everything else would be called an outlier.
  if (reach === 0) return [];
  const [below, above] = [low - reach, high + reach];
  if (!Number.isFinite(below) || !Number.isFinite(above)) return [];
  const count = ranks.reduce((sum, [value, weight]) => sum + (value < below || value > above ? weight : 0), 0);
  if (count === 0) return [];
  return [{ kind: "outlier", count, below: showValue(type, below), above: showValue(type, above) }];
}

function generalAnomalies(totals: ColumnTotals): Anomaly[] {
  const anomalies: Anomaly[] = [];
  if (totals.padded > 0) anomalies.push({ kind: "padded", count: totals.padded });
  const [only] = totals.top;
  if (totals.distinct === 1 && only && only[1] > 1) anomalies.push({ kind: "constant", count: only[1] });
  return anomalies;
}

function countBins(ranks: readonly Weighted[], min: number, max: number): number[] {
  const bins = Array.from({ length: histogramBins }, () => 0);
  for (const [value, weight] of ranks) {
    // Not a number when all values are equal, or so far apart that their distance is infinite.
    const place = Math.floor(((value - min) / (max - min)) * histogramBins) || 0;
    const bin = Math.min(histogramBins - 1, place);
    bins[bin] = (bins[bin] ?? 0) + weight;
  }
  return bins;
}

/** Dates as ISO text: without the time when it is midnight, as most date columns have days only. */
export function showValue(type: MeasuredKind, value: number): number | string {
  if (type !== "date") return value;
  const date = new Date(value);
  // Fences of outliers may lie outside what a date can be.
  if (Number.isNaN(date.getTime())) return value;
  return value % 86_400_000 === 0 ? date.toISOString().slice(0, 10) : date.toISOString();
}
