import { AxeBuilder } from "@axe-core/playwright";
import { expect, test, type Locator, type Page } from "@playwright/test";
import { typeInto } from "./type-into.ts";

/** What axe calls serious or worse, one line each. */
async function seriousFindings(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(" ")}`));
}

/** A run of the sample, that waits for its answer. */
async function openAsking(page: Page): Promise<Locator> {
  await page.goto("/");
  await page.getByLabel(/Slowly/).uncheck();
  await page.getByRole("button", { name: /species\.csv/ }).click();
  const question = page.getByRole("article", { name: "ask waits for Answer" });
  await expect(question).toBeVisible();
  return question;
}

for (const colorScheme of ["light", "dark"] as const) {
  test.describe(`axe finds nothing serious, ${colorScheme}`, () => {
    test.beforeEach(async ({ page }) => {
      test.setTimeout(90_000);
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    });

    test("in the first run, a run that asks, its report, health", async ({ page }) => {
      await page.goto("/");
      await expect(page.getByRole("button", { name: /species\.csv/ })).toBeVisible();
      expect(await seriousFindings(page), "first run").toEqual([]);
      const question = await openAsking(page);
      expect(await seriousFindings(page), "a run that asks").toEqual([]);
      await question.getByLabel("Read its cells as").selectOption("text");
      await question.getByRole("button", { name: "Send Answer" }).click();
      await page.getByRole("group", { name: "Middle view" }).getByRole("button", { name: "Report" }).click();
      await expect(page.getByRole("table")).toBeVisible();
      expect(await seriousFindings(page), "its report").toEqual([]);
      await page.getByRole("button", { name: /^Health/ }).click();
      await expect(page.getByRole("meter", { name: "Storage used" })).toBeVisible();
      expect(await seriousFindings(page), "health").toEqual([]);
    });

    test("in the log, the stream, causes, and the inbox", async ({ page }) => {
      await openAsking(page);
      for (const tab of ["Logs", "Stream"]) {
        await page.getByRole("tab", { name: tab }).click();
        expect(await seriousFindings(page), tab).toEqual([]);
      }
      await typeInto(page.getByRole("searchbox", { name: /whole payloads/ }), "county_id");
      await page.getByRole("listbox", { name: "Ticks" }).getByRole("option").first().click();
      await page.getByRole("tab", { name: "Causes" }).click();
      await expect(page.getByRole("list", { name: /What led to it/ })).toBeVisible();
      expect(await seriousFindings(page), "a search, and the causes of a tick").toEqual([]);
      await page.getByRole("button", { name: "Inbox, 1 to answer" }).click();
      await page.getByRole("list", { name: "Questions" }).getByRole("button").click();
      await expect(page.getByRole("button", { name: "Send Answer" })).toBeVisible();
      expect(await seriousFindings(page), "inbox").toEqual([]);
    });

    test("in the graph's table, search and lanes, and the timeline", async ({ page }) => {
      await page.goto("/");
      await page.getByRole("button", { name: /birdstrikes\.csv/ }).click();
      await expect(page.getByRole("button", { name: /^profile, step/ })).toBeVisible();
      await page.keyboard.press("g");
      await expect(page.getByRole("grid")).toBeVisible();
      expect(await seriousFindings(page), "its steps as a table").toEqual([]);
      await page.keyboard.press("g");
      await page.keyboard.press("f");
      await typeInto(page.getByRole("combobox", { name: "Find a step or an event" }), "profile");
      expect(await seriousFindings(page), "search in the graph").toEqual([]);
      await page.keyboard.press("Enter");
      await expect(page.getByRole("button", { name: /^profile, step/ })).toBeFocused();
      await page.keyboard.press("Shift+Enter");
      await expect(page.getByRole("region", { name: "Work items of profile" })).toBeVisible();
      expect(await seriousFindings(page), "lanes of a step").toEqual([]);
      await page.keyboard.press("Escape");
      await page.getByRole("group", { name: "Below" }).getByRole("button", { name: "Timeline" }).click();
      const bars = page.getByRole("listbox", { name: "Spans" });
      await bars.focus();
      await bars.press("ArrowDown");
      await expect(page.getByRole("option", { name: /split|profile|merge|report/ })).toBeVisible();
      expect(await seriousFindings(page), "its timeline").toEqual([]);
      await page.getByRole("button", { name: "As a table", exact: true }).click();
      await expect(page.getByRole("grid", { name: "Spans" })).toBeVisible();
      expect(await seriousFindings(page), "its timeline as a table").toEqual([]);
    });
  });

  test(`axe finds nothing serious in a run that is held, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.goto("/");
    await page.getByLabel(/Slowly/).uncheck();
    await page.getByRole("button", { name: /species\.csv/ }).click();
    await expect(page.getByRole("article", { name: "ask waits for Answer" })).toBeVisible({ timeout: 30_000 });
    await page.getByRole("button", { name: /^Debug/ }).click();
    await page.getByRole("button", { name: "Pause the run" }).click();
    await expect(page.getByText("Nothing begins until you continue.")).toBeVisible();
    expect(await seriousFindings(page)).toEqual([]);
  });
}

test("at 400 px everything is reached through tabs and nothing is wider than the screen", async ({ page }) => {
  await page.setViewportSize({ width: 400, height: 800 });
  await page.goto("/");
  await page.getByRole("button", { name: /birdstrikes\.csv/ }).click();
  await expect(page.getByRole("button", { name: /^profile, step/ })).toBeVisible();
  for (const view of ["Runs", "Graph", "Log", "Timeline", "Detail"]) {
    await page
      .getByRole("tab", { name: view })
      .or(page.getByRole("button", { name: view, exact: true }))
      .first()
      .click();
    expect(await page.evaluate(() => document.documentElement.scrollWidth), view).toBeLessThanOrEqual(400);
  }
  expect(await seriousFindings(page)).toEqual([]);
  await page.getByRole("button", { name: /^Inbox/ }).click();
  await expect(page.getByRole("region", { name: "Inbox" })).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth), "Inbox").toBeLessThanOrEqual(400);
  await page.getByRole("button", { name: /^Health/ }).click();
  await expect(page.getByRole("dialog", { name: "Health" })).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth), "Health").toBeLessThanOrEqual(400);
});
