/**
 * What one cell of a CSV file is: nothing, a number, a date, a boolean or text.
 *
 * `kindOf` is strict: it names the type a careful reader would give the cell by itself. `readAs` is generous: it says
 * what the cell is worth once somebody has decided how to read its column. "00501" is text for `kindOf`, because
 * writing it as 501 would lose something; it is 501 for `readAs("number", …)`. So is "1,234", which may be two things.
 */

export const cellKinds = ["number", "date", "boolean", "text"] as const;
export type CellKind = (typeof cellKinds)[number];

/** The kinds that have an order and a distance, so that quantiles and histograms mean something. */
export const measuredKinds = ["number", "date", "boolean"] as const;
export type MeasuredKind = (typeof measuredKinds)[number];

const nullWords = new Set(["", "na", "n/a", "#n/a", "null", "nan", "nil", "\\n"]);

/** Cells longer than this are cut, with a fingerprint of the whole, so that a report never carries a novel. */
const longestCell = 120;

const numberPattern = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const groupedPattern = /^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/;
const leadingZeroPattern = /^[+-]?0\d/;
const yearPattern = /^[12]\d{3}$/;
const isoPattern =
  /^(\d{4})([-/])(\d{1,2})\2(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?(?:Z|([+-])(\d{2}):?(\d{2}))?)?$/;
const dayFirstPattern = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/;
const dayMonthPattern = /^(\d{1,2})[ -]([a-z]{3,9})[ -](\d{4})$/i;
const monthDayPattern = /^([a-z]{3,9}) (\d{1,2}),? (\d{4})$/i;
const months = "january february march april may june july august september october november december".split(" ");

const truthWords = new Map([
  ["true", 1],
  ["false", 0],
  ["yes", 1],
  ["no", 0],
  ["y", 1],
  ["n", 0],
  ["t", 1],
  ["f", 0],
  ["1", 1],
  ["0", 0],
]);

/** The cell as the report shows it and as distinct values are counted: itself, or its start and a fingerprint. */
export function cellLabel(raw: string): string {
  if (raw.length <= longestCell) return raw;
  const start = raw.slice(0, 90).replace(/[\uD800-\uDBFF]$/, "");
  return `${start}… (${raw.length} characters, ${hashText(raw).toString(36)})`;
}

export function isNull(label: string): boolean {
  const text = label.trim();
  return text.length <= 4 && nullWords.has(text.toLowerCase());
}

export function kindOf(label: string): CellKind {
  const text = label.trim();
  if (readNumber(text) !== null && !leadingZeroPattern.test(text)) return "number";
  if (readDate(text) !== null) return "date";
  const word = text.length <= 5 ? text.toLowerCase() : "";
  return word === "true" || word === "false" ? "boolean" : "text";
}

/** The cell's place on the scale of that kind (dates: milliseconds since the epoch, UTC), or null if it has none. */
export function readAs(kind: MeasuredKind, label: string): number | null {
  const text = label.trim();
  if (kind === "number") return readNumber(groupedPattern.test(text) ? text.replaceAll(",", "") : text);
  if (kind === "boolean") return text.length <= 5 ? (truthWords.get(text.toLowerCase()) ?? null) : null;
  return yearPattern.test(text) ? Date.UTC(Number(text), 0) : readDate(text);
}

function readNumber(text: string): number | null {
  if (!numberPattern.test(text)) return null;
  const value = Number(text);
  // Infinity is no JSON number, and -0 would come back from JSON as 0.
  return Number.isFinite(value) ? value + 0 : null;
}

/**
 * Only notations with one meaning. "3/4/2021" is March in one country and April in the next: reading it either way
 * would put wrong dates into the report without a word, so it stays text.
 */
function readDate(text: string): number | null {
  if (text.length < 8 || text.length > 35) return null;
  const iso = isoPattern.exec(text);
  if (iso) return readIso(iso);
  const dayFirst = dayFirstPattern.exec(text);
  if (dayFirst) return utcDay(Number(dayFirst[3]), Number(dayFirst[2]), Number(dayFirst[1]));
  const dayMonth = dayMonthPattern.exec(text);
  if (dayMonth) return utcDay(Number(dayMonth[3]), monthNumber(dayMonth[2]), Number(dayMonth[1]));
  const monthDay = monthDayPattern.exec(text);
  if (monthDay) return utcDay(Number(monthDay[3]), monthNumber(monthDay[1]), Number(monthDay[2]));
  return null;
}

function readIso(match: RegExpExecArray): number | null {
  const day = utcDay(Number(match[1]), Number(match[3]), Number(match[4]));
  if (day === null || match[5] === undefined) return day;
  const [hours, minutes, seconds] = [Number(match[5]), Number(match[6]), Number(match[7] ?? 0)];
  if (hours > 23 || minutes > 59 || seconds > 59) return null;
  const milliseconds = Number(`${match[8] ?? ""}000`.slice(0, 3));
  const offset =
    match[9] === undefined ? 0 : (Number(match[10]) * 60 + Number(match[11])) * (match[9] === "-" ? -1 : 1);
  return day + ((hours * 60 + minutes - offset) * 60 + seconds) * 1000 + milliseconds;
}

function utcDay(year: number, month: number, day: number): number | null {
  const time = Date.UTC(year, month - 1, day);
  const date = new Date(time);
  const kept = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return kept ? time : null;
}

/** 0 when it is no month, which no calendar day survives. */
function monthNumber(name: string | undefined): number {
  const word = (name ?? "").toLowerCase();
  return months.findIndex((month) => month === word || month.slice(0, 3) === word) + 1;
}

/** 32 bits, evenly spread (FNV-1a with a final mix): for fingerprints and for sampling distinct values. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
