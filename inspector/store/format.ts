/** Numbers, times and sizes in the reader's locale. Formatters are made once: making one is slow. */

const integer = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });
const oneDigit = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });
const compact = new Intl.NumberFormat(undefined, { notation: "compact", maximumFractionDigits: 1 });
const clock = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  fractionalSecondDigits: 3,
  hourCycle: "h23",
});
const dateTime = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

export function formatCount(value: number): string {
  return integer.format(value);
}

/** Short for a node: 1,234 stays, 12,345 is 12.3K. */
export function formatShortCount(value: number): string {
  return value < 10_000 ? integer.format(value) : compact.format(value);
}

export function formatRate(perSecond: number): string {
  return perSecond > 0 && perSecond < 10 ? oneDigit.format(perSecond) : integer.format(perSecond);
}

export function formatClock(at: number): string {
  return clock.format(at);
}

export function formatDateTime(at: number): string {
  return dateTime.format(at);
}

/** Milliseconds as a length: "0 ms", "12 ms", "1.4 s", "3 min 5 s", "2 h 4 min", "3 d 2 h". Never negative. */
export function formatDuration(milliseconds: number): string {
  const length = Math.max(0, milliseconds);
  if (length < 999.5) return `${integer.format(length)} ms`;
  if (length < 59_950) return `${oneDigit.format(length / 1_000)} s`;
  const seconds = Math.round(length / 1_000);
  if (seconds < 3_600) return joinUnits(Math.floor(seconds / 60), "min", seconds % 60, "s");
  const minutes = Math.round(seconds / 60);
  if (minutes < 1_440) return joinUnits(Math.floor(minutes / 60), "h", minutes % 60, "min");
  const hours = Math.round(minutes / 60);
  return joinUnits(Math.floor(hours / 24), "d", hours % 24, "h");
}

function joinUnits(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0
    ? `${integer.format(large)} ${largeUnit}`
    : `${integer.format(large)} ${largeUnit} ${small} ${smallUnit}`;
}

/** One unit, for counting down and for lists: "now", "12 s", "3 min", "2 h", "5 d". */
export function formatCoarse(milliseconds: number): string {
  const seconds = Math.round(Math.max(0, milliseconds) / 1_000);
  if (seconds < 1) return "now";
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h`;
  return `${integer.format(Math.floor(seconds / 86_400))} d`;
}

/** "in 12 s", or "due" once it has passed. */
export function formatDue(dueAt: number, moment: number): string {
  const left = dueAt - moment;
  // Rounded up: what is due in 300 ms is not due yet.
  return left <= 0 ? "due" : `in ${formatCoarse(Math.ceil(left / 1_000) * 1_000)}`;
}

/** When a wait ends: "runs out in 12 s", or "its time is over". */
export function formatRunsOut(dueAt: number, moment: number): string {
  const due = formatDue(dueAt, moment);
  return due === "due" ? "its time is over" : `runs out ${due}`;
}

/** "38 s ago", or "just now". */
export function formatAgo(at: number, moment: number): string {
  const coarse = formatCoarse(moment - at);
  return coarse === "now" ? "just now" : `${coarse} ago`;
}

export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${integer.format(bytes)} B`;
  if (bytes < 1_000_000) return `${oneDigit.format(bytes / 1_000)} kB`;
  if (bytes < 1_000_000_000) return `${oneDigit.format(bytes / 1_000_000)} MB`;
  return `${oneDigit.format(bytes / 1_000_000_000)} GB`;
}

/** "1 work item", "12 work items". */
export function formatPlural(count: number, one: string, many = `${one}s`): string {
  return `${integer.format(count)} ${count === 1 ? one : many}`;
}

const axisFormats = [
  { least: 86_400_000, format: new Intl.DateTimeFormat(undefined, { month: "short", day: "numeric" }) },
  {
    least: 60_000,
    format: new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
  },
  { least: 1_000, format: new Intl.DateTimeFormat(undefined, { timeStyle: "medium", hourCycle: "h23" }) },
];

/** A moment on an axis whose marks are `step` milliseconds apart: no more of it than tells them apart. */
export function formatAxis(at: number, step: number): string {
  return (axisFormats.find(({ least }) => step >= least)?.format ?? clock).format(at);
}
