// The one line npm test prints about coverage. The limit itself stands in vite.config.ts.

import { readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { root } from "./tools.mjs";

/**
 * What part of the lines of src the tests ran, in all and by folder. Undefined when the run left no summary.
 * @param {string} summary a coverage-summary.json
 */
export function coverageLine(summary) {
  /** @type {Record<string, { lines: { total: number, covered: number } }>} */
  let files;
  try {
    files = JSON.parse(readFileSync(summary, "utf8"));
  } catch {
    return undefined;
  }
  const { total: all, ...each } = files;
  if (all === undefined) return undefined;
  /** @type {Map<string, { total: number, covered: number }>} */
  const folders = new Map();
  for (const [file, { lines }] of Object.entries(each)) {
    const folder = relative(join(root, "src"), dirname(file)).split(sep).join("/");
    const sum = folders.get(folder) ?? { total: 0, covered: 0 };
    folders.set(folder, { total: sum.total + lines.total, covered: sum.covered + lines.covered });
  }
  const byFolder = [...folders]
    .filter(([folder]) => folder !== "") // Entry files: lists of names.
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([folder, lines]) => `${folder} ${percent(lines)}`);
  return `Coverage of src: ${percent(all.lines)} % of lines (${byFolder.join(", ")})`;
}

/**
 * Rounded down, so that a figure below the limit never looks as if it were at it.
 * @param {{ total: number, covered: number }} lines
 */
function percent({ total, covered }) {
  return total === 0 ? "100" : (Math.floor((1000 * covered) / total) / 10).toFixed(1);
}
