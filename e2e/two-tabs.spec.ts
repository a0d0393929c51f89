import { expect, test } from "@playwright/test";

test("a second tab says that the first is at work, and takes over when it is closed", async ({ context }) => {
  const first = await context.newPage();
  await first.goto("/");
  await first.getByRole("button", { name: /birdstrikes\.csv/ }).click();
  await expect(first.getByRole("button", { name: /^profile, step/ })).toBeVisible();

  const second = await context.newPage();
  await second.goto("/");
  await expect(second.getByRole("heading", { name: "Another tab is at work" })).toBeVisible();

  await first.close();
  await expect(second.getByRole("list").getByText("csv-profile")).toBeVisible();
});
