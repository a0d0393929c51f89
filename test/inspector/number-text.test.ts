import fc from "fast-check";
import { expect, test } from "vitest";
import type { NumberField } from "../../inspector/forms/field.ts";
import { numberLocale, rangeWords, readNumber, toNumberText } from "../../inspector/forms/number-text.ts";

const any: NumberField = { kind: "number", isInteger: false };
const german = numberLocale("de-DE");
const english = numberLocale("en-US");

test.each(["en-US", "de-DE", "fr-FR", "ar-EG", "hi-IN"])("%s: every number is read as it is written", (name) => {
  const locale = numberLocale(name);
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const text = toNumberText(value, locale);
      // In German 1.234 would be ambiguous, and is never written so.
      expect(readNumber(any, text, locale)).toBe(value === 0 ? 0 : value);
    }),
  );
});

test("decimals are written as the reader writes them, or with a point where that is clear", () => {
  expect(readNumber(any, "1,5", german)).toBe(1.5);
  expect(readNumber(any, "1.5", german)).toBe(1.5);
  expect(readNumber(any, "1.234", german)).toMatchObject({ problem: expect.stringContaining("thousands") });
  expect(readNumber(any, "1.234", english)).toBe(1.234);
  expect(readNumber(any, "1,234", english)).toMatchObject({ problem: "This is not a number." });
  expect(readNumber(any, "١٢٫٥", numberLocale("ar-EG"))).toBe(12.5);
});

test("no digit is lost without a word", () => {
  expect(readNumber(any, "9007199254740993", english)).toMatchObject({
    problem: expect.stringContaining("more digits"),
  });
  expect(readNumber(any, "0.12345678901234567890", english)).toMatchObject({ problem: expect.stringContaining("more digits") }); // prettier-ignore
  expect(readNumber(any, "0100.50", english)).toBe(100.5);
  expect(readNumber(any, "1e21", english)).toBe(1e21);
  expect(readNumber(any, "1e999", english)).toEqual({ problem: "This number is too large." });
});

test.each(["", " ", "abc", "1 2", "0x10", "Infinity", "--1", ".", "1e"])("%j is no number", (text) => {
  expect(readNumber(any, text, english)).toEqual({ problem: "This is not a number." });
});

test("bounds and steps are kept, and told in short", () => {
  const field: NumberField = { ...any, minimum: 0, maximum: 10, multipleOf: 0.1 };
  expect(readNumber(field, "0.3", english)).toBe(0.3);
  expect(readNumber(field, "0.35", english)).toEqual({ problem: "A multiple of 0.1." });
  expect(readNumber(field, "11", english)).toEqual({ problem: "At most 10." });
  expect(rangeWords(field)).toBe("0 to 10, in steps of 0.1");
  expect(rangeWords({ ...any, minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER })).toBe("");
});
