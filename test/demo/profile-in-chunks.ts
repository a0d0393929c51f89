import { findColumns } from "../../inspector/demo/csv-findings.ts";
import { type LayoutOptions, layOutFile, sketchRange, toFileFacts } from "../../inspector/demo/csv-layout.ts";
import { createMerger } from "../../inspector/demo/csv-merge.ts";
import { buildReport, type CsvReport, type Decisions } from "../../inspector/demo/csv-report.ts";

export interface ChunkedOptions extends Partial<LayoutOptions> {
  readonly decisions?: Decisions;
}

/** The workflow's own pieces, put together without the engine; sketches pass through JSON as they do in storage. */
export async function profileInChunks(file: Blob, options: ChunkedOptions = {}) {
  const { layout, chunks } = await layOutFile(file, { name: "file.csv", ...options });
  const merger = createMerger(layout.format.width);
  for (const chunk of chunks) {
    merger.add(JSON.parse(JSON.stringify(await sketchRange(file, chunk, layout.format))));
  }
  const totals = merger.totals();
  const findings = findColumns(layout.columns, totals);
  const report: CsvReport = buildReport(
    toFileFacts(layout, totals),
    findings,
    new Map(Object.entries(options.decisions ?? {})),
  );
  return { report, findings, chunks, layout };
}
