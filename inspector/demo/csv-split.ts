/**
 * Cuts a CSV file into byte ranges of whole records without keeping any of it in memory.
 *
 * A record may span lines, so the cut needs to know about quotes, and it must see them exactly as the parser of the
 * single pieces will: a quote opens a cell only as its first character; within, a doubled quote is a quote, and a quote
 * followed by nothing but white space up to the next delimiter or line end closes it; any other quote is content.
 */
import { NotCsvError } from "./csv-errors.ts";
import type { Delimiter } from "./csv-dialect.ts";

export type Encoding = "utf-8" | "windows-1252";

export interface ByteRange {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

export interface FilePlan {
  readonly encoding: Encoding;
  /** The first record and the blank lines above it, or an empty range when the file has no header. */
  readonly header: ByteRange;
  /** Never empty, so that a file without rows has a report too. */
  readonly chunks: readonly ByteRange[];
  /** Lines that are no header, blank ones included. */
  readonly records: number;
}

export interface PlanOptions {
  readonly delimiter: Delimiter;
  readonly header: boolean;
  readonly skip: number;
  readonly fileName: string;
  readonly signal?: AbortSignal;
  /** Bytes in a chunk, at least; chosen from the size of the file unless given. */
  readonly chunkBytes?: number;
}

const blockBytes = 1024 * 1024;
const longestRecord = 32 * 1024 * 1024;

/** Small files still give enough chunks to watch; large ones so few that their history stays small. */
function chunkBytesFor(fileBytes: number): number {
  const chunks = Math.min(400, Math.max(72, Math.ceil(fileBytes / (256 * 1024))));
  return Math.max(512, Math.ceil(fileBytes / chunks));
}

export async function planFile(file: Blob, options: PlanOptions): Promise<FilePlan> {
  try {
    return await planAs("utf-8", file, options);
  } catch (error) {
    // A fatal decoder throws a TypeError for bytes that are no UTF-8. Every byte is a character of windows-1252.
    if (error instanceof TypeError) return await planAs("windows-1252", file, options);
    throw error;
  }
}

async function planAs(encoding: Encoding, file: Blob, options: PlanOptions): Promise<FilePlan> {
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  const scanner = createRecordScanner(options.delimiter, encoding, options.skip);
  const cutter = createCutter(options, options.chunkBytes ?? chunkBytesFor(file.size - options.skip));
  for (let at = options.skip; at < file.size; at += blockBytes) {
    options.signal?.throwIfAborted();
    const bytes = await file.slice(at, at + blockBytes).arrayBuffer();
    const text = decoder.decode(bytes, { stream: true });
    if (text.includes("\0")) {
      throw new NotCsvError("binary", options.fileName, "it contains zero bytes, so it is binary data and not text.");
    }
    scanner.push(text, cutter.recordEnds);
    refuseEndlessRecord(scanner.recordStart(), at, options.fileName);
  }
  decoder.decode();
  scanner.end(cutter.recordEnds);
  return { encoding, ...cutter.finish(file.size) };
}

/** A record is read as a whole, so one without an end would fill the memory. */
function refuseEndlessRecord(start: number, at: number, fileName: string): void {
  if (at - start <= longestRecord) return;
  const where = `the record at byte ${start.toLocaleString("en")} has no end within ${longestRecord >> 20} MB`;
  throw new NotCsvError("other-format", fileName, `${where}. Probably a quote in it is never closed.`);
}

interface Cutter {
  readonly recordEnds: RecordEnds;
  finish(end: number): Pick<FilePlan, "header" | "chunks" | "records">;
}

function createCutter(options: PlanOptions, chunkBytes: number): Cutter {
  let header: ByteRange | null = options.header ? null : { start: options.skip, end: options.skip };
  let start = options.skip;
  let records = 0;
  const chunks: ByteRange[] = [];
  return {
    recordEnds: (end, blank) => {
      if (header === null) {
        if (blank) return;
        header = { start, end };
        start = end;
        return;
      }
      records += 1;
      if (end - start < chunkBytes) return;
      chunks.push({ start, end });
      start = end;
    },
    finish(end) {
      if (start < end || chunks.length === 0) chunks.push({ start, end });
      return { header: header ?? { start, end: start }, chunks, records };
    },
  };
}

// Where the scanner stands: at the first character of a cell, inside one, inside a quoted one, just after a quote
// in a quoted one, in the white space after such a quote.
const cellStart = 0;
const plain = 1;
const quoted = 2;
const afterQuote = 3;
const afterQuoteSpace = 4;

const lineFeed = 10;
const carriageReturn = 13;
const quote = 34;

/** Called with the byte after each record, and whether the record has no content, like a blank line or `""`. */
type RecordEnds = (end: number, blank: boolean) => void;

/** What it calls a record is what the parser calls one, for any text in any pieces. */
function createRecordScanner(delimiter: Delimiter, encoding: Encoding, offset: number) {
  const delimiterCode = delimiter.charCodeAt(0);
  const oneByte = encoding === "windows-1252";
  let state = cellStart;
  let at = offset;
  let recordStart = offset;
  let blank = true;
  /** A carriage return ended the record; a line feed right after it still belongs to that ending. */
  let afterReturn = false;

  function closeRecord(recordEnds: RecordEnds): void {
    recordEnds(at, blank);
    recordStart = at;
    blank = true;
    state = cellStart;
    afterReturn = false;
  }

  /** Where a character other than a line end leads, and whether it is content. */
  function take(code: number): void {
    if (code === quote) {
      if (state === cellStart) state = quoted;
      else if (state === quoted) state = afterQuote;
      else {
        blank = false;
        if (state !== plain) state = state === afterQuote ? quoted : afterQuote;
      }
      return;
    }
    if ((state === afterQuote || state === afterQuoteSpace) && code !== delimiterCode) {
      if (isSpace(code)) {
        state = afterQuoteSpace;
        return;
      }
      state = quoted;
    }
    blank = false;
    if (state !== quoted) state = code === delimiterCode ? cellStart : plain;
  }

  return {
    recordStart: () => recordStart,
    push(text: string, recordEnds: RecordEnds): void {
      for (let index = 0; index < text.length; index++) {
        const code = text.charCodeAt(index);
        if (afterReturn) {
          if (code === lineFeed) at += 1;
          closeRecord(recordEnds);
          if (code === lineFeed) continue;
        }
        if ((code === lineFeed || code === carriageReturn) && state !== quoted) {
          at += 1;
          if (code === carriageReturn) afterReturn = true;
          else closeRecord(recordEnds);
          continue;
        }
        at += code < 0x80 || oneByte ? 1 : utf8Length(code);
        take(code);
      }
    },
    end(recordEnds: RecordEnds): void {
      // At the end of the file only a quote that is its last character closes; white space after one is content.
      if (state === afterQuoteSpace) blank = false;
      if (afterReturn || at > recordStart) closeRecord(recordEnds);
    },
  };
}

/** Of a character that is not ASCII. */
function utf8Length(code: number): number {
  if (code < 0x800) return 2;
  // Half of a surrogate pair, which is four bytes together.
  return code >= 0xd800 && code <= 0xdfff ? 2 : 3;
}

function isSpace(code: number): boolean {
  if (code <= 0x7f) return code === 32 || code === 9 || code === 11 || code === 12;
  return String.fromCharCode(code).trim() === "";
}

/** The text of one range, as the parser needs it. */
export async function readRange(file: Blob, range: ByteRange, encoding: Encoding): Promise<string> {
  const bytes = await file.slice(range.start, range.end).arrayBuffer();
  return new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes);
}
