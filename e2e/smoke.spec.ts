import { expect, test } from "@playwright/test";
import { policyViolations } from "./policy-violations.ts";
import { onlyChromium } from "./only-chromium.ts";

test("the built app starts without a complaint", async ({ page }) => {
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("requestfailed", (request) => complaints.push(`${request.url()}: ${request.failure()?.errorText}`));

  await page.goto("/");

  await expect(page).toHaveTitle(/tickwork/);
  await expect(page.getByRole("main")).toBeVisible();
  expect(complaints).toEqual([]);
});

test("the page and its workers keep a strict security policy", async ({ page, browserName }) => {
  onlyChromium(browserName, "policy");
  const response = await page.goto("/");
  await expect(page.getByRole("main")).toBeVisible();

  expect(response?.headers()["content-security-policy"]).toContain("default-src 'none'; script-src 'self';");
  expect(await policyViolations(page)).toEqual([]);
});
