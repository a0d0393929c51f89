/** Numbers and sizes as people read them, in the reader's locale. */

const count = new Intl.NumberFormat();
const value = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 7 });
const percent = new Intl.NumberFormat(undefined, { style: "percent", maximumSignificantDigits: 2 });
const oneDigit = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });

export function formatCount(number: number): string {
  return count.format(number);
}

/** A cell's worth: a number of any size, an ISO date, or text. */
export function formatValue(cell: number | string | null): string {
  return cell === null ? "–" : typeof cell === "number" ? value.format(cell) : cell;
}

export function formatShare(part: number, whole: number): string {
  return percent.format(whole === 0 ? 0 : part / whole);
}

export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${count.format(bytes)} B`;
  const units = ["kB", "MB", "GB", "TB"];
  const power = Math.min(units.length, Math.floor(Math.log10(bytes) / 3));
  return `${oneDigit.format(bytes / 1000 ** power)} ${units[power - 1]}`;
}

export function formatDuration(ms: number): string {
  return ms < 1000 ? `${count.format(Math.round(ms))} ms` : `${oneDigit.format(ms / 1000)} s`;
}

/** "1 row", "2 rows". */
export function formatNoun(number: number, one: string, many: string = `${one}s`): string {
  return `${formatCount(number)} ${number === 1 ? one : many}`;
}
