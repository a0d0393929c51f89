/** The profile of a CSV file: what the workflow ends with, the page draws and the person downloads. */
import { z } from "zod";
import { cellKinds } from "./csv-cells.ts";

export const columnTypes = [...cellKinds, "empty"] as const;
export type ColumnType = (typeof columnTypes)[number];

/** What a person can decide a column to be. */
export const treatments = cellKinds;
export type Treatment = (typeof treatments)[number];

/** A number, an ISO date in UTC, or text, by the column's type. */
const scaleValue = z.union([z.number(), z.string()]);

const anomaly = z.discriminatedUnion("kind", [
  /** Cells that cannot be read as the column's type. */
  z.object({ kind: z.literal("misfit"), count: z.number(), examples: z.array(z.string()) }),
  /** Values more than three times the middle half's width away from it. */
  z.object({ kind: z.literal("outlier"), count: z.number(), below: scaleValue, above: scaleValue }),
  /** Cells with white space around their content. */
  z.object({ kind: z.literal("padded"), count: z.number() }),
  /** All cells that are not null say the same. */
  z.object({ kind: z.literal("constant"), count: z.number() }),
]);
export type Anomaly = z.infer<typeof anomaly>;

export const columnProfile = z.object({
  name: z.string(),
  type: z.enum(columnTypes),
  decidedBy: z.enum(["data", "person"]),
  /** A number column without fractions. */
  whole: z.boolean(),
  nulls: z.number(),
  kinds: z.record(z.enum(cellKinds), z.number()),
  distinct: z.number(),
  /** False when the file is so large that distinct, quantiles, histogram and top values are estimates. */
  exact: z.boolean(),
  min: scaleValue.nullable(),
  max: scaleValue.nullable(),
  quantiles: z
    .object({ p05: scaleValue, p25: scaleValue, p50: scaleValue, p75: scaleValue, p95: scaleValue })
    .nullable(),
  /** Counts in bins of equal width from min to max. */
  histogram: z.array(z.number()).nullable(),
  top: z.array(z.object({ value: z.string(), count: z.number() })),
  anomalies: z.array(anomaly),
});
export type ColumnProfile = z.infer<typeof columnProfile>;

/** How many cells of a column look like what, with examples. */
const kindCount = z.object({ kind: z.enum(cellKinds), count: z.number(), examples: z.array(z.string()) });
export type KindCount = z.infer<typeof kindCount>;

/** A column before its type is settled: its profile for every type it could have. */
export const columnFinding = z.object({
  name: z.string(),
  /** The type most cells speak for. */
  likely: z.enum(columnTypes),
  /** Set when too many cells speak for another type than the likely one, so that a person should decide. */
  conflict: z.array(kindCount).nullable(),
  as: z.partialRecord(z.enum(columnTypes), columnProfile),
});
export type ColumnFinding = z.infer<typeof columnFinding>;

export const fileFacts = z.object({
  name: z.string(),
  bytes: z.number(),
  encoding: z.enum(["utf-8", "windows-1252"]),
  delimiter: z.enum([",", ";", "\t", "|"]),
  header: z.boolean(),
  rows: z.number(),
  shortRows: z.number(),
  longRows: z.number(),
  blankLines: z.number(),
  badQuotes: z.number(),
});
export type FileFacts = z.infer<typeof fileFacts>;

export const csvReport = z.object({ file: fileFacts, columns: z.array(columnProfile) });
export type CsvReport = z.infer<typeof csvReport>;

/** Column name to what a person decided. */
export type Decisions = Readonly<Record<string, Treatment>>;

export function buildReport(
  file: FileFacts,
  findings: readonly ColumnFinding[],
  decisions: ReadonlyMap<string, Treatment>,
): CsvReport {
  return {
    file,
    columns: findings.map((finding) => {
      const decided = finding.conflict ? decisions.get(finding.name) : undefined;
      const chosen = finding.as[decided ?? finding.likely];
      if (!chosen) throw new Error(`Column “${finding.name}” has no profile as ${decided ?? finding.likely}.`);
      return decided ? { ...chosen, decidedBy: "person" as const } : chosen;
    }),
  };
}
