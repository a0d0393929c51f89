import { defineConfig, type LaunchOptions, type Project } from "@playwright/test";
import { mkdirSync } from "node:fs";
import { createServer } from "node:net";
import { firefoxDownloads } from "./download.ts";
import { chromiumFlags, findBrowser, firefoxOptions } from "../.ci/browser.mjs";

// Every worker process reads this file again: the first one's choice is handed on through the environment.
const port = (process.env["TICKWORK_E2E_PORT"] ??= String(await freePort()));
const proofs = (process.env["TICKWORK_PROOFS"] ??= `http://127.0.0.1:${await freePort()}`);
const inspectorPages = (process.env["TICKWORK_INSPECTOR_PAGES"] ??= `http://127.0.0.1:${await freePort()}`);
const executablePath = findBrowser();
const firefox = firefoxOptions();
const ownBrowser = executablePath === undefined ? {} : { executablePath };
/** Compared pixel by pixel: only with the browser they were made in, see there. */
const pictures = "inspector/pictures.spec.ts";
const load = ["inspector/load.spec.ts", "inspector/hidden-tab.spec.ts"];
const chromium = {
  browserName: "chromium" as const,
  launchOptions: { args: chromiumFlags, ...ownBrowser },
};

export default defineConfig({
  testDir: ".",
  outputDir: "../test-results",
  forbidOnly: Boolean(process.env["CI"]),
  fullyParallel: true,
  globalTimeout: 25 * 60_000,
  timeout: 45_000,
  workers: 2,
  reporter: [["list"], ["json", { outputFile: process.env["TICKWORK_E2E_REPORT"] ?? "../test-results/report.json" }]],
  expect: {
    // The same browser with the same fonts makes the same pixels: a handful may differ, and these hardly.
    toHaveScreenshot: {
      pathTemplate: "{testDir}/inspector/pictures/{arg}{ext}",
      animations: "disabled",
      maxDiffPixels: 12,
      threshold: 0.01,
    },
  },
  use: {
    baseURL: `http://127.0.0.1:${port}`,
    screenshot: "only-on-failure",
    trace: "retain-on-failure",
  },
  projects: [
    { name: "chromium", testIgnore: [...load, pictures], use: chromium },
    {
      name: "pictures",
      testMatch: pictures,
      use: {
        ...chromium,
        // Letters in shades of grey: what a part of a pixel is depends on the screen.
        launchOptions: { args: [...chromiumFlags, "--disable-lcd-text", "--force-color-profile=srgb"], ...ownBrowser },
        locale: "en-GB",
        timezoneId: "UTC",
        contextOptions: { reducedMotion: "reduce" },
        // What differs is kept beside what was expected.
        screenshot: "off",
        trace: "off",
      },
    },
    // Alone, when the others are done: it measures. What else the machine does makes times longer, never shorter.
    { name: "load", testMatch: load, use: chromium, dependencies: ["chromium", "pictures"], workers: 1, retries: 2 },
    // npm run test:browsers
    ...(firefox === undefined ? [] : inFirefox(firefox)),
  ],
  webServer: [
    {
      command: `node .ci/start.mjs --no-build --no-open --port ${port}`,
      cwd: "..",
      url: `http://127.0.0.1:${port}`,
      reuseExistingServer: false,
    },
    {
      command: `node .ci/serve-pages.mjs e2e/durability/app --port ${new URL(proofs).port}`,
      cwd: "..",
      url: proofs,
      reuseExistingServer: false,
    },
    {
      command: `node .ci/serve-pages.mjs e2e/inspector/app --port ${new URL(inspectorPages).port}`,
      cwd: "..",
      url: `${inspectorPages}/load.html`,
      reuseExistingServer: false,
    },
  ],
});

/** Its driver cannot tell pages of another theme or of less motion: a Firefox of its own is set to them. */
function inFirefox(options: LaunchOptions): Project[] {
  mkdirSync(firefoxDownloads, { recursive: true });
  // Its list of downloads would take the focus, and not give it back.
  const quiet = { "browser.download.alwaysOpenPanel": false };
  const launchOptions = { ...options, downloadsPath: firefoxDownloads, firefoxUserPrefs: quiet };
  const isSet = /, dark\b|by the system/;
  const shared = { testIgnore: [...load, pictures] };
  const firefoxUserPrefs = { ...quiet, "ui.systemUsesDarkTheme": 1, "ui.prefersReducedMotion": 1 };
  return [
    { ...shared, name: "firefox", grepInvert: isSet, use: { browserName: "firefox", launchOptions } },
    {
      ...shared,
      name: "firefox-dark",
      grep: isSet,
      use: { browserName: "firefox", launchOptions: { ...launchOptions, firefoxUserPrefs } },
    },
  ];
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("No free port");
  return address.port;
}
