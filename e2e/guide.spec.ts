import { AxeBuilder } from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { policyViolations } from "./policy-violations.ts";
import { onlyChromium } from "./only-chromium.ts";

const built = join(import.meta.dirname, "../dist-app");
const pages = readdirSync(join(import.meta.dirname, "../inspector/guide"))
  .filter((file) => file.endsWith(".md"))
  .map((file) => (file === "README.md" ? "index" : file.replace(/\.md$/, "")));

test("the app leads to the guide, and the guide back", async ({ page, context }) => {
  await page.goto("/");
  const opened = context.waitForEvent("page");
  await page.getByRole("link", { name: "Guide" }).click();
  const guide = await opened;
  await expect(guide).toHaveTitle("tickwork guide");
  await guide.getByRole("navigation", { name: "Guide" }).getByRole("link", { name: "Retries" }).click();
  await expect(guide.getByRole("heading", { level: 1 })).toHaveText("Retries");
  await guide.getByRole("link", { name: "Open the app" }).click();
  await expect(guide).toHaveTitle("tickwork");
});

for (const colorScheme of ["light", "dark"] as const) {
  // All pages are made alike, and a long one takes axe seconds: the contents, and one with code, output and tables.
  test(`axe finds nothing serious on pages of the guide, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    for (const name of ["index", "state"]) {
      await page.goto(`/guide/${name}.html`);
      const { violations } = await new AxeBuilder({ page }).analyze();
      const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
      expect(
        serious.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(" ")}`)),
        name,
      ).toEqual([]);
    }
  });
}

test("every page of the guide is there and keeps a strict security policy", async ({ page }) => {
  for (const name of pages) {
    const response = await page.goto(`/guide/${name}.html`);
    expect(response?.status(), name).toBe(200);
    expect(response?.headers()["content-security-policy"], name).toContain("default-src 'none'");
    expect(await policyViolations(page), name).toEqual([]);
  }
});

test("at 400 px no page is wider than the screen, and the list of pages opens", async ({ page }) => {
  await page.setViewportSize({ width: 400, height: 800 });
  for (const name of pages) {
    await page.goto(`/guide/${name}.html`);
    expect(await page.evaluate(() => document.documentElement.scrollWidth), name).toBeLessThanOrEqual(400);
  }
  await page.getByText("All pages").click();
  await page.getByRole("navigation", { name: "All pages" }).getByRole("link", { name: "Getting started" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Getting started");
});

test("the theme chosen in the app holds in the guide", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "light" });
  await page.goto("/");
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitemradio", { name: "Dark" }).click();
  await page.goto("/guide/retries.html");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
});

test("code is copied as it is shown", async ({ page, context, browserName }) => {
  onlyChromium(browserName, "clipboard");
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto("/guide/retries.html");
  await page.getByRole("button", { name: "Copy" }).first().click();
  await expect(page.getByRole("button", { name: "Copied" })).toBeVisible();
  const example = readFileSync(join(import.meta.dirname, "../test/examples/retries.ts"), "utf8");
  expect((await page.evaluate(() => navigator.clipboard.readText())).trim()).toBe(example.trim());
});

test("the app and its guide work below any path", async ({ page }) => {
  const missing: string[] = [];
  await page.route("http://tickwork.example/**", async (route) => {
    const path = new URL(route.request().url()).pathname;
    const types: Record<string, string> = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" };
    try {
      const body = readFileSync(join(built, path.replace(/^\/some\/place\//, "")));
      await route.fulfill({ body, contentType: types[extname(path)] ?? "image/svg+xml" });
    } catch {
      missing.push(path);
      await route.fulfill({ status: 404 });
    }
  });
  await page.goto("http://tickwork.example/some/place/guide/retries.html");
  await expect(page.getByRole("heading", { level: 1 })).toHaveCSS("font-size", "28px");
  await page.getByRole("link", { name: "Open the app" }).click();
  await expect(page.getByRole("link", { name: "Guide" })).toHaveAttribute("href", "guide/index.html");
  expect(missing).toEqual([]);
});
