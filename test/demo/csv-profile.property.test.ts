import fc from "fast-check";
import { expect, test } from "vitest";
import { profileCsv } from "../../inspector/demo/csv-direct.ts";
import { NotCsvError } from "../../inspector/demo/csv-errors.ts";
import { profileInChunks } from "./profile-in-chunks.ts";

const anyLineEnd = fc.constantFrom("\n", "\r\n", "\r");
const anyDelimiter = fc.constantFrom(",", ";", "\t", "|");
const anyHeader = fc.constantFrom(undefined, true, false);

const cell = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: -50, max: 50 }).map(String) },
  { weight: 2, arbitrary: fc.double({ noNaN: true }).map(String) },
  { weight: 3, arbitrary: fc.constantFrom("", "NA", "null", "NaN", "n/a", " ", "N/A ") },
  { weight: 2, arbitrary: fc.constantFrom("2020-01-31", "1 Feb 2021", "31.12.1999", "2020-01-01T10:00:00Z", "1999") },
  {
    weight: 2,
    arbitrary: fc.constantFrom("true", "FALSE", "yes", "00501", "1,234", "1e5", "-0", " padded ", "é—😀", "\uFEFFx"),
  },
  { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 12 }) },
  { weight: 1, arbitrary: fc.constantFrom('say "hi"', "two\nlines", "cr\r\nlf", "a,b;c\td|e", '"', "x".repeat(300)) },
);

/** Cells quoted where they must be, and sometimes where they need not be. */
const table = fc
  .record({
    delimiter: anyDelimiter,
    lineEnd: anyLineEnd,
    bom: fc.boolean(),
    endsWithLine: fc.boolean(),
    rows: fc.array(fc.array(fc.tuple(cell, fc.boolean()), { minLength: 1, maxLength: 5 }), {
      minLength: 1,
      maxLength: 40,
    }),
    blankAfter: fc.array(fc.nat(40), { maxLength: 3 }),
  })
  .map(({ delimiter, lineEnd, bom, endsWithLine, rows, blankAfter }) => {
    const lines = rows.flatMap((row, index) => {
      const line = row
        .map(([value, quoted]) => (quoted || /[",;\t|\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value))
        .join(delimiter);
      return blankAfter.includes(index) ? [line, ""] : [line];
    });
    return (bom ? "\uFEFF" : "") + lines.join(lineEnd) + (endsWithLine ? lineEnd : "");
  });

/** Text that nobody meant as CSV, made of what a CSV reader stumbles over. */
const rubble = fc
  .array(fc.constantFrom('"', '""', ",", ";", "\t", "\n", "\r", "\r\n", " ", "\u00A0", "a", "1", "é", "😀", "\uFEFF"), {
    minLength: 1,
    maxLength: 60,
  })
  .map((pieces) => pieces.join(""));

/** As it would come back from a file: lone surrogates do not survive there. */
function throughFile(text: string): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(new TextEncoder().encode(text));
}

test.each([
  ["well-formed", table, 400],
  ["malformed", rubble, 1500],
])("%s text profiled in chunks equals the profile of the whole", { timeout: 60_000 }, async (_, texts, numRuns) => {
  const property = fc.asyncProperty(
    texts.map(throughFile).filter((text) => !text.includes("\0")),
    fc.integer({ min: 1, max: 60 }),
    fc.option(anyDelimiter, { nil: undefined }),
    anyHeader,
    async (text, chunkBytes, wanted, withHeader) => {
      const wishes = { delimiter: wanted, header: withHeader };
      const whole = outcome(() => profileCsv(text, wishes));
      const chunked = await profileInChunks(new Blob([text]), { ...wishes, chunkBytes }).then(
        ({ report }) => report,
        String,
      );
      expect(chunked).toEqual(whole);
    },
  );
  await fc.assert(property, { numRuns });
});

function outcome<T>(compute: () => T): T | string {
  try {
    return compute();
  } catch (error) {
    if (error instanceof NotCsvError) return String(error);
    throw error;
  }
}
