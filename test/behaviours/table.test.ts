/** Holds the table in BEHAVIOURS.md against what it lists: every number once, and tests that exist. */
import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const fromTest = (path: string) => new URL(`../${path}`, import.meta.url);
const table = readFileSync(fromTest("BEHAVIOURS.md"), "utf8");

const rows = Array.from(
  table.matchAll(/^\| ((?:C-|[GT])?\d+) *\| (.+?) *\| (.+?) *\|$/gm),
  ([, number, words, proof]) => ({
    number: number as string,
    words: words as string,
    proof: proof as string,
    references: Array.from((proof as string).matchAll(/`([^`]+)` › `([^`]+)`/g), ([, file, name]) => ({
      file: file as string,
      name: name as string,
    })),
  }),
);
const stateOf = ({ proof }: { proof: string }) => /^(does not apply|open): \S/.exec(proof)?.[1] ?? "covered";

const upTo = (prefix: string, count: number) => Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`);
/** Faults of the reference that are still open there. */
const openFaults = [
  3, 6, 10, 12, 14, 18, 19, 20, 21, 22, 24, 28, 29, 30, 31, 32, 33, 34, 39, 44, 45, 46, 49, 50, 51, 52, 53, 54, 55, 57,
  60, 61, 62,
].map((number) => `C-${String(number).padStart(2, "0")}`);

test("every behaviour is in the table once, in order", () => {
  const expected = [...upTo("", 306), ...upTo("G", 15), ...upTo("T", 35), ...openFaults];
  expect(rows.map(({ number }) => number)).toEqual(expected);
});

test("every row names tests, or says why not", () => {
  for (const row of rows) {
    if (stateOf(row) === "covered") expect(row.references.length, row.number).toBeGreaterThan(0);
    // Nothing beside well-formed references.
    const rest = stateOf(row) === "covered" ? row.proof.replaceAll(/`[^`]+` › `[^`]+`/g, "").replaceAll("; ", "") : "";
    expect(rest, row.number).toBe("");
  }
});

test("every test that is named exists", () => {
  const missing = rows.flatMap(({ number, references }) =>
    references.filter(({ file, name }) => !hasTest(file, name)).map(({ file, name }) => `${number}: ${file} › ${name}`),
  );
  expect(missing).toEqual([]);
});

test("the list of what is open, and the counts, are those of the rows", () => {
  const of = (state: string) => rows.filter((row) => stateOf(row) === state).map(({ number }) => number);
  const listed = Array.from(table.matchAll(/^- (\w+|C-\d+): \S/gm), ([, number]) => number);
  expect(listed).toEqual(of("open"));
  const counts = `${of("covered").length} covered, ${of("does not apply").length} do not apply, ${of("open").length} open.`;
  expect(table).toContain(counts);
});

/** True when the file has the name, or that part of it, at its place in a string. */
function hasTest(file: string, name: string): boolean {
  if (!existsSync(fromTest(file))) return false;
  return readFileSync(fromTest(file), "utf8")
    .split("\n")
    .some((line) => line.includes(name) && /["'`]/.test(line.slice(0, line.indexOf(name))));
}
