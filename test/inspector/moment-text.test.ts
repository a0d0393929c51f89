import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import type { TextField } from "../../inspector/forms/field.ts";
import { fromInputValue, toInputValue } from "../../inspector/forms/moment-text.ts";
import { fieldOf } from "./fixtures/form.ts";

const text = (schema: z.ZodType) => fieldOf(schema) as TextField;

test("a moment goes to the input and back as the same moment", () => {
  fc.assert(
    fc.property(fc.date({ min: new Date("1971-01-01"), max: new Date("2999-12-31"), noInvalidDate: true }), (date) => {
      const shown = toInputValue("date-time", date.toISOString()) ?? "";
      expect(new Date(shown).getTime()).toBe(date.getTime());
      expect(new Date(fromInputValue(text(z.iso.datetime()), shown)).getTime()).toBe(date.getTime());
    }),
  );
});

test.each([
  ["any precision", z.iso.datetime()],
  ["whole seconds", z.iso.datetime({ precision: 0 })],
  ["milliseconds", z.iso.datetime({ precision: 3 })],
  ["minutes", z.iso.datetime({ precision: -1 })],
  ["with an offset", z.iso.datetime({ offset: true })],
  ["of no zone", z.iso.datetime({ local: true })],
] as const)("what is picked is sent as the schema takes it: %s", (_name, schema) => {
  const sent = fromInputValue(text(schema), "2026-01-31T10:20");
  expect(schema.safeParse(sent).error).toBeUndefined();
});

test("times and days stay as they are", () => {
  expect(fromInputValue(text(z.iso.time()), "10:20")).toBe("10:20");
  expect(fromInputValue(text(z.iso.time({ precision: 0 })), "10:20")).toBe("10:20:00");
  expect(fromInputValue(text(z.iso.date()), "2026-01-31")).toBe("2026-01-31");
  expect(toInputValue("date", "2026-01-31")).toBe("2026-01-31");
});

test("what the input cannot show is left as text", () => {
  expect(toInputValue("date-time", "soon")).toBeNull();
  expect(toInputValue("time", "10:20:00.123456")).toBeNull();
  expect(toInputValue("date", "")).toBe("");
});
