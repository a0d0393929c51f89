/**
 * A tab that another one covers, hidden by the browser itself: no frames come, and timers are slow. Playwright keeps the
 * pages of the browsers that it launches visible, so it is connected to one. It measures, so it runs alone: see the
 * project "load".
 */
import { chromium, expect, test as base, type BrowserContext, type Page } from "@playwright/test";
import { createServer, type AddressInfo } from "node:net";
import { watchTasks } from "./tasks.ts";

const pages = process.env["TICKWORK_INSPECTOR_PAGES"] ?? "";
const HIDDEN = 60_000;

const test = base.extend<{ window: BrowserContext }>({
  window: async ({ launchOptions }, use) => {
    const port = await freePort();
    const launched = await chromium.launch({
      ...launchOptions,
      // The headless shell has no tabs that cover one another.
      ...(launchOptions.executablePath === undefined && { channel: "chromium" }),
      args: [...(launchOptions.args ?? []), `--remote-debugging-port=${port}`],
    });
    const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`, { noDefaults: true });
    const [context] = browser.contexts();
    if (context === undefined) throw new Error("The browser has no window.");
    await use(context);
    await browser.close();
    await launched.close();
  },
});

declare global {
  /** The batches of news that came since it was emptied: the newest tick of each, and how many ticks are in it. */
  var received: (readonly [sequence: number, ticks: number])[];
  /** Frames since it was set to 0. */
  var framesDrawn: number;
  /** What the tab did when it was shown again. */
  var comeback: Promise<Comeback>;
}

interface Comeback {
  /** The newest tick when it was shown. */
  readonly wanted: number;
  /** The tick that its third frame showed. */
  readonly early: number;
  /** Milliseconds until it showed the one wanted, or a later one. */
  readonly late: number;
  /** In the second after it was shown: what came, how often the tick was drawn, and frames. */
  readonly received: readonly (readonly [sequence: number, ticks: number])[];
  readonly redrawn: number;
  readonly frames: number;
}

/** Runs in the page, before its run is opened. */
function watchNews(): void {
  globalThis.received = [];
  globalThis.framesDrawn = 0;
  const [engine] = globalThis.engines;
  if (engine === undefined) throw new Error("The page has no engine.");
  const inspect = engine.inspect.bind(engine);
  engine.inspect = (runId, listener) =>
    inspect(runId, (batch) => {
      if (batch.run !== undefined) globalThis.received.push([batch.run.graph.sequence, batch.run.ticks.length]);
      listener(batch);
    });
  const count = (): void => {
    globalThis.framesDrawn += 1;
    requestAnimationFrame(count);
  };
  count();
}

/** Runs in the page, while it is hidden. */
function awaitComeback(): void {
  const position = document.querySelector(".tw-position");
  if (position === null) throw new Error("Nothing says which tick is shown.");
  const tick = (): number => Number((/#([\d,]+)/.exec(position.textContent)?.[1] ?? "0").replaceAll(",", ""));
  const frame = (): Promise<unknown> => new Promise((resolve) => requestAnimationFrame(resolve));
  globalThis.comeback = new Promise((resolve) => {
    document.addEventListener("visibilitychange", () => void comeBack().then(resolve), { once: true });
  });
  async function comeBack(): Promise<Comeback> {
    const since = performance.now();
    globalThis.received = [];
    globalThis.framesDrawn = 0;
    let redrawn = 0;
    const observer = new MutationObserver(() => (redrawn += 1));
    observer.observe(position as Element, { subtree: true, characterData: true, childList: true });
    let wanted = Infinity;
    void globalThis.engines[0]?.listRuns().then(({ runs }) => (wanted = runs[0]?.sequence ?? 0));
    for (let frames = 0; frames < 3; frames++) await frame();
    const early = tick();
    while (tick() < wanted && performance.now() - since < 5_000) await frame();
    const late = performance.now() - since;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, 1_000 - late)));
    observer.disconnect();
    return { wanted, early, late, received: globalThis.received, redrawn, frames: globalThis.framesDrawn };
  }
}

/** What nobody moved: the camera, and what is selected. */
const placeOf = (page: Page) =>
  page.evaluate(() => [
    document.querySelector<HTMLElement>(".react-flow__viewport")?.style.transform,
    document.querySelector(".tw-detail h2")?.textContent,
    document.querySelector("[data-node][aria-pressed=true]")?.getAttribute("data-node"),
  ]);

test("a tab hidden for a minute of thousands of ticks per second keeps nothing of them, and shows the newest at once", async ({
  window,
}) => {
  test.setTimeout(HIDDEN + 60_000);
  const page = await window.newPage();
  await page.goto(`${pages}/host.html?styles=plain&height=700px`);
  await expect(page.getByRole("navigation", { name: "Runs" })).toBeVisible();
  await page.evaluate(watchNews);
  await page.evaluate(() => globalThis.engines[0]?.startRun("lanes", { laps: 200_000, milliseconds: 1 }));
  await page.locator("[data-run]").first().click();
  await page.getByRole("button", { name: /^swim, step/ }).click();
  await page.getByRole("button", { name: "Zoom in" }).first().click();
  await page.waitForTimeout(1_000);
  const place = await placeOf(page);
  expect(place).toEqual([expect.stringContaining("scale"), "swim", "step:swim"]);
  const devtools = await window.newCDPSession(page);
  await devtools.send("HeapProfiler.enable");
  const memory = async (): Promise<number> => {
    await devtools.send("HeapProfiler.collectGarbage");
    return (await devtools.send("Runtime.getHeapUsage")).usedSize / 1e6;
  };
  const newest = () => page.evaluate(async () => (await globalThis.engines[0]?.listRuns())?.runs[0]?.sequence ?? 0);

  const cover = await window.newPage();
  await cover.bringToFront();
  await expect.poll(() => page.evaluate(() => document.visibilityState)).toBe("hidden");
  await page.evaluate(() => {
    globalThis.received = [];
    globalThis.framesDrawn = 0;
  });
  const before = { memory: await memory(), sequence: await newest() };
  await cover.waitForTimeout(HIDDEN);
  const after = { memory: await memory(), sequence: await newest() };
  const [batches, ticks, frames] = await page.evaluate(() => [
    globalThis.received.length,
    globalThis.received.reduce((sum, [, count]) => sum + count, 0),
    globalThis.framesDrawn,
  ]);
  const missed = after.sequence - before.sequence;
  expect(frames, "frames while it was hidden").toBe(0);
  expect(missed, "ticks while it was hidden").toBeGreaterThan(HIDDEN / 2);
  expect(batches, "batches of news, at most a few per second").toBeLessThan(HIDDEN / 200);
  expect(ticks, "of all ticks, at most the newest of each batch").toBeLessThan(missed);
  expect(after.memory - before.memory, "megabytes kept of them").toBeLessThan(12);

  // It goes on. What comes and is drawn next is of now: not what was missed, one after the other.
  await page.evaluate(awaitComeback);
  const watch = await watchTasks(page);
  const atLeast = await newest();
  await page.bringToFront();
  const comeback = await page.evaluate(() => globalThis.comeback);
  const tasks = await watch.stop();
  const aSecond = missed / (HIDDEN / 1_000);
  expect(comeback.wanted - comeback.early, "ticks that its first frames are behind").toBeLessThan(aSecond);
  expect(comeback.late, "milliseconds until it shows what was the newest").toBeLessThan(1_500);
  expect(comeback.received.length).toBeGreaterThan(0);
  // One may have been on its way.
  expect(comeback.received.filter(([sequence]) => sequence < atLeast).length, "batches of old news").toBeLessThan(2);
  expect(comeback.received.length, "batches, one per frame").toBeLessThanOrEqual(comeback.frames + 2);
  expect(comeback.redrawn, "drawings of the tick").toBeLessThanOrEqual(comeback.frames + 2);
  expect(tasks.filter(({ cpu }) => cpu > 50)).toEqual([]);
  expect(await newest(), "it still goes on").toBeGreaterThan(comeback.wanted);
  expect(await placeOf(page), "camera and selection").toEqual(place);
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
