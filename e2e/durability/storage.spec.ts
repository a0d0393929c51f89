import { expect } from "@playwright/test";
import { test } from "./own-browser.ts";
import { DATABASE, StorageDevTools, StoragePage } from "./storage-page.ts";

const STEPS = 300;
/** Characters that each step publishes, so that the storage gets full in the middle of the run. */
const BALLAST = 6000;
const QUOTA = 1_000_000;
/** Milliseconds for which nothing must happen: far longer than it would take. */
const STILL = 1500;
/** Milliseconds after which the browser asks anew what room there is for a site that has no database open. */
const FORGETTING = 3000;

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
const oneTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);

test("a run stands still while its site's storage is full, and goes on when there is room", async ({ own }) => {
  const page = await StoragePage.open(own.page);
  const devtools = await StorageDevTools.of(own.page);
  // Before the database is used: what there is room for is asked again after half a minute, or when it is used up.
  await devtools.setQuota(QUOTA);
  await page.connect();
  expect(await page.start("run", STEPS, BALLAST)).toEqual({ value: "run" });
  const watched = page.watch("run");

  await expect
    .poll(() => page.storage(), { timeout: 20_000, intervals: [50] })
    .toMatchObject({ state: "full", code: "STORAGE_QUOTA", remedy: "freeSpace" });
  const began = page.count("began");
  const done = page.effects;
  expect(began).toBeLessThan(STEPS);
  await pause(STILL);
  expect(page.count("began")).toBe(began);
  expect(page.effects).toEqual(done);
  // Whoever asks for something is told at once.
  expect(await page.start("other", 1)).toMatchObject({ code: "STORAGE_QUOTA" });

  await devtools.setQuota(null);
  await page.retry();
  expect(await page.result("run")).toEqual({ value: { steps: STEPS } });
  expect(await watched).toEqual({ value: null });
  expect(page.effects).toEqual(oneTo(STEPS).map((step) => `run ${step} pay`));
  expect(page.count("began")).toBe(STEPS);
  // One of each step, and the end.
  expect(page.seen("run")).toEqual(oneTo(STEPS + 1));
  expect(await page.storage()).toMatchObject({ state: "ok", code: null });
  expect(await page.runs()).toEqual(["run completed"]);
});

const deletions: Record<string, (own: StoragePage, devtools: StorageDevTools) => Promise<void>> = {
  "a person clears the site's data": (_own, devtools) => devtools.clearSiteData(),
  "another page deletes the database": async ({ page }) => {
    const other = await StoragePage.open(await page.context().newPage());
    await other.deleteDatabase();
    await other.page.close();
  },
};

for (const [how, remove] of Object.entries(deletions)) {
  test(`nothing comes back when ${how} in the middle of a run`, async ({ own }) => {
    const page = await StoragePage.open(own.page);
    const devtools = await StorageDevTools.of(own.page);
    await page.connect();
    await page.start("gone", 5000);
    const result = page.result("gone");
    await expect.poll(() => page.count("effect")).toBeGreaterThan(10);

    await remove(page, devtools);
    expect(await result).toMatchObject({ code: "STORAGE_DELETED" });
    expect(await page.storage()).toMatchObject({ state: "deleted", code: "STORAGE_DELETED", remedy: "reload" });
    const began = page.count("began");
    expect(await page.start("late", 1)).toMatchObject({ code: "STORAGE_DELETED" });
    await pause(STILL);
    expect(page.count("began")).toBe(began);
    expect(await page.databases()).not.toContain(DATABASE);

    await page.page.reload();
    await page.connect();
    expect(await page.runs()).toEqual([]);
    await page.start("new", 5);
    expect(await page.result("new")).toEqual({ value: { steps: 5 } });
    expect(await page.runs()).toEqual(["new completed"]);
  });
}

test("an engine that starts while its site's storage is full lets runs be deleted, and goes on when there is room", async ({
  own,
}) => {
  const page = await StoragePage.open(own.page);
  const devtools = await StorageDevTools.of(own.page);
  await devtools.setQuota(QUOTA);
  await page.connect();
  await page.start("old", 3);
  await page.result("old");
  await page.start("run", STEPS, BALLAST);
  await expect.poll(() => page.storage(), { timeout: 20_000, intervals: [50] }).toMatchObject({ state: "full" });

  await devtools.setQuota(1);
  await page.page.reload();
  await pause(FORGETTING);
  await page.connect();
  await expect.poll(() => page.storage(), { intervals: [50] }).toMatchObject({ state: "full" });
  expect(await page.runs()).toEqual(["old completed", "run running"]);
  await page.deleteRun("old");
  expect(await page.runs()).toEqual(["run running"]);

  await devtools.setQuota(null);
  await page.retry();
  expect(await page.result("run")).toEqual({ value: { steps: STEPS } });
  await page.watch("run");
  expect(page.seen("run")).toEqual(oneTo(STEPS + 1));
});

test("old runs go by themselves when the storage gets full, where their policy says so, and both pages know", async ({
  own,
}) => {
  const [page, other] = [await StoragePage.open(own.page), await StoragePage.open(await own.page.context().newPage())];
  const devtools = await StorageDevTools.of(own.page);
  await devtools.setQuota(QUOTA);
  // What ended a moment ago is kept in any case: these ended two minutes ago.
  await page.connect({ behind: 120_000 });
  for (const runId of ["old1", "old2", "old3"]) {
    await page.start(runId, 2);
    await page.result(runId);
  }
  await page.page.reload();
  await page.connect();
  // Its policy keeps two.
  await expect.poll(() => page.runs()).toEqual(["old2 completed", "old3 completed"]);
  await other.connect();
  await other.start("run", STEPS, BALLAST);
  const watched = other.watch("run");

  await expect.poll(() => other.storage(), { timeout: 20_000, intervals: [50] }).toMatchObject({ state: "full" });
  for (const one of [page, other]) expect(await one.runs()).toEqual(["run running"]);
  // Chromium does not give the space back that was freed: its database shrinks when much more is written.
  await devtools.setQuota(null);
  await other.retry();
  expect(await other.result("run")).toEqual({ value: { steps: STEPS } });
  expect(await watched).toEqual({ value: null });
  expect(other.seen("run")).toEqual(oneTo(STEPS + 1));
  expect(page.effects.filter((effect) => effect.startsWith("run"))).toEqual(
    oneTo(STEPS).map((step) => `run ${step} pay`),
  );
});

test("an older version that another page holds open is named, and once it lets go the engine starts by itself", async ({
  own,
}) => {
  const older = await StoragePage.open(own.page);
  await older.holdOlder(1);
  const page = await StoragePage.open(await own.page.context().newPage());
  const begin = performance.now();
  await page.connect();
  expect(await page.start("run", 3)).toMatchObject({
    code: "STORAGE_BLOCKED",
    message: expect.stringContaining("Close other tabs"),
  });
  const named = performance.now() - begin;
  console.log(`named after ${(named / 1000).toFixed(1)} s`);
  expect(named).toBeLessThan(15_000);
  expect(await page.connection()).toMatchObject({
    state: "waiting",
    reason: expect.stringContaining("Close other tabs"),
  });

  await older.page.close();
  await expect.poll(() => page.connection()).toMatchObject({ state: "ready", isElsewhere: false });
  expect(await page.start("run", 3)).toEqual({ value: "run" });
  expect(await page.result("run")).toEqual({ value: { steps: 3 } });
});
