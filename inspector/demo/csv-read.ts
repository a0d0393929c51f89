import Papa from "papaparse";

/** Rows of a piece of CSV text that starts and ends at record boundaries. */
export interface CsvRecords {
  readonly rows: readonly (readonly string[])[];
  /** Lines with nothing on them. They are no rows, not even in a file of one column. */
  readonly blankLines: number;
  /** Quotes that never close or close in the middle of a cell. */
  readonly badQuotes: number;
}

const byteOrderMark = "\uFEFF";

/**
 * Carriage returns end a line like line feeds do, alone or before one, so files from any system and files pasted
 * together from several read the same; within a quoted cell they become line feeds.
 */
export function readRecords(text: string, delimiter: string, preview = 0): CsvRecords {
  const lines = text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
  // The parser drops a leading byte order mark; here it is the caller's, or a cell's own first character.
  const input = lines.startsWith(byteOrderMark) ? byteOrderMark + lines : lines;
  const parsed = Papa.parse<string[]>(input, { delimiter, newline: "\n", quoteChar: '"', preview });
  const rows = parsed.data.filter((row) => !isBlank(row));
  // Text that ends with a line break gives the parser one more, empty, line.
  const ghost = parsed.data.length > 0 && input.endsWith("\n") && isBlank(parsed.data.at(-1)) ? 1 : 0;
  return {
    rows,
    blankLines: Math.max(0, parsed.data.length - rows.length - ghost),
    badQuotes: parsed.errors.filter((error) => error.type === "Quotes").length,
  };
}

function isBlank(row: readonly string[] | undefined): boolean {
  return row !== undefined && row.length === 1 && row[0] === "";
}
