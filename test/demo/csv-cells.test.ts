import { expect, test } from "vitest";
import { cellLabel, isNull, kindOf, readAs } from "../../inspector/demo/csv-cells.ts";

test.each([
  ["1", "number"],
  [" -2.5e3 ", "number"],
  [".5", "number"],
  ["0.25", "number"],
  ["00501", "text"],
  ["-07", "text"],
  ["1e999", "text"],
  ["1,234", "text"],
  ["0x10", "text"],
  ["2024-02-29", "date"],
  ["2023-02-29", "text"],
  ["2024/1/5 09:30", "date"],
  ["2024-01-05T09:30:00.250+02:00", "date"],
  ["Jan 5, 2024", "date"],
  ["5 January 2024", "date"],
  ["5 Janvember 2024", "text"],
  ["31.12.1999", "date"],
  ["3/4/2021", "text"],
  ["TRUE", "boolean"],
  ["false", "boolean"],
  ["yes", "text"],
  ["Infinity", "text"],
])("%j is a %s", (cell, kind) => {
  expect(kindOf(cell)).toBe(kind);
});

test.each(["", "  ", " ".repeat(20), "NA", "n/a", "#N/A", "null", "NaN", "\\N"])("%j is null", (cell) => {
  expect(isNull(cell)).toBe(true);
});

test("a decided type is read generously", () => {
  expect(readAs("number", "00501")).toBe(501);
  expect(readAs("number", "-1,234,567.5")).toBe(-1_234_567.5);
  expect(readAs("number", "1,23")).toBeNull();
  expect(readAs("date", "1999")).toBe(Date.UTC(1999, 0));
  expect(readAs("boolean", "Yes")).toBe(1);
  expect(readAs("number", "free")).toBeNull();
  expect(Object.is(readAs("number", "-0"), 0)).toBe(true);
});

test("times keep their zone and their thousandths", () => {
  expect(readAs("date", "2024-01-05T09:30:00.25+02:00")).toBe(Date.UTC(2024, 0, 5, 7, 30, 0, 250));
});

test("long cells are cut and still told apart", () => {
  const [one, other] = [`${"x".repeat(5_000)}1`, `${"x".repeat(5_000)}2`];
  expect(cellLabel(one).length).toBeLessThan(130);
  expect(cellLabel(one)).not.toBe(cellLabel(other));
});
