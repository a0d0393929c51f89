// npm run torture: the proofs of durability for long. Not part of npm test, which runs the same for a short while.
//
//   --points 50000     workers killed at a write
//   --minutes 60       after which no more of them are tried
//   --kills 50         browsers killed during one run
//   --tabs 10          minutes for which tabs are closed, frozen and reloaded
//   --seed 123         of all chance; default: another one each time
//   crash              only files whose path contains "crash": crash, kill, tabs

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ensureBrowser, noBrowserMessage } from "./browser.mjs";
import { bin, ensureInstalled, runNode } from "./tools.mjs";

const { values: options, positionals: filters } = parseArgs({
  allowPositionals: true,
  options: {
    points: { type: "string", default: "50000" },
    minutes: { type: "string", default: "0" },
    kills: { type: "string", default: "50" },
    tabs: { type: "string", default: "10" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) },
  },
});
const minute = 60_000;
/** @type {import("../e2e/durability/effort.ts").Effort} */
const effort = {
  seed: Number(options.seed),
  crashPoints: Number(options.points),
  crashLimit: Number(options.minutes) * minute,
  browserKills: Number(options.kills),
  tabsFor: Number(options.tabs) * minute,
};
if (!Object.values(effort).every(Number.isFinite)) throw new Error("Every option is a number.");

ensureInstalled();
const browser = await ensureBrowser();
if (browser === undefined) throw new Error(noBrowserMessage);

const reports = mkdtempSync(join(tmpdir(), "tickwork-torture-"));
const report = join(reports, "playwright.json");
console.log(`Seed ${effort.seed}: npm run torture -- --seed ${effort.seed} does the same again.`);
const begin = Date.now();
await runNode(
  [bin("@playwright/test", "playwright"), "test", "--config=e2e/durability/playwright.config.ts", ...filters],
  { env: { CHROME_PATH: browser, TICKWORK_E2E_REPORT: report, TICKWORK_TORTURE: JSON.stringify(effort) } },
);
const { expected, unexpected } = readStatistics();
rmSync(reports, { recursive: true, force: true });
const minutes = ((Date.now() - begin) / minute).toFixed(1);
console.log(`\n${expected} passed, ${unexpected} failed in ${minutes} minutes, seed ${effort.seed}`);
process.exit(unexpected === 0 && expected > 0 ? 0 : 1);

/** A runner that wrote no report failed as a whole. */
function readStatistics() {
  try {
    return JSON.parse(readFileSync(report, "utf8")).stats;
  } catch {
    return { expected: 0, unexpected: 1 };
  }
}
