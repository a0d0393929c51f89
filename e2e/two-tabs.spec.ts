import { expect, test, type Page } from "@playwright/test";

const open = async (page: Page): Promise<Page> => {
  await page.goto("/");
  await expect(page.getByRole("heading", { name: /outlive their tab|Open a run/ })).toBeVisible();
  return page;
};

test("two tabs share one engine, and the second carries on when the first is closed", async ({ context }) => {
  const first = await open(await context.newPage());
  const second = await open(await context.newPage());
  await second.getByRole("button", { name: /^Health/ }).click();
  await expect(second.getByText("In another tab", { exact: true })).toBeVisible();
  await second.getByRole("button", { name: "Close" }).click();

  // Started in the second tab, at work in the first.
  await second.getByRole("button", { name: /birdstrikes\.csv/ }).click();
  await expect(second.getByRole("button", { name: /^profile, step/ })).toBeVisible();
  await expect(first.getByRole("list").getByText("csv-profile")).toBeVisible();

  await first.close();
  await second.getByRole("button", { name: /^Health/ }).click();
  await expect(second.getByText("In this tab", { exact: true })).toBeVisible();
  await second.getByRole("button", { name: "Close" }).click();
  await expect(second.getByRole("list").getByText(/completed/i)).toBeVisible({ timeout: 30_000 });
});
