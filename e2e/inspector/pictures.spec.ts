import { expect, test, type Page } from "@playwright/test";
import { readdirSync } from "node:fs";
import { LONG_ID, NOW } from "./app/scenes/fixed.ts";
import { keepMadeWith, madeHere, whyNotCompared } from "./made-with.ts";
import { type Look, pictures } from "./picture-list.ts";

const pages = process.env["TICKWORK_INSPECTOR_PAGES"];
const standalone = "/inspector/standalone/index.html";
let whyNot: string | null = null;

test.beforeAll(async ({ browser }, { config }) => {
  const here = await madeHere(browser);
  const isRetaken = config.updateSnapshots === "all" || config.updateSnapshots === "changed";
  if (isRetaken) keepMadeWith(here);
  else whyNot = whyNotCompared(here);
});

test("the pictures were made with this browser and these fonts", () => {
  // A new version of a browser is no fault of a commit; who wants to hear of one sets this.
  const mustHold = process.env["TICKWORK_PICTURES"] === "required";
  test.skip(whyNot !== null && !mustHold, whyNot ?? "");
  expect(whyNot ?? "they were").toBe("they were");
});

for (const { name, scene, at = "/", act, part, looks } of pictures) {
  test(`${name} looks as it did`, async ({ page }) => {
    test.skip(whyNot !== null, whyNot ?? "");
    await page.clock.setFixedTime(NOW);
    for (const isNarrow of [false, true]) {
      const wanted = looks.filter((look) => look.startsWith("narrow") === isNarrow);
      if (wanted.length === 0) continue;
      await page.setViewportSize(isNarrow ? { width: 400, height: 760 } : { width: 1_120, height: 700 });
      // Another address each time, so that the page is loaded anew.
      const query = new URLSearchParams({ scene, picture: name, ...(isNarrow && { narrow: "" }) });
      const place = `?${query.toString()}#${at.replace("LONG", LONG_ID)}`;
      await page.goto(scene === "standalone" ? standalone : `${pages}/scenes.html${place}`);
      // Parts that are loaded after the first picture of the page, too.
      await page.waitForLoadState("networkidle");
      await settle(page);
      await act?.(page);
      for (const look of wanted) await compare(look);
    }

    async function compare(look: Look): Promise<void> {
      await page.emulateMedia({ colorScheme: look.endsWith("dark") ? "dark" : "light" });
      await settle(page);
      const subject = part === undefined || look.startsWith("narrow") ? page : part(page).first();
      await expect.soft(subject).toHaveScreenshot(fileOf(name, look));
    }
  });
}

test("no picture is kept that nothing is compared with", () => {
  const known = new Set(pictures.flatMap(({ name, looks }) => looks.map((look) => fileOf(name, look))));
  const kept = readdirSync(new URL("pictures", import.meta.url)).filter((file) => file.endsWith(".png"));
  expect(kept.filter((file) => !known.has(file))).toEqual([]);
});

function fileOf(name: string, look: Look): string {
  return `${name}-${look.replace(" ", "-")}.png`;
}

/** Nothing is being loaded any more. */
async function settle(page: Page): Promise<void> {
  await expect(page.locator(".tw-shell, .tw-choose")).toBeVisible();
  await expect(page.locator(".tw-skeleton")).toHaveCount(0);
  const graph = page.locator(".tw-graph .react-flow");
  if (await graph.isVisible()) await expect(graph.locator(".react-flow__node").first()).toBeVisible();
}
