import { expect, test } from "@playwright/test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom } from "./app/random.ts";
import { BrowserProcess } from "./browser-process.ts";
import { effort, isTorture } from "./effort.ts";
import { TabReport } from "./tab-report.ts";
import { Tabs } from "./tabs.ts";

const TABS = 3;
const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

test("three tabs that share a database are closed, frozen and reloaded while runs go", async ({ browserName }) => {
  test.skip(browserName !== "chromium" || process.platform === "win32", "stops processes of Chromium");
  test.setTimeout(effort.tabsFor * 2 + 120_000);
  const profile = await mkdtemp(join(tmpdir(), "tickwork-tabs-"));
  const browser = await BrowserProcess.start(profile);
  const report = new TabReport();
  try {
    const tabs = await Tabs.open(browser, TABS, report);
    const begin = performance.now();
    const disturb = async (tab: number): Promise<void> => {
      const draw = createRandom(effort.seed + tab);
      while (performance.now() - begin < effort.tabsFor) {
        await pause(500 + draw(2000));
        await tabs.disturb(tab, draw);
        if (isTorture) console.log(`  ${tabs.summary}; ${report.started.size} runs, ${report.faults.length} faults`);
      }
    };
    await Promise.all(Array.from({ length: TABS }, (_, tab) => disturb(tab)));
    const kept = await tabs.closeAndRead([...report.started]);
    report.compare(kept);
    console.log(`${report.started.size} runs, ${report.seen} events seen; ${tabs.summary}; seed ${effort.seed}`);
  } finally {
    await browser.kill();
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
  expect(report.faults).toEqual([]);
  // They were at work all the time: far less than an undisturbed tab does, far more than nothing.
  expect(report.started.size).toBeGreaterThan(effort.tabsFor / 5_000);
});
