/** What holds in every view of the built app: nothing is blocked by a strict policy; with motion reduced nothing moves. */
import { expect, test, type Page } from "@playwright/test";
import { policyViolations } from "../policy-violations.ts";
import { everyView } from "./every-view.ts";

test("no view and no worker does what a strict security policy forbids", async ({ page, browserName }) => {
  test.skip(browserName !== "chromium", "only Chromium tells what a worker's policy blocked");
  test.setTimeout(120_000);
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  await page.goto("/");
  for (const [name, open] of everyView) {
    await test.step(name, async () => {
      await open(page);
      expect(await policyViolations(page), name).toEqual([]);
    });
  }
  expect(complaints).toEqual([]);
});

test("the guide and the page of its own keep it as well", async ({ page, browserName }) => {
  test.skip(browserName !== "chromium", "only Chromium tells what a worker's policy blocked");
  for (const address of ["/inspector/standalone/index.html", "/guide/index.html", "/guide/inspector.html"]) {
    const response = await page.goto(address);
    expect(response?.ok(), address).toBe(true);
    expect(await policyViolations(page), address).toEqual([]);
  }
});

/** Runs in the page: what is in motion, and where. */
function animations(): string[] {
  return document.getAnimations().map((animation) => {
    const { effect } = animation;
    const target = effect instanceof KeyframeEffect ? effect.target : null;
    return `${animation.constructor.name} of ${target?.getAttribute("class") ?? target?.localName}`;
  });
}

async function expectStill(page: Page): Promise<void> {
  await page.goto("/");
  for (const [name, open] of everyView) {
    await test.step(name, async () => {
      await open(page);
      expect(await page.evaluate(animations), name).toEqual([]);
    });
  }
}

test("with motion reduced by the system nothing is animated in any view", async ({ page }) => {
  test.setTimeout(120_000);
  await page.emulateMedia({ reducedMotion: "reduce" });
  await expectStill(page);
});

test("with motion reduced by its own setting nothing is animated in any view", async ({ page }) => {
  test.setTimeout(120_000);
  await page.emulateMedia({ reducedMotion: "no-preference" });
  await page.addInitScript(() => localStorage.setItem("tickwork.inspector", JSON.stringify({ motion: "reduced" })));
  await expectStill(page);
});
