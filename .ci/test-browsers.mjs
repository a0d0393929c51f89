// npm run test:browsers: what depends on the browser, in other engines than npm test's Chromium. In Firefox the tests of
// storage and workers, the guide's examples that need a worker, and the built app; in WebKitGTK, where there is
// one, the conformance suites and each view once. Installs them with apt where that can be, else Playwright's Firefox.

import { existsSync } from "node:fs";
import { aptInstall } from "./browser.mjs";
import { bin, ensureInstalled, runNode } from "./tools.mjs";
import { runSuites } from "./webkit-suites.mjs";
import { checkViews } from "./webkit-views.mjs";
import { hasWebKit, withWebKit } from "./webkit.mjs";

/** Far above what a run takes: only for a test that hangs. */
const timeout = 15 * 60_000;
const firefox = "/usr/bin/firefox-esr";

ensureInstalled();
/** @type {{ engine: string, result: string }[]} */
const results = [];
await testFirefox();
await testWebKit();
console.table(results);
process.exit(results.every(({ result }) => !result.startsWith("FAILED")) ? 0 : 1);

async function testFirefox() {
  if (!process.env["FIREFOX_PATH"]) {
    if (!existsSync(firefox)) aptInstall("firefox-esr");
    const isThere = existsSync(firefox);
    if (!isThere) await runNode([bin("playwright"), "install", "firefox"], { timeout });
    process.env["FIREFOX_PATH"] = isThere ? firefox : "playwright";
  }
  await run("Firefox: storage, workers, examples", [
    bin("vitest"),
    "run",
    "--project=firefox",
    "test/runtimes",
    "test/guide",
    "test/engine",
  ]);
  if ((await runNode([bin("vite"), "build", "--logLevel", "warn"], { timeout })) !== 0) process.exit(1);
  await run("Firefox: the built app", [
    bin("@playwright/test", "playwright"),
    "test",
    "--config=e2e/playwright.config.ts",
    "--project=firefox",
    "smoke",
    "offline",
    "two-tabs",
    "e2e/inspector/embedding",
    "e2e/inspector/keyboard",
    "breakpoints",
    "e2e/guide",
    "e2e/inspector/every-view",
    "e2e/inspector/live-rules",
    "csv-profile",
    "first-run",
    "inbox",
    "runs.spec",
    "standalone",
    "time-travel",
  ]);
}

async function testWebKit() {
  if (!hasWebKit()) aptInstall("webkit2gtk-driver", "xvfb");
  if (!hasWebKit()) return void results.push({ engine: "WebKitGTK", result: "skipped: there is none" });
  for (const [what, check] of /** @type {const} */ ([
    ["conformance suites", runSuites],
    ["the built app, view by view", checkViews],
  ])) {
    const { version, passed, failed } = await withWebKit(async (browser) => ({
      version: browser.version,
      ...(await check(browser)),
    }));
    for (const { name, error } of failed) console.error(`${name}\n  ${error}`);
    const isGood = failed.length === 0 && passed > 0;
    const result = `${isGood ? "ok" : "FAILED"}: ${version}, ${passed} passed, ${failed.length} failed`;
    results.push({ engine: `WebKitGTK: ${what}`, result });
  }
}

/**
 * @param {string} engine
 * @param {string[]} command
 */
async function run(engine, command) {
  results.push({ engine, result: (await runNode(command, { timeout })) === 0 ? "ok" : "FAILED" });
}
