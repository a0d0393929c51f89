import { AxeBuilder } from "@axe-core/playwright";
import { expect, test } from "@playwright/test";

test("the first minute: one button, and a path to going back, reloading and answering", async ({ page }) => {
  test.setTimeout(90_000);
  await page.goto("/");
  await expect(page.getByRole("heading", { name: "Workflows that outlive their tab" })).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await page.getByRole("button", { name: "Start a first run" }).click();

  const path = page.getByRole("region", { name: "First steps" });
  const profile = page.getByRole("button", { name: /^profile, step/ });
  await expect(profile).toHaveAccessibleName(/8 of 8 slots busy, \d\d queued/);
  await expect(path).toContainText("1/6");
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await path.getByRole("button", { name: "Next" }).click();

  // Doing it by oneself counts as well.
  await page.getByRole("button", { name: "Previous tick" }).click();
  await expect(path).toContainText("So it stood then");
  await path.getByRole("button", { name: "Live" }).click();

  await path.getByRole("button", { name: "Reload" }).click();
  await expect(path).toContainText("It went on: nothing lost");
  await expect(profile).toHaveAccessibleName(/8 of 8 slots busy/);

  await path.getByRole("button", { name: "Show it" }).click({ timeout: 40_000 });
  const question = page.getByRole("article", { name: "ask waits for Answer" });
  await question.getByLabel("Read its cells as").selectOption("text");
  await question.getByRole("button", { name: "Send Answer" }).click();
  await path.getByRole("button", { name: "See the report" }).click();
  await expect(page.getByRole("heading", { name: /species\.csv/ })).toBeVisible();
  await path.getByRole("button", { name: "End the first steps" }).click();
  await expect(path).toHaveCount(0);
  await page.reload();
  await expect(page.getByRole("button", { name: "Export" })).toBeVisible();
  await expect(path).toHaveCount(0);
});
