// npm test: installs what is missing (a browser too), runs every test, and ends with one line that counts them all.
//
//   npm test -- --unit            without a browser: Node, types and simulated DOM
//   npm test -- --browser         in a real browser
//   npm test -- --e2e             the built app
//   npm test -- reduce            only files whose path contains "reduce"
//
// A run of everything measures line coverage of src too, and fails below the limit in vite.config.ts.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ensureBrowser, noBrowserMessage } from "./browser.mjs";
import { coverageLine } from "./coverage.mjs";
import { bin, ensureInstalled, runNode } from "./tools.mjs";

/** Far above what a run takes: only for a test that hangs. */
const timeout = 30 * 60_000;

const { values: asked, positionals: filters } = parseArgs({
  allowPositionals: true,
  options: {
    unit: { type: "boolean", default: false },
    browser: { type: "boolean", default: false },
    e2e: { type: "boolean", default: false },
  },
});
const isEverything = !asked.unit && !asked.browser && !asked.e2e;
const projects = [
  ...(isEverything || asked.unit ? ["unit", "types", "dom"] : []),
  ...(isEverything || asked.browser ? ["browser"] : []),
];
const isEndToEnd = isEverything || asked.e2e;

const total = { passed: 0, failed: 0, skipped: 0 };
const reports = mkdtempSync(join(tmpdir(), "tickwork-test-"));

ensureInstalled();
const needsBrowser = isEndToEnd || projects.includes("browser");
const browser = needsBrowser ? await ensureBrowser() : undefined;
if (browser !== undefined) process.env["CHROME_PATH"] = browser;
const isBrowserMissing = needsBrowser && browser === undefined;

const runnable = isBrowserMissing ? projects.filter((name) => name !== "browser") : projects;
if (runnable.length > 0) await runVitest(runnable);
if (isEndToEnd && !isBrowserMissing) await runEndToEnd();
if (isBrowserMissing) {
  total.failed += 1;
  console.error(`\n${noBrowserMessage}`);
}
rmSync(reports, { recursive: true, force: true });

const andSkipped = total.skipped === 0 ? "" : `, ${total.skipped} skipped`;
console.log(`\n${total.passed} passed, ${total.failed} failed${andSkipped}`);
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);

/** @param {string[]} names of projects in vite.config.ts */
async function runVitest(names) {
  const report = join(reports, "vitest.json");
  const coverage = join(reports, "coverage");
  // Of a part of the tests the figure would say nothing.
  const isMeasured = isEverything && !isBrowserMissing && filters.length === 0;
  const status = await runNode(
    [
      bin("vitest"),
      "run",
      ...names.map((name) => `--project=${name}`),
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${report}`,
      ...(isMeasured
        ? ["--coverage.enabled", "--coverage.reporter=json-summary", `--coverage.reportsDirectory=${coverage}`]
        : []),
      ...(filters.length === 0 ? [] : [...filters, "--passWithNoTests"]),
    ],
    { timeout },
  );
  const counted = readReport(report);
  const line = isMeasured ? coverageLine(join(coverage, "coverage-summary.json")) : undefined;
  if (line !== undefined) console.log(line);
  add(status, {
    passed: counted?.numPassedTests ?? 0,
    failed: counted?.numFailedTests ?? 0,
    skipped: (counted?.numPendingTests ?? 0) + (counted?.numTodoTests ?? 0),
  });
}

async function runEndToEnd() {
  console.log("\nBuilding the app …");
  const buildStatus = await runNode([bin("vite"), "build", "--logLevel", "warn"], { timeout });
  if (buildStatus !== 0) return add(buildStatus, { passed: 0, failed: 0, skipped: 0 });

  const report = join(reports, "playwright.json");
  const status = await runNode(
    [
      bin("@playwright/test", "playwright"),
      "test",
      "--config=e2e/playwright.config.ts",
      ...(filters.length === 0 ? [] : [...filters, "--pass-with-no-tests"]),
    ],
    { env: { TICKWORK_E2E_REPORT: report }, timeout },
  );
  const counted = readReport(report)?.stats;
  add(status, {
    passed: (counted?.expected ?? 0) + (counted?.flaky ?? 0),
    failed: counted?.unexpected ?? 0,
    skipped: counted?.skipped ?? 0,
  });
}

/**
 * Adds a runner's counts. A runner that failed without a failed test (a file that does not load, an error outside
 * tests, a time limit) counts as one failure.
 * @param {number} status
 * @param {typeof total} counted
 */
function add(status, { passed, failed, skipped }) {
  total.passed += passed;
  total.failed += status === 0 ? failed : Math.max(failed, 1);
  total.skipped += skipped;
}

/** @param {string} path */
function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined; // The runner ended before it wrote one; its exit code says so.
  }
}
