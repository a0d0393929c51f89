/** A test with a browser of its own, on a profile that nobody else has. */
import { test as base } from "@playwright/test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BrowserProcess } from "./browser-process.ts";

export const test = base.extend<{ own: BrowserProcess }>({
  own: async ({ browserName }, use) => {
    base.skip(browserName !== "chromium" || process.platform === "win32", "needs DevTools and processes of Chromium");
    const profile = await mkdtemp(join(tmpdir(), "tickwork-own-"));
    const browser = await BrowserProcess.start(profile);
    try {
      await use(browser);
    } finally {
      await browser.kill();
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    }
  },
});
