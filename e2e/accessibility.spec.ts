import { AxeBuilder } from "@axe-core/playwright";
import { expect, test, type Page } from "@playwright/test";

/** What axe calls serious or worse, one line each. */
async function seriousFindings(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(" ")}`));
}

for (const colorScheme of ["light", "dark"] as const) {
  test(`axe finds nothing serious in the app's views, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.goto("/");
    await expect(page.getByRole("button", { name: /species\.csv/ })).toBeVisible();
    expect(await seriousFindings(page), "first run").toEqual([]);

    await page.getByLabel(/Slowly/).uncheck();
    await page.getByRole("button", { name: /species\.csv/ }).click();
    const question = page.getByRole("article", { name: "ask waits for Answer" });
    await expect(question).toBeVisible();
    expect(await seriousFindings(page), "a run that asks").toEqual([]);

    for (const tab of ["Logs", "Stream"]) {
      await page.getByRole("tab", { name: tab }).click();
      expect(await seriousFindings(page), tab).toEqual([]);
    }
    await page.getByRole("searchbox", { name: /whole payloads/ }).fill("county_id");
    await page.getByRole("listbox", { name: "Ticks" }).getByRole("option").first().click();
    await page.getByRole("tab", { name: "Causes" }).click();
    await expect(page.getByRole("list", { name: /What led to it/ })).toBeVisible();
    expect(await seriousFindings(page), "a search, and the causes of a tick").toEqual([]);
    await page.getByRole("searchbox", { name: /whole payloads/ }).fill("");
    await page.getByRole("button", { name: "Back to live" }).click();
    await page.getByRole("tab", { name: "Overview" }).click();
    await page.getByRole("button", { name: "Inbox, 1 to answer" }).click();
    await page.getByRole("list", { name: "Questions" }).getByRole("button").click();
    await expect(page.getByRole("button", { name: "Send Answer" })).toBeVisible();
    expect(await seriousFindings(page), "inbox").toEqual([]);
    await page.getByRole("button", { name: "Open the run at this question" }).click();

    await question.getByLabel("Read its cells as").selectOption("text");
    await question.getByRole("button", { name: "Send Answer" }).click();
    await page.getByRole("group", { name: "Middle view" }).getByRole("button", { name: "Report" }).click();
    await expect(page.getByRole("table")).toBeVisible();
    expect(await seriousFindings(page), "its report").toEqual([]);

    await page.getByRole("group", { name: "Below" }).getByRole("button", { name: "Timeline" }).click();
    const bars = page.getByRole("listbox", { name: "Spans" });
    await bars.focus();
    await bars.press("ArrowDown");
    await expect(page.getByRole("option", { name: /profile/ })).toBeVisible();
    expect(await seriousFindings(page), "its timeline").toEqual([]);
    await page.getByRole("button", { name: "As a table" }).click();
    await expect(page.getByRole("grid", { name: "Spans" })).toBeVisible();
    expect(await seriousFindings(page), "its timeline as a table").toEqual([]);

    await page.getByRole("button", { name: /^Health/ }).click();
    await expect(page.getByRole("meter", { name: "Storage used" })).toBeVisible();
    expect(await seriousFindings(page), "health").toEqual([]);
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
