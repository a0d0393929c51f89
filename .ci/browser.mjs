// Finds a Chromium for the tests, and installs one where none is. Node's own modules only, but for Playwright's.

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { bin, root } from "./tools.mjs";

/** Flags for every test browser: no traffic of its own, no first-run pages. */
export const chromiumFlags = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-quic",
  "--disable-sync",
  "--no-first-run",
  ...(process.platform === "linux" && process.getuid?.() === 0 ? ["--no-sandbox"] : []),
];

/**
 * The Chromium to test with: CHROME_PATH, else one installed in the platform's usual places. Undefined means that
 * Playwright's own is to be used.
 * @returns {string | undefined}
 */
export function findBrowser() {
  const asked = process.env["CHROME_PATH"];
  if (asked) return asked;
  return usualPlaces().find((path) => existsSync(path) && starts(path));
}

/** @returns {string[]} */
function usualPlaces() {
  if (process.platform === "darwin") {
    const apps = ["Google Chrome", "Chromium", "Microsoft Edge"];
    const folders = ["/Applications", join(process.env["HOME"] ?? "", "Applications")];
    return folders.flatMap((folder) => apps.map((app) => join(folder, `${app}.app/Contents/MacOS/${app}`)));
  }
  if (process.platform === "win32") {
    const folders = ["PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"].map((name) => process.env[name] ?? "");
    const programs = [
      "Google/Chrome/Application/chrome.exe",
      "Chromium/Application/chrome.exe",
      "Microsoft/Edge/Application/msedge.exe",
    ];
    return programs.flatMap((program) => folders.filter(Boolean).map((folder) => join(folder, program)));
  }
  return [
    "/usr/lib/chromium/chromium", // Debian's own, behind its wrapper script
    "/usr/lib64/chromium-browser/chromium-browser", // Fedora's
    "/opt/google/chrome/chrome",
    "/opt/microsoft/msedge/msedge",
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/usr/bin/google-chrome-stable",
    "/usr/bin/microsoft-edge",
    "/snap/bin/chromium",
  ];
}

/**
 * Some systems put a stub where the browser would be. On Windows the question itself would open a window.
 * @param {string} path
 */
function starts(path) {
  if (process.platform === "win32") return true;
  return spawnSync(path, ["--version"], { stdio: "ignore", timeout: 20_000 }).status === 0;
}

/** Playwright's own Chromium, if it has been downloaded. Needs node_modules. */
async function findPlaywrightBrowser() {
  const { chromium } = await import("playwright");
  const path = chromium.executablePath();
  return existsSync(path) ? path : undefined;
}

/**
 * A Chromium that runs, installed if need be. Needs node_modules.
 * @returns {Promise<string | undefined>} its path; undefined when there is none and none could be had
 */
export async function ensureBrowser() {
  const found = findBrowser() ?? (await findPlaywrightBrowser());
  if (found !== undefined) return found;

  aptInstall("chromium");
  const installed = findBrowser();
  if (installed !== undefined) return installed;

  console.log("No Chromium found: downloading Playwright's (playwright install chromium) …");
  spawnSync(process.execPath, [bin("playwright"), "install", "chromium"], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    timeout: 300_000,
  });
  return findPlaywrightBrowser();
}

/**
 * How Firefox is launched, when it is to be tested with: FIREFOX_PATH is a Firefox's path, or "playwright" for
 * Playwright's own. Undefined: not asked for.
 */
export function firefoxOptions() {
  const path = process.env["FIREFOX_PATH"];
  if (!path) return undefined;
  return path === "playwright" ? {} : { executablePath: path, channel: "moz-firefox" };
}

/**
 * Installs packages of the system, where it has apt and lets us.
 * @param {string[]} packages
 */
export function aptInstall(...packages) {
  if (process.platform !== "linux" || process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return;
  console.log(`Not found: installing the system's (apt-get install ${packages.join(" ")}) …`);
  apt(["update"]);
  apt(["install", "-y", "--no-install-recommends", ...packages]);
}

/** @param {string[]} args */
function apt(args) {
  spawnSync("apt-get", ["-qq", ...args], {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    timeout: 300_000,
  });
}

/** What to do when no browser could be had. */
export const noBrowserMessage = [
  "These tests need a Chromium, and none was found or could be installed. Do one of these and run again:",
  "  - install Chromium, Google Chrome or Microsoft Edge in its usual place",
  "  - set CHROME_PATH to the browser's executable",
  "  - npx playwright install chromium",
  "Tests that need no browser: npm test -- --unit",
].join("\n");
