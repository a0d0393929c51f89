// npm run mutation: changes src/core in thousands of small ways and looks whether a test notices. Takes minutes; what
// did not change since the last run is not run again.
//
//   npm run mutation -- --mutate src/core/joins.ts     one file
//   npm run mutation -- --force                        everything again: for new tests of constants, which are not
//                                                      tried anew by themselves; also with --mutate
//
// Leaves .stryker/report.html, .stryker/report.json and .stryker/survivors.txt.

import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bin, ensureInstalled, root, runNode } from "./tools.mjs";

/**
 * @typedef {{ line: number, column: number }} Position
 * @typedef {{ status: string, mutatorName: string, replacement?: string, location: { start: Position, end: Position } }} Mutant
 */

const report = join(root, ".stryker/report.json");

ensureInstalled();
rmSync(report, { force: true });
const status = await runNode([
  bin("@stryker-mutator/core", "stryker"),
  "run",
  "test/mutation/stryker.config.mjs",
  ...process.argv.slice(2),
]);

// Without a report it did not get as far as the tests, and has said why.
if (!existsSync(report)) process.exit(status === 0 ? 1 : status);

/** @type {{ files: Record<string, { source: string, mutants: Mutant[] }> }} */
const { files } = JSON.parse(readFileSync(report, "utf8"));
/** @type {string[]} */
const survivors = [];
const table = [];
const total = { killed: 0, all: 0 };
for (const [file, { source, mutants }] of Object.entries(files)) {
  const counted = mutants.filter((mutant) => mutant.status !== "Ignored" && !mutant.status.endsWith("Error"));
  const alive = counted.filter((mutant) => mutant.status === "Survived" || mutant.status === "NoCoverage");
  const killed = counted.length - alive.length;
  total.killed += killed;
  total.all += counted.length;
  if (counted.length > 0)
    table.push({ file, mutants: counted.length, alive: alive.length, score: score(killed, counted.length) });
  const lines = source.split("\n");
  for (const mutant of alive) survivors.push(`${file}:${describe(mutant, lines)}`);
}
console.table(table.toSorted((a, b) => a.score - b.score));
writeFileSync(join(root, ".stryker/survivors.txt"), `${survivors.join("\n")}\n`);
console.log(
  `${total.killed} of ${total.all} mutants killed, ${score(total.killed, total.all)} %; the others: .stryker/survivors.txt`,
);
process.exit(status);

/**
 * @param {number} killed
 * @param {number} all
 */
function score(killed, all) {
  return all === 0 ? 100 : Math.floor((1000 * killed) / all) / 10;
}

/**
 * @param {Mutant} mutant
 * @param {readonly string[]} lines of its file
 */
function describe({ status: fate, mutatorName, replacement, location: { start, end } }, lines) {
  const first = lines[start.line - 1] ?? "";
  const changed =
    start.line === end.line ? first.slice(start.column - 1, end.column - 1) : `${first.slice(start.column - 1)} …`;
  const uncovered = fate === "NoCoverage" ? " (no test)" : "";
  return `${start.line}:${start.column} ${mutatorName}${uncovered}: ${changed} => ${(replacement ?? "").replaceAll(/\s+/g, " ")}`;
}
