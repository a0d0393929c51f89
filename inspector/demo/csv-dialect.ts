/**
 * What can be known from the first bytes of a file: whether it is CSV at all, what separates its cells, and whether
 * its first record names the columns.
 */
import { isNull, kindOf } from "./csv-cells.ts";
import { NotCsvError, type NotCsvReason } from "./csv-errors.ts";
import { readRecords } from "./csv-read.ts";

export const delimiters = [",", ";", "\t", "|"] as const;
export type Delimiter = (typeof delimiters)[number];

export interface Dialect {
  readonly delimiter: Delimiter;
  readonly header: boolean;
  /** Cells in a record: those of the header, or of most records when there is none. */
  readonly width: number;
  /** Bytes to skip at the start of the file: a byte order mark, or nothing. */
  readonly skip: number;
}

/** What the person knows better than the file tells. */
export interface DialectWishes {
  readonly delimiter?: Delimiter | undefined;
  readonly header?: boolean | undefined;
}

/** Enough to see a few hundred records of any sensible file. */
export const headBytes = 64 * 1024;
const sampleRecords = 200;

export function detectDialect(
  head: Uint8Array,
  file: { readonly name: string; readonly size: number },
  wishes: DialectWishes = {},
): Dialect {
  refuseOtherFormats(head, file.name);
  const skip = hasBytes(head, [0xef, 0xbb, 0xbf]) ? 3 : 0;
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(head.subarray(skip));
  if (text.trim() === "") throw new NotCsvError("empty", file.name, "it has no content.");
  const whole = file.size <= head.length;
  const delimiter = wishes.delimiter ?? detectDelimiter(text, whole);
  const rows = sampleRows(text, delimiter, whole);
  const header = wishes.header ?? detectHeader(rows);
  return { delimiter, header, skip, width: header ? (rows[0]?.length ?? 1) : usualWidth(rows).width };
}

const signatures: readonly { readonly bytes: readonly number[]; readonly what: string; readonly hint?: string }[] = [
  { bytes: [0x89, 0x50, 0x4e, 0x47], what: "a PNG image" },
  { bytes: [0xff, 0xd8, 0xff], what: "a JPEG image" },
  { bytes: [0x47, 0x49, 0x46, 0x38], what: "a GIF image" },
  { bytes: [0x25, 0x50, 0x44, 0x46], what: "a PDF document" },
  {
    bytes: [0x50, 0x4b, 0x03, 0x04],
    what: "a ZIP archive or an Excel workbook",
    hint: "Unpack it, or save the sheet as CSV.",
  },
  { bytes: [0x1f, 0x8b], what: "gzip-compressed", hint: "Unpack it first." },
  { bytes: [0x50, 0x41, 0x52, 0x31], what: "a Parquet file" },
  { bytes: [0xd0, 0xcf, 0x11, 0xe0], what: "an old Office document", hint: "Save the sheet as CSV." },
];

function refuseOtherFormats(head: Uint8Array, name: string): void {
  const refuse = (reason: NotCsvReason, explanation: string): never => {
    throw new NotCsvError(reason, name, explanation);
  };
  if (head.length === 0) refuse("empty", "the file is empty.");
  for (const { bytes, what, hint } of signatures) {
    if (hasBytes(head, bytes)) refuse("binary", `its content is ${what}, whatever its name says. ${hint ?? ""}`.trim());
  }
  if (hasBytes(head, [0xff, 0xfe]) || hasBytes(head, [0xfe, 0xff])) {
    refuse("encoding", "it is encoded as UTF-16. Save it as UTF-8 and drop it again.");
  }
  if (head.includes(0)) refuse("binary", "it contains zero bytes, so it is binary data and not text.");
  const start = new TextDecoder().decode(head.subarray(0, 256)).trimStart();
  if (/^[[{]\s*["[{]/.test(start)) refuse("other-format", "it looks like JSON, not CSV.");
  if (/^<(?:!doctype|html|\?xml|svg)/i.test(start)) refuse("other-format", "it looks like a web page or XML, not CSV.");
}

function hasBytes(head: Uint8Array, bytes: readonly number[]): boolean {
  return bytes.every((byte, index) => head[index] === byte);
}

/** Without the last record of a head that was cut from a longer file: it may be half a record. */
function sampleRows(text: string, delimiter: Delimiter, whole: boolean): readonly (readonly string[])[] {
  const { rows } = readRecords(text, delimiter, sampleRecords);
  return whole || rows.length >= sampleRecords || rows.length < 2 ? rows : rows.slice(0, -1);
}

function usualWidth(rows: readonly (readonly string[])[]): { width: number; share: number } {
  const counts = new Map<number, number>();
  for (const row of rows) counts.set(row.length, (counts.get(row.length) ?? 0) + 1);
  let width = 1;
  let most = 0;
  for (const [candidate, count] of counts) {
    if (count > most || (count === most && candidate > width)) [width, most] = [candidate, count];
  }
  return { width, share: most / Math.max(1, rows.length) };
}

/**
 * The delimiter that cuts nearly all records into equally many cells. A tab or a semicolon that does so is no accident,
 * while commas also come as decimal marks and in prose; so commas are asked after them and bars last.
 */
function detectDelimiter(text: string, whole: boolean): Delimiter {
  let best: { delimiter: Delimiter; share: number } = { delimiter: ",", share: 0 };
  for (const delimiter of ["\t", ";", ",", "|"] as const) {
    const { width, share } = usualWidth(sampleRows(text, delimiter, whole));
    if (width < 2) continue;
    if (share >= 0.95) return delimiter;
    if (share > best.share) best = { delimiter, share };
  }
  return best.delimiter;
}

/**
 * The first record is a header unless it looks like data: words over columns of numbers or dates speak for a header,
 * numbers or dates in it against one. Where nothing speaks either way it is taken for a header, as most files have one.
 */
function detectHeader(rows: readonly (readonly string[])[]): boolean {
  const [first = [], ...rest] = rows;
  let against = false;
  for (const [index, cell] of first.entries()) {
    if (isNull(cell)) continue;
    if (kindOf(cell) !== "text") {
      against = true;
      continue;
    }
    const below = rest.map((row) => row[index] ?? "").filter((value) => !isNull(value));
    const measured = below.filter((value) => kindOf(value) !== "text").length;
    if (below.length > 0 && measured > below.length / 2) return true;
  }
  return !against;
}

/** Column names that are never empty and never the same twice, because people and answers refer to columns by name. */
export function columnNames(header: readonly string[] | null, width: number): string[] {
  const taken = new Set<string>();
  return Array.from({ length: width }, (_, index) => {
    const wanted = (header?.[index] ?? "").trim().replace(/\s+/g, " ").slice(0, 80) || `column ${index + 1}`;
    let name = wanted;
    for (let copy = 2; taken.has(name); copy++) name = `${wanted} (${copy})`;
    taken.add(name);
    return name;
  });
}
