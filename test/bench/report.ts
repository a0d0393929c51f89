/** What a benchmark says: tables, and how the figures stand to their targets. */

/** A table in plain text; numbers stand right. */
export function printTable(title: string, head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((cell, column) => Math.max(cell.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join("  ");
  console.log(`\n${title}\n${line(head)}\n${widths.map((width) => "-".repeat(width)).join("  ")}`);
  for (const row of rows) console.log(line(row));
}

/** A number in two or three digits. */
export const digits = (value: number): string =>
  value >= 10_000
    ? `${Math.round(value / 1000)} k`
    : value >= 1000
      ? `${(value / 1000).toFixed(1)} k`
      : value.toFixed(0);

const verdicts: string[][] = [];

/** Holds a figure against its target; the verdict is said by `printTargets`. */
export function target(what: string, value: number, limit: number, isAtMost: boolean, places = 2): void {
  const isMet = isAtMost ? value <= limit : value >= limit;
  verdicts.push([what, value.toFixed(places), `${isAtMost ? "<=" : ">="} ${limit}`, isMet ? "met" : "MISSED"]);
}

export function printTargets(): void {
  printTable("Targets", ["", "measured", "target", ""], verdicts);
}
