/** With the colours of a high-contrast theme, and with text twice as large: everything is there and legible. */
import { expect, test, type Page } from "@playwright/test";
import { onlyChromium } from "../only-chromium.ts";

const pages = process.env["TICKWORK_INSPECTOR_PAGES"] ?? "";

async function openRun(page: Page, query: string): Promise<void> {
  await page.goto(`${pages}/host.html?styles=plain&${query}`);
  await page.evaluate(() => globalThis.engines[0]?.startRun("crowd", { items: 40, milliseconds: 5 }));
  await page.locator("[data-run]").first().click();
  await expect(page.getByRole("button", { name: /^seat, step/ })).toHaveAccessibleName(/40 done/);
}

/** Runs in the page: controls and nodes that nothing sets apart from what is around them. */
function withoutBoundary(): string[] {
  const selector = ".tw-root :is(.tw-button, .tw-chip, .tw-node, .tw-switch-part.tw-is-on, select, input, [role=tab])";
  return [...document.querySelectorAll<HTMLElement>(selector)]
    .filter((element) => element.checkVisibility({ checkOpacity: true }) && element.getBoundingClientRect().width > 1)
    .filter((element) => {
      const style = getComputedStyle(element);
      const hasBorder = ["top", "right", "bottom", "left"].some(
        (side) =>
          Number.parseFloat(style.getPropertyValue(`border-${side}-width`)) > 0 &&
          style.getPropertyValue(`border-${side}-style`) !== "none",
      );
      const hasOutline = style.outlineStyle !== "none" && Number.parseFloat(style.outlineWidth) > 0;
      const isNamed = element.textContent.trim() !== "" || element.querySelector("svg") !== null;
      const isNative = element.matches("select, input:is([type=range], [type=checkbox])");
      const isInBox = element.closest(".tw-search, .tw-jump") !== null;
      return !hasBorder && !hasOutline && !isNamed && !isNative && !isInBox;
    })
    .map((element) => element.outerHTML.slice(0, 120));
}

/** Runs in the page: what says by its background alone that it is chosen, and so says nothing. */
function chosenByBackgroundAlone(): string[] {
  const looks = [
    "color",
    "backgroundColor",
    "borderTopColor",
    "borderBottomColor",
    "outlineStyle",
    "outlineColor",
    "forcedColorAdjust",
  ] as const;
  const pairs = document.querySelectorAll<HTMLElement>(
    ".tw-root :is([aria-pressed=true], [aria-selected=true], [aria-checked=true], [aria-current=true], .tw-is-on)",
  );
  return [...pairs]
    .filter((element) => element.checkVisibility() && element.getBoundingClientRect().width > 1)
    .filter((element) => {
      const twin = [...(element.parentElement?.children ?? [])].find(
        (other) => other !== element && other.localName === element.localName && other.checkVisibility(),
      );
      if (twin === undefined) return false;
      // Slots that are all busy differ from a free one, not from each other.
      if (element.className === twin.className) return false;
      const look = (of: Element): string => {
        const style = getComputedStyle(of);
        return looks.map((property) => style[property]).join();
      };
      return look(element) === look(twin);
    })
    .map((element) => `${element.className} ${element.textContent.slice(0, 40)}`);
}

test("with forced colours what can be used has a boundary, and what is chosen differs from what is not", async ({
  page,
  browserName,
}) => {
  onlyChromium(browserName, "forcedColors");
  await page.emulateMedia({ forcedColors: "active" });
  await openRun(page, "height=700px");
  await page.getByRole("listbox", { name: "Ticks" }).getByRole("option").nth(1).click();
  expect(await page.evaluate(withoutBoundary)).toEqual([]);
  expect(await page.evaluate(chosenByBackgroundAlone)).toEqual([]);
  await page.getByRole("group", { name: "Below" }).getByRole("button", { name: "Timeline" }).click();
  await expect(page.getByRole("listbox", { name: "Spans" })).toBeVisible();
  expect(await page.evaluate(withoutBoundary)).toEqual([]);
});

/** Runs in the page: controls that reach out of the box, and text that is cut without a sign. */
function outOfReach(): string[] {
  const root = document.querySelector(".tw-root");
  const box = root?.getBoundingClientRect();
  if (!root || box === undefined) return ["nothing is there"];
  const controls = [...root.querySelectorAll<HTMLElement>("button, select, input, a, [role=tab]")].filter(
    (element) =>
      element.checkVisibility() &&
      element.closest(
        ".tw-graph, .tw-log-scroll, .tw-tab-list, .tw-timeline, .tw-sr, .tw-portal, [data-base-ui-focus-guard]",
      ) === null,
  );
  const outside = controls.filter((element) => {
    const { left, right } = element.getBoundingClientRect();
    return right > box.right + 1 || left < box.left - 1;
  });
  return outside.map((element) => `outside: ${element.outerHTML.slice(0, 100)}`);
}

for (const [name, query, zoom] of [
  // What a browser's zoom of 200 % makes of a window of 1,280 pixels.
  ["of the page", "width=608px&height=560px", 2],
  ["of a narrow box", "width=400px&height=700px", 1],
] as const) {
  test(`with a zoom of 200 % ${name} nothing is out of reach`, async ({ browser, browserName }) => {
    test.skip(browserName !== "chromium", "the window stands for the zoom in one browser, as in all");
    const context = await browser.newContext({ viewport: { width: 640, height: 720 }, deviceScaleFactor: zoom });
    const page = await context.newPage();
    await openRun(page, query);
    for (const tab of ["Runs", "Graph", "Log", "Timeline", "Detail"]) {
      await page.locator(".tw-panel-tab").filter({ hasText: tab }).click();
      expect(await page.evaluate(outOfReach), tab).toEqual([]);
      expect(await page.locator(".tw-shell").evaluate((shell) => shell.scrollWidth - shell.clientWidth), tab).toBe(0);
    }
    await page.getByRole("button", { name: "More", exact: true }).click();
    const menu = page.getByRole("menu");
    expect((await menu.boundingBox())?.y).toBeGreaterThanOrEqual(0);
    await page.getByRole("menuitem", { name: /^Health/ }).click();
    const dialog = page.getByRole("dialog", { name: "Health" });
    await expect(dialog).toBeVisible();
    const place = await dialog.boundingBox();
    expect(place?.x).toBeGreaterThanOrEqual(0);
    expect((place?.x ?? 0) + (place?.width ?? Infinity)).toBeLessThanOrEqual(640);
    await context.close();
  });
}
