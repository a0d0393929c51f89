// npm run pictures: takes README's pictures and animations of the inspector from the running app, light and dark, and
// draws its icons.
//
//   npm run pictures -- --proofs        takes those that e2e/inspector/pictures.spec.ts compares with; look at each
//   npm run pictures -- --proofs inbox  only those whose name contains "inbox"

import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { recordAnimation } from "./animation.mjs";
import { chromiumFlags, ensureBrowser, noBrowserMessage } from "./browser.mjs";
import { drawIcons } from "./icons.mjs";
import { bin, ensureInstalled, root, runNode } from "./tools.mjs";

const { values: asked, positionals } = parseArgs({
  allowPositionals: true,
  options: { proofs: { type: "boolean", default: false } },
});
ensureInstalled();
const executablePath = await ensureBrowser();
if (executablePath === undefined) throw new Error(noBrowserMessage);
if ((await runNode([bin("vite"), "build", "--logLevel", "warn"])) !== 0) process.exit(1);
if (asked.proofs) {
  const takeAnew = [bin("@playwright/test", "playwright"), "test", "--config=e2e/playwright.config.ts"];
  const only = positionals.flatMap((name) => ["--grep", name]);
  process.exit(await runNode([...takeAnew, "--project=pictures", "--update-snapshots=changed", ...only]));
}

const server = spawn(process.execPath, [".ci/start.mjs", "--no-build", "--no-open"], {
  cwd: root,
  stdio: ["ignore", "pipe", "inherit"],
});
try {
  const url = await new Promise((resolve) => {
    server.stdout.on("data", (text) => {
      const found = /https?:\/\/\S+/.exec(String(text));
      if (found !== null) resolve(found[0]);
    });
  });
  const { chromium } = await import("playwright");
  const browser = await chromium.launch({ executablePath, args: chromiumFlags });
  mkdirSync(join(root, "e2e/pictures"), { recursive: true });
  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    const context = await browser.newContext({
      colorScheme,
      viewport: { width: 1440, height: 900 },
      deviceScaleFactor: 1.5,
      locale: "en-GB",
    });
    const page = await context.newPage();
    await page.goto(url);
    await page.getByRole("button", { name: "Start a first run" }).click();
    await page.getByRole("button", { name: "End the first steps" }).click();
    // In the middle: the queue half drained, particles on their way.
    await page.getByRole("button", { name: /^profile, step, 8 of 8 slots busy, 2\d queued/ }).waitFor();
    await page.screenshot({ path: join(root, `e2e/pictures/inspector-${colorScheme}.png`) });
    await context.close();
    const { frames, duration } = await recordAnimation(
      browser,
      url,
      colorScheme,
      join(root, `e2e/pictures/csv-profile-${colorScheme}.webp`),
    );
    console.log(`csv-profile-${colorScheme}.webp: ${frames} frames, ${duration / 1000} s`);
  }
  await drawIcons(browser);
  await browser.close();
} finally {
  server.kill();
}
