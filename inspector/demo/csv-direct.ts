/**
 * The profile of a CSV text, computed in the plainest way: all rows in memory, every column as one array, no chunks,
 * no sketches, no engine. It exists to be compared with: for files small enough to be profiled exactly the workflow's
 * report must equal this one to the last digit. Only reading cells and records is shared with the workflow.
 */
import { cellKinds, cellLabel, isNull, kindOf, readAs } from "./csv-cells.ts";
import { columnNames, detectDialect, type DialectWishes, headBytes } from "./csv-dialect.ts";
import { histogramBins, showValue } from "./csv-findings.ts";
import { readRecords } from "./csv-read.ts";
import type { Anomaly, ColumnProfile, CsvReport, Decisions, Treatment } from "./csv-report.ts";

export interface DirectOptions extends DialectWishes {
  readonly name?: string;
  readonly decisions?: Decisions;
}

/** `text` as it stands in the UTF-8 file, byte order mark included. */
export function profileCsv(text: string, options: DirectOptions = {}): CsvReport {
  const { name = "file.csv", decisions = {} } = options;
  const bytes = new TextEncoder().encode(text);
  const dialect = detectDialect(bytes.subarray(0, headBytes), { name, size: bytes.length }, options);
  const { rows: all, blankLines, badQuotes } = readRecords(dialect.skip > 0 ? text.slice(1) : text, dialect.delimiter);
  const rows = dialect.header ? all.slice(1) : all;
  const names = columnNames(dialect.header ? (all[0] ?? null) : null, dialect.width);
  return {
    file: {
      name,
      bytes: bytes.length,
      encoding: "utf-8",
      delimiter: dialect.delimiter,
      header: dialect.header,
      rows: rows.length,
      shortRows: rows.filter((row) => row.length < dialect.width).length,
      longRows: rows.filter((row) => row.length > dialect.width).length,
      blankLines,
      badQuotes,
    },
    columns: names.map((column, index) =>
      profileColumn(
        column,
        rows.map((row) => row[index] ?? ""),
        decisions[column],
      ),
    ),
  };
}

function profileColumn(name: string, cells: readonly string[], decision: Treatment | undefined): ColumnProfile {
  const labels = cells.map(cellLabel).filter((label) => !isNull(label));
  const kindsOfLabels = labels.map(kindOf);
  const kinds = Object.fromEntries(
    cellKinds.map((kind) => [kind, kindsOfLabels.filter((each) => each === kind).length]),
  ) as ColumnProfile["kinds"];
  const [likely = "text"] = [...cellKinds].toSorted((a, b) => kinds[b] - kinds[a]);
  const settled = kinds[likely] >= labels.length * 0.99;
  const type = labels.length === 0 ? "empty" : settled ? likely : (decision ?? likely);
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  const ordered = [...counts].toSorted((a, b) => (b[1] === a[1] ? (a[0] < b[0] ? -1 : 1) : b[1] - a[1]));
  const profile: ColumnProfile = {
    name,
    type,
    decidedBy: type !== "empty" && !settled && decision !== undefined ? "person" : "data",
    whole: false,
    nulls: cells.length - labels.length,
    kinds,
    distinct: counts.size,
    exact: true,
    min: null,
    max: null,
    quantiles: null,
    histogram: null,
    top: ordered.slice(0, 6).map(([value, count]) => ({ value, count })),
    anomalies: [],
  };
  const padded = labels.filter((label) => label !== label.trim()).length;
  if (padded > 0) profile.anomalies.push({ kind: "padded", count: padded });
  if (counts.size === 1 && labels.length > 1) profile.anomalies.push({ kind: "constant", count: labels.length });
  if (type === "empty") return profile;
  if (type === "text") {
    const sorted = [...labels].toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    return { ...profile, min: sorted[0] ?? null, max: sorted.at(-1) ?? null };
  }
  return { ...profile, ...measureColumn(type, labels, profile.anomalies) };
}

function measureColumn(
  type: "number" | "date" | "boolean",
  labels: readonly string[],
  general: readonly Anomaly[],
): Partial<ColumnProfile> {
  const values = labels.map((label) => readAs(type, label)).filter((value) => value !== null);
  values.sort((a, b) => a - b);
  const misfits = labels.filter((label) => readAs(type, label) === null);
  const anomalies = [...general];
  if (misfits.length > 0) {
    anomalies.unshift({ kind: "misfit", count: misfits.length, examples: [...new Set(misfits)].slice(0, 3) });
  }
  const min = values[0];
  const max = values.at(-1);
  if (type === "boolean" || min === undefined || max === undefined) return { anomalies };
  const at = (share: number) => values[Math.max(0, Math.ceil(share * values.length) - 1)] ?? min;
  const width = at(0.75) - at(0.25);
  const [below, above] = [at(0.25) - 3 * width, at(0.75) + 3 * width];
  const outside = values.filter((value) => value < below || value > above).length;
  if (width > 0 && outside > 0 && Number.isFinite(below) && Number.isFinite(above)) {
    anomalies.push({ kind: "outlier", count: outside, below: showValue(type, below), above: showValue(type, above) });
  }
  const histogram = Array.from({ length: histogramBins }, () => 0);
  for (const value of values) {
    const bin = Math.min(histogramBins - 1, Math.floor(((value - min) / (max - min)) * histogramBins) || 0);
    histogram[bin] = (histogram[bin] ?? 0) + 1;
  }
  const shown = (share: number) => showValue(type, at(share));
  return {
    whole: type === "number" && values.every(Number.isInteger),
    min: showValue(type, min),
    max: showValue(type, max),
    quantiles: { p05: shown(0.05), p25: shown(0.25), p50: shown(0.5), p75: shown(0.75), p95: shown(0.95) },
    histogram,
    anomalies,
  };
}
