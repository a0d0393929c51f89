/** Texts of a known form: what is wrong with one, and the form of a pattern that has no name. */
import type { TextField } from "./field.ts";

/** Inputs of their own, and what they call themselves where something is wrong. */
const WORDS: { readonly [format: string]: string } = {
  email: "an e-mail address, as name@example.com",
  "idn-email": "an e-mail address, as name@example.com",
  uri: "an address, as https://example.com",
  url: "an address, as https://example.com",
  uuid: "a UUID, as 123e4567-e89b-42d3-a456-426614174000",
  date: "a date, as 2026-01-31",
  time: "a time, as 14:30",
  "date-time": "a date and a time",
  "local-date-time": "a date and a time",
  ipv4: "an IPv4 address, as 192.0.2.1",
  ipv6: "an IPv6 address, as 2001:db8::1",
};

export const isMoment = (format: string | undefined): boolean =>
  format === "date" || format === "time" || format === "date-time" || format === "local-date-time";

/** What is wrong with a text; null: nothing. The engine has the last word, so what may be right passes. */
export function checkText(field: TextField, text: string): string | null {
  const problem = problemOf(field, text);
  return problem !== null && text === "" ? "This is needed." : problem;
}

function problemOf({ minLength = 0, maxLength = Infinity, format, pattern }: TextField, text: string): string | null {
  // Validators count either UTF-16 units or characters.
  if (text.length < minLength) return `At least ${minLength} characters needed.`;
  if (Array.from(text).length > maxLength) return `At most ${maxLength} characters allowed.`;
  const word = format === undefined ? undefined : WORDS[format];
  if (pattern !== undefined && !mayMatch(pattern, text))
    return word === undefined ? `This must match the pattern ${pattern}.` : `This must be ${word}.`;
  return pattern === undefined && word !== undefined && !isOfFormat(format, text) ? `This must be ${word}.` : null;
}

/** A pattern in a schema has lost its flags, and one that this browser cannot read is the engine's to check. */
function mayMatch(pattern: string, text: string): boolean {
  try {
    return new RegExp(pattern, "ius").test(text);
  } catch {
    return true;
  }
}

function isOfFormat(format: string | undefined, text: string): boolean {
  switch (format) {
    case "email":
      return /^[^\s@]+@[^\s@]+$/.test(text);
    case "uri":
    case "url":
      return URL.canParse(text);
    case "uuid":
      return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
    case "date":
      return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));
    case "time":
      return /^\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?$/i.test(text);
    case "date-time":
    case "local-date-time":
      return !Number.isNaN(Date.parse(text));
    default:
      return true;
  }
}

/** Validators write times, and times of no zone, as a pattern without a name: it tells itself by what it takes. */
export function formatOfPattern(pattern: string | undefined): string | null {
  if (pattern === undefined) return null;
  try {
    const takes = (text: string): boolean => new RegExp(pattern, "u").test(text);
    if (takes("any") || takes("") || takes("0")) return null;
    if (takes("2024-02-29T23:59:59") && !takes("2023-02-29T23:59:59")) return "local-date-time";
    if (takes("2024-02-29") && !takes("2023-02-29")) return "date";
    return (takes("23:59") || takes("23:59:59")) && !takes("24:61") && !takes("24:61:61") ? "time" : null;
  } catch {
    return null;
  }
}
