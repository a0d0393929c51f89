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
  // At moments that have nothing to do with the rhythm of the news; at more of them where frames are rare.
  const pauses = [3, 170, 41, 266, 97, 11, 203, 58, 149, 311];
  for (let times = 0; times < pauses.length || (seen.size <= 3 && times < 30); times++) {
    await page.waitForTimeout(pauses[times % pauses.length] ?? 0);
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
