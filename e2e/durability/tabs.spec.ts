import { expect } from "@playwright/test";
import { createRandom } from "./app/random.ts";
import { effort, isTorture } from "./effort.ts";
import { test } from "./own-browser.ts";
import { RendererProcesses } from "./renderer-processes.ts";
import { StoragePage } from "./storage-page.ts";
import { TabReport } from "./tab-report.ts";
import { Tabs } from "./tabs.ts";

const TABS = 3;
/** Milliseconds in which another tab is at work; on a busy machine. */
const TAKEN_OVER = 5000;
const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

test("three tabs that share a database are closed, frozen and reloaded while runs go", async ({ own }) => {
  test.setTimeout(effort.tabsFor * 2 + 120_000);
  const report = new TabReport();
  const tabs = await Tabs.open(own, TABS, report);
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
  expect(report.faults).toEqual([]);
  // They were at work all the time: far less than an undisturbed tab does, far more than nothing.
  expect(report.started.size).toBeGreaterThan(effort.tabsFor / 5_000);
});

test("an owner that stands still is replaced within seconds; what it still writes is refused, and its page goes on", async ({
  own,
}) => {
  const STEPS = 100;
  const owner = await StoragePage.open(own.page);
  const next = await StoragePage.open(await own.page.context().newPage());
  const renderers = await RendererProcesses.of(own.page);
  const stopped = await renderers.find(owner.page);
  expect(await renderers.find(next.page)).not.toBe(stopped);
  // The fortieth batch of ticks is in the owner's hands when it is stopped, and is written as soon as it goes on.
  await owner.connect({ stall: { write: 40, duration: 1000 }, lingering: 2000 });
  await expect.poll(() => owner.connection()).toMatchObject({ state: "ready", isElsewhere: false });
  await next.connect();
  await expect.poll(() => next.connection()).toMatchObject({ state: "ready", isElsewhere: true });
  await owner.start("run", STEPS);
  const [seenThere, seenHere] = [owner.watch("run"), next.watch("run")];
  const result = owner.result("run");
  await expect.poll(() => owner.count("stalled"), { intervals: [20] }).toBe(1);
  const stop = renderers.stop(stopped);
  await expect
    .poll(() => next.connection(), { intervals: [50], timeout: 20_000 })
    .toMatchObject({ state: "ready", isElsewhere: false });
  const took = next.tookOverAt - stop.at;
  console.log(`another tab had taken over after ${(took / 1000).toFixed(2)} s`);
  expect(took).toBeLessThan(TAKEN_OVER);
  expect(await next.result("run")).toEqual({ value: { steps: STEPS } });

  stop.end();
  await expect.poll(() => owner.refusals).toEqual(["STORAGE_TAKEN_OVER"]);
  await expect.poll(() => owner.connection()).toMatchObject({ state: "ready", isElsewhere: true });
  expect(await result).toEqual({ value: { steps: STEPS } });
  expect([await seenThere, await seenHere]).toEqual([{ value: null }, { value: null }]);
  const all = Array.from({ length: STEPS + 1 }, (_, index) => index + 1);
  expect(owner.seen("run")).toEqual(all);
  expect(next.seen("run")).toEqual(all);
});
