/** What is found out about a file once, before its chunks are profiled: how to read it and where to cut it. */
import { z } from "zod";
import { columnNames, delimiters, detectDialect, type DialectWishes, headBytes } from "./csv-dialect.ts";
import type { FileTotals } from "./csv-merge.ts";
import { readRecords } from "./csv-read.ts";
import type { FileFacts } from "./csv-report.ts";
import { type ChunkSketch, sketchRecords } from "./csv-sketch.ts";
import { type ByteRange, planFile, readRange } from "./csv-split.ts";

/** All that is needed to read any chunk of the file, small enough to travel with each of them. */
export const chunkFormat = z.object({
  encoding: z.enum(["utf-8", "windows-1252"]),
  delimiter: z.enum(delimiters),
  /** Number of columns. */
  width: z.number(),
  detail: z.enum(["full", "sampled"]),
});
export type ChunkFormat = z.infer<typeof chunkFormat>;

export const csvLayout = z.object({
  format: chunkFormat,
  name: z.string(),
  bytes: z.number(),
  header: z.boolean(),
  columns: z.array(z.string()),
  /** Of the lines at and above the header, which belong to no chunk. */
  blankLines: z.number(),
  badQuotes: z.number(),
});
export type CsvLayout = z.infer<typeof csvLayout>;

/** Up to here every distinct value is kept and the report is exact. */
const exactRecords = 100_000;
const exactBytes = 32 * 1024 * 1024;

export interface LayoutOptions extends DialectWishes {
  readonly name: string;
  readonly signal?: AbortSignal;
  readonly chunkBytes?: number;
  readonly exactRecords?: number;
}

export async function layOutFile(
  file: Blob,
  options: LayoutOptions,
): Promise<{ layout: CsvLayout; chunks: readonly ByteRange[] }> {
  const head = new Uint8Array(await file.slice(0, headBytes).arrayBuffer());
  const dialect = detectDialect(head, { name: options.name, size: file.size }, options);
  const plan = await planFile(file, { ...options, ...dialect, fileName: options.name });
  const above = readRecords(await readRange(file, plan.header, plan.encoding), dialect.delimiter);
  const exact = plan.records <= (options.exactRecords ?? exactRecords) && file.size <= exactBytes;
  return {
    layout: {
      format: {
        encoding: plan.encoding,
        delimiter: dialect.delimiter,
        width: dialect.width,
        detail: exact ? "full" : "sampled",
      },
      name: options.name,
      bytes: file.size,
      header: dialect.header,
      columns: columnNames(above.rows[0] ?? null, dialect.width),
      blankLines: above.blankLines,
      badQuotes: above.badQuotes,
    },
    chunks: plan.chunks,
  };
}

/** A function of these bytes alone, so it may be computed again at any time and is always the same. */
export async function sketchRange(file: Blob, range: ByteRange, format: ChunkFormat): Promise<ChunkSketch> {
  const text = await readRange(file, range, format.encoding);
  return sketchRecords(readRecords(text, format.delimiter), format.width, format.detail);
}

export function toFileFacts(layout: CsvLayout, totals: FileTotals): FileFacts {
  return {
    name: layout.name,
    bytes: layout.bytes,
    encoding: layout.format.encoding,
    delimiter: layout.format.delimiter,
    header: layout.header,
    rows: totals.rows,
    shortRows: totals.short,
    longRows: totals.long,
    blankLines: totals.blankLines + layout.blankLines,
    badQuotes: totals.badQuotes + layout.badQuotes,
  };
}
