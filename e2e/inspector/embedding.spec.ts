/** The inspector within somebody's app: neither changes the other's look, keys or address, and nothing stays behind. */
import { expect, test, type Locator, type Page } from "@playwright/test";
import { policyViolations } from "../policy-violations.ts";
import { changedStyles } from "./changed-styles.ts";
import { onlyChromium } from "../only-chromium.ts";

const pages = process.env["TICKWORK_INSPECTOR_PAGES"] ?? "";
const box = (page: Page, index = 0): Locator => page.locator(`[data-box="${index}"]`);

const INSIDE = ".tw-root, .tw-root *";

async function openHost(page: Page, query: string): Promise<void> {
  await page.goto(`${pages}/host.html?${query}`);
  await expect(page.getByRole("heading", { name: "Orders" })).toBeVisible();
}

/** A run that failed, open in the box. */
async function openFailedRun(page: Page, index = 0): Promise<void> {
  await page.evaluate(async (at) => {
    await globalThis.engines[at]?.startRun("order", { customer: "Ada", amount: 3 });
  }, index);
  await box(page, index).locator("[data-run]").first().click();
  await expect(box(page, index).getByRole("button", { name: /^charge, step/ })).toBeVisible();
}

for (const sheet of ["plain", "tags", "preflight", "reboot"]) {
  test(`rules of a page do not reach in, and the inspector's do not reach out: ${sheet}`, async ({ page }) => {
    await openHost(page, `styles=plain,${sheet}&width=1180px&height=500px&fixed`);
    await openFailedRun(page);
    await box(page).getByRole("button", { name: "Timeline" }).click();
    expect(await changedStyles(page, `[data-sheet]`, INSIDE), "of a run").toEqual([]);
    await box(page).getByRole("button", { name: "More", exact: true }).click();
    expect(await changedStyles(page, `[data-sheet]`, INSIDE), "with its menu").toEqual([]);
    await page.getByRole("menuitem", { name: /^Health/ }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
    expect(await changedStyles(page, `[data-sheet]`, INSIDE), "with a dialog").toEqual([]);
    await page.keyboard.press("Escape");
    await page.keyboard.press("n");
    await expect(page.getByRole("dialog", { name: "New run" })).toBeVisible();
    expect(await changedStyles(page, `[data-sheet]`, INSIDE), "with a form").toEqual([]);
    await page.keyboard.press("Escape");
    const own = ":not([data-sheet])";
    expect(await changedStyles(page, own, "html, body, .host, .host :not(.tw-root, .tw-root *)")).toEqual([]);
  });
}

test("elements of the page are where they were, and as they were, with and without it", async ({ page }) => {
  await openHost(page, "styles=plain,tags&shown=no&height=600px");
  const before = await page.evaluate(pictureOfHost);
  await page.evaluate(() => globalThis.showInspectors(true));
  await openFailedRun(page);
  for (const name of ["More", /^Health/]) {
    await box(page).getByRole("button", { name, exact: true }).click();
    await expect(page.getByRole("menu").or(page.getByRole("dialog"))).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(page.getByRole("menu").or(page.getByRole("dialog"))).toHaveCount(0);
  }
  await page.evaluate(() => globalThis.showInspectors(false));
  const after = await page.evaluate(pictureOfHost);
  expect(after.length).toBe(before.length);
  expect(after.filter((line, index) => line !== before[index])).toEqual([]);
  // Only Chromium tells of a worker's.
  expect(await policyViolations(page)).toEqual([]);
});

for (const width of [400, 1_600]) {
  test(`in a box of ${width} px its views are as wide as that, whatever the window is`, async ({ page }) => {
    await page.setViewportSize({ width: 1_800 - width / 2, height: 1_000 });
    await openHost(page, `width=${width}px`);
    await openFailedRun(page);
    const root = box(page).locator(".tw-root");
    const isNarrow = width === 400;
    await expect(box(page).getByRole("button", { name: "Timeline" })).toHaveCount(1);
    for (const name of ["Runs", "Graph", "Log", "Detail"]) {
      const tab = box(page).locator(".tw-panel-tab").filter({ hasText: name });
      await expect(tab).toBeVisible({ visible: isNarrow });
      if (isNarrow) await tab.click();
      expect(await root.evaluate((element) => element.scrollWidth), name).toBe(width);
    }
    await box(page).getByRole("button", { name: "More", exact: true }).click();
    const menu = await page.getByRole("menu").boundingBox();
    const around = await box(page).boundingBox();
    expect(menu?.x).toBeGreaterThanOrEqual(around?.x ?? Infinity);
    expect((menu?.x ?? Infinity) + (menu?.width ?? 0)).toBeLessThanOrEqual((around?.x ?? 0) + width);
  });
}

test("menus and dialogs are over the page's header, in the theme of the box, and the focus comes back", async ({
  page,
}) => {
  await openHost(page, "height=460px");
  await openFailedRun(page);
  const more = box(page).getByRole("button", { name: "More", exact: true });
  await more.click();
  await page.getByRole("menuitemradio", { name: "Dark" }).click();
  await page.keyboard.press("Escape");
  await expect(more).toBeFocused();
  // As high as it goes, under the header.
  await page.evaluate(() => document.querySelector(".host-box")?.scrollIntoView());
  await box(page)
    .getByRole("button", { name: /^Health/ })
    .focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Health" });
  await expect(dialog).toBeVisible();
  expect(await dialog.evaluate((element) => getComputedStyle(element).colorScheme)).toBe("dark");
  // Over the header, the backdrop or the dialog itself is met.
  const header = await page.locator(".host-header").boundingBox();
  const met = await page.evaluate(
    ([x = 0, y = 0]) => document.elementFromPoint(x, y)?.closest(".tw-portal") !== null,
    [(header?.width ?? 0) / 2, (header?.height ?? 0) / 2],
  );
  expect(met).toBe(true);
  await page.keyboard.press("Escape");
  await expect(box(page).getByRole("button", { name: /^Health/ })).toBeFocused();
});

test("two of them, over two engines, share neither runs nor selection nor keys", async ({ page }) => {
  await openHost(page, "boxes=2&height=420px");
  await openFailedRun(page, 0);
  await expect(box(page, 1).getByRole("heading", { name: "Start your first run" })).toBeVisible();
  await openFailedRun(page, 1);
  await box(page, 0)
    .getByRole("button", { name: /^charge, step/ })
    .click();
  await expect(box(page, 0).locator(".tw-detail h2").first()).toHaveText("charge");
  await expect(box(page, 1).locator(".tw-detail h2").first()).toHaveText("order");
  await page.keyboard.press("t");
  await expect(box(page, 0).getByRole("listbox", { name: "Spans" })).toBeVisible();
  await expect(box(page, 1).getByRole("listbox", { name: "Ticks" })).toBeVisible();
  const ids = await page.evaluate(() => [...document.querySelectorAll("[id]")].map(({ id }) => id));
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
});

test("keys and address are the page's, until the inspector is used", async ({ page }) => {
  await openHost(page, "styles=plain");
  await openFailedRun(page);
  const address = page.url();
  const ticks = box(page).getByRole("listbox", { name: "Ticks" });
  await page.getByRole("searchbox", { name: "Search the app" }).click();
  await page.keyboard.type("nth?i/ ");
  await expect(page.getByRole("searchbox", { name: "Search the app" })).toHaveValue("nth?i/ ");
  // Nowhere, after the page was used: its space bar scrolls.
  await page.getByRole("heading", { name: "Orders" }).click();
  await page.keyboard.press("t");
  await page.keyboard.press("n");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(ticks).toBeVisible();
  await page.evaluate(() => scrollTo(0, 0));
  await page.keyboard.press(" ");
  await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(100);
  // Nowhere, after the inspector was used.
  await box(page).locator(".tw-crumbs").click();
  await page.keyboard.press("t");
  await expect(box(page).getByRole("listbox", { name: "Spans" })).toBeVisible();
  expect(page.url()).toBe(address);
});

test("mounted and taken away again twenty times, it leaves nothing behind", async ({ page, browserName }) => {
  onlyChromium(browserName, "heap");
  test.setTimeout(90_000);
  await openHost(page, "styles=plain");
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("HeapProfiler.enable");
  const left = async () => {
    await devtools.send("HeapProfiler.collectGarbage");
    const { nodes, jsEventListeners } = await devtools.send("Memory.getDOMCounters");
    const html = await page.evaluate(() => document.documentElement.outerHTML.length);
    return { nodes, jsEventListeners, html, workers: page.workers().length };
  };
  const mount = async (): Promise<void> => {
    await page.evaluate(() => globalThis.showInspectors(true));
    await box(page).locator("[data-run]").first().click();
    await expect(box(page).getByRole("button", { name: /^charge, step/ })).toBeVisible();
    await box(page).getByRole("button", { name: "More", exact: true }).click();
    await page.keyboard.press("Escape");
    await page.evaluate(() => globalThis.showInspectors(false));
  };
  await openFailedRun(page);
  for (let times = 0; times < 4; times++) await mount();
  const before = await left();
  for (let times = 0; times < 20; times++) await mount();
  const after = await left();
  expect(after.workers).toBe(1);
  expect(after.html).toBe(before.html);
  // Not one per time; the browser keeps some of the last for a while, a busy one for longer.
  await expect(async () => {
    const { nodes, jsEventListeners } = await left();
    expect(nodes - before.nodes, "nodes").toBeLessThan(200);
    expect(jsEventListeners - before.jsEventListeners, "listeners").toBeLessThan(10);
  }).toPass({ timeout: 20_000 });
});

/** Runs in the page: every element outside of the boxes, with its attributes, its place and its style, line by line. */
function pictureOfHost(): string[] {
  scrollTo(0, 0);
  return [...document.querySelectorAll("html, body, .host, .host *")].flatMap((element, index) => {
    const { x, y, width, height } = element.getBoundingClientRect();
    const attributes = [...element.attributes]
      .filter(({ value }) => value !== "")
      .map(({ name, value }) => `${name}=${value}`);
    const style = getComputedStyle(element);
    const name = `${index} ${element.localName}`;
    return [
      `${name} ${attributes.toSorted().join(" ")}`,
      `${name} ${[x, y, width, height].join(" ")}`,
      ...[...style].map((property) => `${name} ${property}: ${style.getPropertyValue(property)}`),
    ];
  });
}
