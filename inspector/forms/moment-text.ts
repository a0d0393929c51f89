/** Dates and times between how they are sent and how the browser's own inputs show them: in the reader's zone. */
import type { TextField } from "./field.ts";

export type MomentInput = "date" | "time" | "datetime-local";

export function inputOf(format: string | undefined): MomentInput {
  return format === "date" || format === "time" ? format : "datetime-local";
}

/** What the input shows; null: the text is not of its form, and can only be shown as text. */
export function toInputValue(format: string | undefined, text: string): string | null {
  if (text === "") return "";
  switch (format) {
    case "date":
      return /^\d{4}-\d\d-\d\d$/.test(text) ? text : null;
    case "time":
      return /^\d\d:\d\d(:\d\d(\.\d{1,3})?)?$/.test(text) ? text : null;
    case "local-date-time":
      return /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?$/.test(text) ? text : null;
    default:
      return toLocal(text);
  }
}

/** As it is sent: the shortest form that the field takes. */
export function fromInputValue({ format, pattern }: TextField, value: string): string {
  if (value === "" || format === "date") return value;
  const forms =
    format === "time" || format === "local-date-time" ? [value, `${value}:00`, value.slice(0, -3)] : momentForms(value);
  return forms.find((form) => takes(pattern, form)) ?? forms[0] ?? value;
}

function momentForms(value: string): readonly string[] {
  const date = new Date(value);
  if (Number.isNaN(date.getTime())) return [value];
  const whole = date.toISOString();
  const short = whole.replace(".000Z", "Z");
  return [short, whole, whole.replace(/:\d\d\.\d{3}Z$/, "Z"), whole.replace(/\.\d{3}Z$/, "Z")];
}

function takes(pattern: string | undefined, text: string): boolean {
  try {
    return pattern === undefined || new RegExp(pattern, "u").test(text);
  } catch {
    return true;
  }
}

function toLocal(text: string): string | null {
  const date = new Date(text);
  const year = date.getFullYear();
  if (Number.isNaN(date.getTime()) || year < 1 || year > 9999) return null;
  const two = (part: number): string => String(part).padStart(2, "0");
  const day = `${String(year).padStart(4, "0")}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const seconds = `:${two(date.getSeconds())}`;
  const milliseconds = date.getMilliseconds() === 0 ? "" : `.${String(date.getMilliseconds()).padStart(3, "0")}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}${seconds}${milliseconds}`;
}

export function timeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
