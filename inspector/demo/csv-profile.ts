/**
 * Profiles a CSV file of any size: cuts it into chunks, profiles them side by side, puts the parts together in order,
 * asks a person about columns that could be one thing or another, and ends with a report.
 *
 *   CsvFile ─► split ─ Chunk ─► profile ─ Part ─► merge ─ Findings ─► report ─► Report
 *                                                   └ Conflict ─► ask ─ Decision ─┘
 *                                                      Question ◄─┘ └◄ Answer
 *
 * The file and the sketches of its chunks stay in the file store. Every step can run again at any time with the same
 * outcome: what a chunk is profiled to depends on its bytes alone, and parts are put together in chunk order.
 */
import {
  constantDelay,
  defineEvent,
  defineWorkflow,
  humanResponseEvent,
  inputRequiredEvent,
  startEvent,
  stopEvent,
} from "tickwork";
import { z } from "zod";
import { delimiters } from "./csv-dialect.ts";
import { findColumns } from "./csv-findings.ts";
import { chunkFormat, csvLayout, layOutFile, sketchRange, toFileFacts } from "./csv-layout.ts";
import { createMerger } from "./csv-merge.ts";
import { buildReport, columnFinding, csvReport, fileFacts, type KindCount, treatments } from "./csv-report.ts";
import type { ChunkSketch } from "./csv-sketch.ts";
import { delay } from "./delay.ts";
import { deleteDerived, getDerived, getFile, putDerived } from "./files.ts";

const chunk = z.object({
  index: z.number(),
  /** How many chunks the file has. */
  of: z.number(),
  start: z.number(),
  end: z.number(),
  fileId: z.string(),
  format: chunkFormat,
  paceMs: z.number(),
});
type Chunk = z.infer<typeof chunk>;

const kindCounts = columnFinding.shape.conflict.unwrap();

export const CsvFile = startEvent(
  "CsvFile",
  z.object({
    fileId: z.string().describe("Id of a stored file"),
    delimiter: z.enum(delimiters).optional().describe("What separates cells; found out unless given"),
    header: z.boolean().optional().describe("Whether the first record names the columns; found out unless given"),
    paceMs: z.number().min(0).max(60_000).default(0).describe("Milliseconds each chunk takes at least, to watch it"),
  }),
);
const Chunk = defineEvent("Chunk", chunk);
const Part = defineEvent("Part", z.object({ rows: z.number(), nulls: z.number(), irregularRows: z.number(), chunk }));
const Findings = defineEvent(
  "Findings",
  z.object({ fileId: z.string(), file: fileFacts, columns: z.array(columnFinding), conflicts: z.number() }),
);
const Conflict = defineEvent("Conflict", z.object({ column: z.string(), kinds: kindCounts, of: z.number() }));
const Question = inputRequiredEvent("Question", z.object({ question: z.string() }));
const answer = z.object({
  column: z.string().meta({ title: "Column", description: "The column that was asked about" }),
  treatAs: z.enum(treatments).meta({ title: "Read its cells as" }),
});
export const Answer = humanResponseEvent("Answer", answer);
const Decision = defineEvent("Decision", answer.extend({ of: z.number() }));
const Report = stopEvent("Report", csvReport);

export const csvProfile = defineWorkflow("csv-profile", {
  description: "Profile the columns of a CSV file",
  // A person may take days to answer.
  timeout: null,
  state: z.object({ layout: csvLayout.nullable().default(null) }),
})
  .step(
    "split",
    { accepts: CsvFile, emits: Chunk, numWorkers: 1, description: "Cut the file into chunks of whole records" },
    async (event, ctx) => {
      const { fileId, paceMs, delimiter, header } = event.data;
      const { blob, name } = await getFile(fileId);
      const { layout, chunks } = await layOutFile(blob, { name, delimiter, header, signal: ctx.signal });
      await ctx.store.set("layout", layout);
      ctx.log(`${name}: ${layout.columns.length} columns, ${chunks.length} chunks`);
      for (const [index, range] of chunks.entries()) {
        ctx.sendEvent(Chunk({ index, of: chunks.length, ...range, fileId, format: layout.format, paceMs }));
      }
    },
  )
  .step(
    "profile",
    {
      accepts: Chunk,
      emits: Part,
      numWorkers: 8,
      retryPolicy: constantDelay({ maximumAttempts: 3, delay: 1_000 }),
      description: "Sketch every column of one chunk",
    },
    async (event, ctx) => {
      const paced = delay(event.data.paceMs, ctx.signal);
      const [sketch] = await Promise.all([sketchChunk(event.data), paced]);
      // Only kept to spare the merge the work: should there be no room for it, it is made again then.
      await putDerived(event.data.fileId, sketchName(event.data), sketch).catch((error: unknown) => {
        ctx.log(`The sketch of chunk ${event.data.index} could not be kept: ${String(error)}`);
      });
      return Part({
        rows: sketch.rows,
        nulls: sketch.columns.reduce((sum, column) => sum + column.nulls, 0),
        irregularRows: sketch.short + sketch.long,
        chunk: event.data,
      });
    },
  )
  .step(
    "merge",
    {
      accepts: Part,
      emits: [Findings, Conflict],
      numWorkers: 1,
      description: "Put the parts together in chunk order and find each column's type",
    },
    async (event, ctx) => {
      const { of, fileId } = event.data.chunk;
      const parts = ctx.collectEvents(
        event,
        Array.from({ length: of }, () => Part),
      );
      if (!parts) return;
      const layout = await ctx.store.get("layout");
      if (!layout) throw new Error("The file was not laid out before its chunks were profiled.");
      const merger = createMerger(layout.columns.length);
      const chunks = parts.map((part) => part.data.chunk).toSorted((a, b) => a.index - b.index);
      for (const [index, each] of chunks.entries()) {
        if (each.index !== index) throw new Error(`Chunk ${index} of ${of} is missing or came twice.`);
        ctx.signal.throwIfAborted();
        merger.add(await loadSketch(each));
      }
      const totals = merger.totals();
      const columns = findColumns(layout.columns, totals);
      const conflicts = columns.flatMap(({ name, conflict }) => (conflict ? [{ column: name, kinds: conflict }] : []));
      ctx.sendEvent(Findings({ fileId, file: toFileFacts(layout, totals), columns, conflicts: conflicts.length }));
      for (const conflict of conflicts) ctx.sendEvent(Conflict({ ...conflict, of: conflicts.length }));
    },
  )
  .step(
    "ask",
    {
      accepts: Conflict,
      emits: [Question, Decision],
      waitsFor: Answer,
      description: "Ask a person what a column of mixed types is meant to be",
    },
    async (event, ctx) => {
      const { column, kinds, of } = event.data;
      const { data } = await ctx.waitForEvent(Answer, {
        waiterEvent: Question({ question: questionAbout(column, kinds) }),
        waiterId: column,
        requirements: { column },
        timeout: null,
      });
      return Decision({ ...data, of });
    },
  )
  .step(
    "report",
    { accepts: [Findings, Decision], emits: Report, numWorkers: 1, description: "Settle every column's type" },
    async (event, ctx) => {
      const count = Findings.is(event) ? event.data.conflicts : event.data.of;
      const expected = [Findings, ...Array.from({ length: count }, () => Decision)];
      const all = ctx.collectEvents(event, expected, { bufferId: "report" });
      if (!all) return;
      const findings = all.find((each) => Findings.is(each));
      if (!findings) return;
      const decisions = all.filter((each) => Decision.is(each));
      await deleteDerived(findings.data.fileId);
      return Report(
        buildReport(
          findings.data.file,
          findings.data.columns,
          new Map(decisions.map(({ data }) => [data.column, data.treatAs])),
        ),
      );
    },
  );

async function sketchChunk(data: Chunk): Promise<ChunkSketch> {
  const { blob } = await getFile(data.fileId);
  return await sketchRange(blob, data, data.format);
}

function sketchName({ start, end, format }: Chunk): string {
  return `sketch 1: ${start}-${end} ${format.width} ${format.delimiter} ${format.encoding} ${format.detail}`;
}

/** The sketch that the profile step stored, or, should the browser have lost it, the same one made again. */
async function loadSketch(data: Chunk): Promise<ChunkSketch> {
  const stored = await getDerived(data.fileId, sketchName(data));
  return stored === undefined ? await sketchChunk(data) : (stored as ChunkSketch);
}

function questionAbout(column: string, kinds: readonly KindCount[]): string {
  const parts = kinds.map(({ kind, count, examples }) => {
    const shown = examples.map((example) => `“${example}”`).join(", ");
    return `${count.toLocaleString("en")} ${count === 1 ? "cell looks" : "cells look"} like ${kindWords[kind]} (${shown})`;
  });
  return `What is the column “${column}”? ${parts.join("; ")}.`;
}

const kindWords = { number: "a number", date: "a date", boolean: "true or false", text: "text" } as const;
