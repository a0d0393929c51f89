import { expect, test, type Page } from "@playwright/test";
import { typeInto } from "./type-into.ts";

/** Starts a run that asks how the cells of a column are to be read. */
async function startAsking(page: Page, waiting: number): Promise<void> {
  await page.goto("/");
  await page.getByLabel(/Slowly/).uncheck();
  await page.getByRole("button", { name: /species\.csv/ }).click();
  await expect(page.getByRole("button", { name: `Inbox, ${waiting} to answer` })).toBeVisible({ timeout: 30_000 });
}

const questions = (page: Page) => page.getByRole("list", { name: "Questions" }).getByRole("button");
const cells = (page: Page) => page.getByLabel("Read its cells as");

test("questions of two runs: a draft outlives a reload, and what another tab answers says so", async ({ context }) => {
  const page = await context.newPage();
  await startAsking(page, 1);
  await startAsking(page, 2);
  await page.locator("body").press("i");
  await expect(questions(page)).toHaveCount(2);
  await questions(page).first().click();
  await cells(page).selectOption("text");

  await expect(page).toHaveURL(/#\/inbox\?item=/);
  await page.reload();
  await expect(page.getByText("What you typed before is here again.")).toBeVisible();
  await expect(cells(page).locator("option:checked")).toHaveText("text");

  const other = await context.newPage();
  await other.goto(page.url());
  await expect(cells(other).locator("option:checked")).toHaveText("text");
  await other.getByRole("button", { name: "Send Answer" }).click();
  // It goes on with the next question by itself.
  await expect(other.getByRole("button", { name: "Inbox, 1 to answer" })).toBeVisible();
  await expect(questions(other)).toHaveCount(1);
  await expect(cells(other)).toBeVisible();

  await expect(page.getByRole("status").getByText("Answered elsewhere")).toBeVisible();
  await page.getByRole("button", { name: "Dismiss", exact: true }).click();
  await expect(questions(page)).toHaveCount(1);
  await cells(page).selectOption("text");
  await page.getByRole("button", { name: "Send Answer" }).click();
  await expect(page.getByText("Nothing waits for you")).toBeVisible();
});

test("a run is started again with other input, and the difference is marked", async ({ page }) => {
  await startAsking(page, 1);
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: "Run again…" }).click();
  const dialog = page.getByRole("dialog", { name: /Run csv-profile again/ });
  await expect(dialog.getByText("Nothing differs yet.")).toBeVisible();
  await typeInto(dialog.getByRole("textbox").first(), "other.csv");
  await expect(dialog.getByText("1 difference to the new input.")).toBeVisible();
  await expect(dialog.getByText("changed")).toBeVisible();
});
