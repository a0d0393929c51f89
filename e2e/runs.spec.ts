import { AxeBuilder } from "@axe-core/playwright";
import { expect, test, type Page } from "@playwright/test";

const rows = (page: Page) => page.getByRole("navigation", { name: "Runs" }).locator("[data-run]");

/** A run of the demo that asks a question. */
async function startRun(page: Page): Promise<void> {
  await page.getByLabel(/Slowly/).uncheck();
  await page.getByRole("button", { name: /species\.csv/ }).click();
  await expect(page.getByRole("article", { name: "ask waits for Answer" })).toBeVisible({ timeout: 20_000 });
}

async function seriousFindings(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(" ")}`));
}

for (const colorScheme of ["light", "dark"] as const) {
  test(`a run is compared with its fork, both are deleted and kept again, ${colorScheme}`, async ({
    page,
    browserName,
  }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.goto("/");
    await startRun(page);
    await page.getByRole("button", { name: "More", exact: true }).click();
    await page.getByRole("menuitem", { name: "Fork from here" }).click();
    await expect(rows(page)).toHaveCount(2);
    await page.getByRole("button", { name: "More", exact: true }).click();
    await page.getByRole("menuitem", { name: "Compare with where it came from" }).click();
    await expect(page.getByRole("region", { name: "Where they part" })).toBeVisible();
    await expect(page).toHaveURL(/\?with=/);
    const both = page.getByRole("region", { name: "Graph of both runs" });
    await both.getByRole("button", { name: /^split, step/ }).click();
    const row = page.getByRole("table", { name: "Steps" }).getByRole("button", { name: "split" });
    await expect(row).toHaveAttribute("aria-pressed", "true");
    await expect(row).toBeInViewport();
    expect(await seriousFindings(page), "comparison").toEqual([]);
    await page.getByRole("button", { name: "Close the comparison" }).click();

    await rows(page).first().focus();
    await page.keyboard.press("x");
    await page.keyboard.press("Shift+ArrowDown");
    const bar = page.getByRole("toolbar", { name: "Selected runs" });
    await expect(bar).toContainText("2 selected");
    await bar.getByRole("button", { name: "Delete" }).click();
    await expect(page.getByText(/^2 runs will be deleted/)).toBeVisible();
    // Elsewhere axe takes longer than the deletion is held.
    if (browserName === "chromium") expect(await seriousFindings(page), "a deletion that is held").toEqual([]);
    await page.getByRole("button", { name: /^Undo/ }).click();
    await expect(rows(page)).toHaveCount(2);

    await bar.getByRole("button", { name: /^All/ }).click();
    await bar.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("button", { name: "Delete now" }).click();
    await expect(rows(page)).toHaveCount(0);
    await page.reload();
    await expect(page.getByRole("main")).toBeVisible();
    await expect(rows(page)).toHaveCount(0);
  });
}
