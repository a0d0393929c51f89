/** A tab that another one covers. It measures, so it runs alone: see the project "load". */
import { expect, test } from "@playwright/test";

// A trace takes pictures of the page while it is measured.
test.use({ trace: "off", screenshot: "off" });

const pages = process.env["TICKWORK_INSPECTOR_PAGES"] ?? "";

/** Runs in the page: frames stop and the page is hidden, as in a tab that another one covers. */
function cover(): void {
  const waiting: FrameRequestCallback[] = [];
  const draw = globalThis.requestAnimationFrame;
  globalThis.requestAnimationFrame = (callback) => waiting.push(callback);
  Object.defineProperty(document, "hidden", { configurable: true, get: () => true });
  Object.defineProperty(document, "visibilityState", { configurable: true, get: () => "hidden" });
  document.dispatchEvent(new Event("visibilitychange"));
  globalThis.uncover = () => {
    globalThis.requestAnimationFrame = draw;
    Reflect.deleteProperty(document, "hidden");
    Reflect.deleteProperty(document, "visibilityState");
    document.dispatchEvent(new Event("visibilitychange"));
    for (const callback of waiting) draw(callback);
  };
}

declare global {
  var uncover: () => void;
}

test("a tab that was hidden while thousands of ticks passed shows the newest at once, without what it missed", async ({
  page,
}) => {
  test.setTimeout(60_000);
  await page.goto(`${pages}/host.html?styles=plain&height=700px`);
  await page.evaluate(() => globalThis.engines[0]?.startRun("lanes", { laps: 50_000, milliseconds: 1 }));
  await page.locator("[data-run]").first().click();
  await expect(page.getByRole("button", { name: /^swim, step/ })).toBeVisible();
  await page.waitForTimeout(1_000);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("HeapProfiler.enable");
  const memory = async (): Promise<number> => {
    await devtools.send("HeapProfiler.collectGarbage");
    return (await devtools.send("Runtime.getHeapUsage")).usedSize / 1e6;
  };
  const newest = () => page.evaluate(async () => (await globalThis.engines[0]?.listRuns())?.runs[0]?.sequence ?? 0);

  await page.evaluate(cover);
  const before = { memory: await memory(), sequence: await newest() };
  await page.waitForTimeout(10_000);
  const after = { memory: await memory(), sequence: await newest() };
  expect(after.sequence - before.sequence, "ticks while it was hidden").toBeGreaterThan(5_000);
  expect(after.memory - before.memory, "megabytes kept of them").toBeLessThan(12);

  // It goes on for long. The next frames are of now: not of what was missed, one after the other.
  const { shown, late, tasks, redrawn } = await page.evaluate(async (wanted) => {
    const durations: number[] = [];
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) durations.push(duration);
    }).observe({ type: "longtask" });
    let positions = 0;
    const position = document.querySelector(".tw-position");
    if (position === null) throw new Error("Nothing says which tick is shown.");
    const observer = new MutationObserver(() => (positions += 1));
    observer.observe(position, { subtree: true, characterData: true, childList: true });
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const tick = () => Number((/#([\d,]+)/.exec(position.textContent)?.[1] ?? "0").replaceAll(",", ""));
    globalThis.uncover();
    const since = performance.now();
    for (let frames = 0; frames < 3; frames++) await frame();
    const shownThen = tick();
    while (tick() < wanted && performance.now() - since < 5_000) await frame();
    const lateBy = performance.now() - since;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, 1_000 - lateBy)));
    observer.disconnect();
    return { shown: shownThen, late: lateBy, tasks: durations, redrawn: positions };
  }, after.sequence);
  // News is on its way for a moment.
  const missed = after.sequence - before.sequence;
  expect(shown, "the tick shown at once").toBeGreaterThan(after.sequence - 0.1 * missed);
  expect(late, "milliseconds until it shows what was the newest").toBeLessThan(1_500);
  expect(redrawn, "drawings in the second after").toBeLessThanOrEqual(70);
  expect(tasks.filter((duration) => duration > 50)).toEqual([]);
  expect(await newest(), "it still goes on").toBeGreaterThan(shown);
});
