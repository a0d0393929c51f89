/** Rules of a live view, held while a run makes more ticks than anybody can follow. */
import { expect, test, type Page } from "@playwright/test";

const pages = process.env["TICKWORK_INSPECTOR_PAGES"] ?? "";

/** What the views say of a step at one moment. */
interface Reading {
  /** The tick shown, of the graph's tools and the scrubber. */
  readonly sequences: readonly string[];
  /** The newest tick, of the scrubber and the log's count. */
  readonly newest: readonly string[];
  /** Busy, queued, done: of the drawing's name for assistive technology, its numbers, and the detail. */
  readonly counts: readonly string[];
}

/** Runs in the page, in one go: nothing can happen between two of the numbers. */
function readViews(): Reading {
  const text = (selector: string): string => document.querySelector(selector)?.textContent ?? "";
  const number = (from: string, pattern: RegExp): string => (pattern.exec(from)?.[1] ?? "none").replaceAll(",", "");
  const node = document.querySelector("[data-node='step:seat']");
  const label = node?.getAttribute("aria-label") ?? "";
  const row = [...document.querySelectorAll("[role=grid] tbody tr")].find((each) => each.textContent.includes("seat"));
  const facts = new Map(
    [...document.querySelectorAll(".tw-detail dt")].map((term) => [
      term.textContent,
      term.nextElementSibling?.textContent ?? "",
    ]),
  );
  const counts: string[] = [];
  if (node !== null) {
    const part = (name: RegExp): string => (number(label, name) === "none" ? "0" : number(label, name));
    counts.push([/([\d,]+) of/, /([\d,]+) queued/, /([\d,]+) done/].map(part).join(" "));
    counts.push(
      [
        number(text("[data-node='step:seat']"), /([\d,]+)\/8 busy/),
        number(text("[data-node='step:seat'] .tw-queue-depth"), /([\d,]+)/),
      ]
        .concat(number(label, /([\d,]+) done/) === "none" ? "0" : number(label, /([\d,]+) done/))
        .join(" "),
    );
  }
  if (row !== undefined) {
    const cells = [...row.querySelectorAll("td, th")].map((cell) => cell.textContent.replaceAll(",", ""));
    counts.push(cells.join("|"));
  }
  counts.push(["Busy", "Queued", "Done"].map((name) => number(facts.get(name) ?? "", /^([\d,]+)/)).join(" "));
  const shown = document.querySelector<HTMLInputElement>("[aria-label='Tick shown']")?.value ?? "";
  const newest = [number(text(".tw-jump"), /of ([\d,]+)/), number(text(".tw-log"), /([\d,]+) ticks/)];
  return { sequences: [number(text(".tw-position"), /#([\d,]+)/), shown], newest, counts };
}

async function openCrowd(page: Page, items: number, milliseconds: number): Promise<void> {
  await page.goto(`${pages}/host.html?styles=plain&height=700px`);
  await page.evaluate((input) => globalThis.engines[0]?.startRun("crowd", input), { items, milliseconds });
  await page.locator("[data-run]").first().click();
  await page.getByRole("button", { name: /^seat, step/ }).click();
}

test("at any moment all views say the same of the same tick, and of a finished run that nothing runs", async ({
  page,
}) => {
  test.setTimeout(60_000);
  await openCrowd(page, 1_000, 50);
  const expectOne = (reading: Reading, when: string): void => {
    expect(new Set(reading.sequences).size, `${when}: ${reading.sequences.join(", ")}`).toBe(1);
    expect(new Set(reading.counts).size, `${when}: ${reading.counts.join(", ")}`).toBe(1);
  };
  const seen = new Set<string>();
  // At moments that have nothing to do with the rhythm of the news.
  for (const pause of [3, 170, 41, 266, 97, 11, 203, 58, 149, 311]) {
    await page.waitForTimeout(pause);
    const reading = await page.evaluate(readViews);
    expectOne(reading, "live");
    expect(reading.newest, "live").toEqual([reading.sequences[0], reading.sequences[0]]);
    const [busy = 0, queued = 0, done = 0] = (reading.counts[0] ?? "").split(" ").map(Number);
    expect(busy).toBeLessThanOrEqual(8);
    expect(busy + queued + done).toBeLessThanOrEqual(1_000);
    seen.add(reading.counts[0] ?? "");
  }
  expect(seen.size, "moments that differ").toBeGreaterThan(3);

  // In the past, while it goes on: every view is at the tick asked for and stays there.
  await page.getByLabel("Jump to tick").fill("40");
  await page.getByLabel("Jump to tick").press("Enter");
  await expect(page.locator(".tw-position")).toContainText("#40");
  const past = await page.evaluate(readViews);
  expectOne(past, "in the past");
  await page.waitForTimeout(400);
  const later = await page.evaluate(readViews);
  expect({ ...later, newest: [] }).toEqual({ ...past, newest: [] });
  expect(new Set(later.newest).size, later.newest.join(", ")).toBe(1);

  await page.getByRole("button", { name: /^(?:Live|Latest)$/ }).click();
  await expect(page.getByRole("img", { name: "Completed" }).first()).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole("button", { name: /^seat, step/ })).toHaveAccessibleName(/1,000 done/);
  expectOne(await page.evaluate(readViews), "at the end");
  for (const step of await page.locator("[data-node^='step:']").all()) {
    await expect(step).toHaveAccessibleName(/, 0 of \d+ slots busy|^(?!.*busy)/);
  }
  await page.getByRole("group", { name: "Below" }).getByRole("button", { name: "Timeline" }).click();
  await page.getByRole("button", { name: "As a table", exact: true }).click();
  const spans = page.getByRole("grid", { name: "Spans" });
  await expect(spans.getByRole("row").nth(5)).toBeVisible();
  const told = (await spans.innerText()).concat(await page.locator(".tw-detail").innerText());
  expect(told).not.toMatch(/[-−]\s?\d+(?:\.\d+)?\s?(?:ms|s|min|h)\b/);
  expect(told).not.toMatch(/\b(?:so far|until now|still running)\b/i);
});

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
  var longTasks: number[];
  var changes: number;
}

test("a tab that was hidden while thousands of ticks passed shows the newest at once, without what it missed", async ({
  page,
  browserName,
}) => {
  test.skip(browserName !== "chromium", "only Chromium tells of long tasks and of memory");
  test.setTimeout(60_000);
  await page.goto(`${pages}/host.html?styles=plain&height=700px`);
  await page.evaluate(() => globalThis.engines[0]?.startRun("lanes", { laps: 50_000 }));
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

  // The next frame but one is of now.
  const { shown, tasks, redrawn } = await page.evaluate(async () => {
    const durations: number[] = [];
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) durations.push(duration);
    }).observe({ type: "longtask" });
    let positions = 0;
    const position = document.querySelector(".tw-position");
    if (position === null) throw new Error("Nothing says which tick is shown.");
    const observer = new MutationObserver(() => (positions += 1));
    observer.observe(position, { subtree: true, characterData: true, childList: true });
    globalThis.uncover();
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    for (let frames = 0; frames < 3; frames++) await frame();
    const shownThen = Number((/#([\d,]+)/.exec(position.textContent)?.[1] ?? "0").replaceAll(",", ""));
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    observer.disconnect();
    return { shown: shownThen, tasks: durations, redrawn: positions };
  });
  expect(shown, "the tick shown at once").toBeGreaterThanOrEqual(after.sequence);
  expect(redrawn, "drawings in the second after").toBeLessThanOrEqual(70);
  expect(tasks.filter((duration) => duration > 50)).toEqual([]);
});
