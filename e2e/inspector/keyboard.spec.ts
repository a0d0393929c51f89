/** Find the failed step and answer the form with no pointer at all, from the address bar on. */
import { expect, test, type Page } from "@playwright/test";

const pages = process.env["TICKWORK_INSPECTOR_PAGES"] ?? "";

interface Stop {
  /** What one is at. */
  readonly name: string;
  /** What tells that one is there; none is a fault. */
  readonly marks: readonly string[];
  readonly isInView: boolean;
}

/** Runs in the page: where the focus is, and what of its looks says so. */
function readStop(): Stop {
  const at = document.activeElement;
  if (at === null || at === document.body) return { name: "nowhere", marks: ["nothing to mark"], isInView: true };
  const label = "labels" in at && at.labels instanceof NodeList ? at.labels[0]?.textContent : undefined;
  const name = at.getAttribute("aria-label") ?? label ?? (at.textContent.trim().slice(0, 60) || at.localName);
  const marks: string[] = [];
  // A control may mark the box that it is the whole of.
  for (const element of [at, at.parentElement, at.parentElement?.parentElement]) {
    if (!element || (element !== at && !element.matches(":focus-within"))) continue;
    const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(element);
    const isDrawn = outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 1;
    if (isDrawn && !outlineColor.endsWith(", 0)")) marks.push(`outline ${outlineWidth} ${outlineColor}`);
  }
  const { x, y, width, height } = at.getBoundingClientRect();
  const isInView = x + width > 0 && y + height > 0 && x < innerWidth && y < innerHeight;
  return { name, marks, isInView };
}

/** Presses a key, and holds the place that the focus has then against the rules. */
async function press(page: Page, key: string): Promise<string> {
  await page.keyboard.press(key);
  const stop = await page.evaluate(readStop);
  expect(stop.marks, `After ${key} the focus is at "${stop.name}", which does not show it`).not.toEqual([]);
  expect(stop.isInView, `After ${key} the focus is at "${stop.name}", which is out of sight`).toBe(true);
  return stop.name;
}

/** Tabs on to what has such a name; fails when it does not come by. */
async function tabTo(page: Page, name: RegExp, key = "Tab"): Promise<void> {
  const passed: string[] = [];
  for (let stops = 0; stops < 60; stops++) {
    const at = await press(page, key);
    if (name.test(at)) return;
    passed.push(at);
  }
  throw new Error(`${name} is not among ${passed.join(" | ")}`);
}

/** Everything that asks a person or failed was there before: a run of each kind. */
async function openWithRuns(page: Page): Promise<void> {
  await page.goto(`${pages}/host.html?height=640px`);
  await page.evaluate(async () => {
    await globalThis.engines[0]?.startRun("review", { title: "The report" });
    await globalThis.engines[0]?.startRun("order", { customer: "Ada", amount: 3 });
  });
  await expect(page.getByRole("button", { name: "Inbox, 1 to answer" })).toBeVisible();
}

test("from the address bar to the failed step and its error, then to the inbox, and the form is sent", async ({
  page,
}) => {
  await openWithRuns(page);
  // Through the page's own header, into the list of runs.
  await tabTo(page, /^Home$/);
  await tabTo(page, /^Failed/);
  await press(page, "Enter");
  await tabTo(page, /^order/);
  await press(page, "Enter");
  await expect(page.getByRole("heading", { level: 1, name: "order", exact: true })).toBeVisible();
  await expect(page.getByRole("button", { name: /^charge, step/ })).toBeVisible();

  // The graph is one stop; within it arrows lead along its arrows, and to what is nearest that way.
  await tabTo(page, /^Order, event/);
  const walk: string[] = [];
  for (const key of ["ArrowRight", "ArrowDown", "ArrowRight", "ArrowRight"]) {
    if (!walk.at(-1)?.startsWith("charge")) walk.push(await press(page, key));
  }
  expect(walk.at(-1)).toMatch(/^charge, step/);
  await press(page, "Enter");
  const detail = page.getByRole("complementary", { name: "Detail" });
  await expect(detail.getByRole("heading", { name: "charge" }).first()).toBeVisible();
  await expect(detail.getByText("The card of Ada was declined").first()).toBeVisible();

  await page.keyboard.press("i");
  await expect(page.getByRole("region", { name: "Inbox" })).toBeVisible();
  await tabTo(page, /review · Verdict/);
  await press(page, "Enter");
  await tabTo(page, /^decision/i);
  await page.keyboard.press("ArrowDown");
  await tabTo(page, /^note/i);
  await page.keyboard.type("n? i/");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await tabTo(page, /^copies/i);
  await page.keyboard.type("2");
  await tabTo(page, /^Send Verdict/);
  await press(page, "Enter");
  await expect(page.getByText("Nothing waits for you")).toBeVisible();
  const result = await page.evaluate(async () => {
    const runs = await globalThis.engines[0]?.listRuns();
    return runs?.runs.map(({ workflow, status }) => `${workflow} ${status}`);
  });
  expect(result?.toSorted()).toEqual(["order failed", "review completed"]);
});

test("the focus stays inside of a dialog, and comes back to where it was", async ({ page }) => {
  await openWithRuns(page);
  await tabTo(page, /^Inbox/);
  for (const [key, name] of [
    ["?", "Keyboard shortcuts"],
    ["n", "New run"],
    ["h", "Health"],
  ] as const) {
    await page.keyboard.press(key);
    const dialog = page.getByRole("dialog", { name });
    await expect(dialog).toBeVisible();
    const hasFocus = () => dialog.evaluate((element) => element.contains(document.activeElement));
    await expect.poll(hasFocus, name).toBe(true);
    for (let stops = 0; stops < 12; stops++) {
      await page.keyboard.press("Tab");
      // From the last one to the first it goes by way of a guard.
      await expect.poll(hasFocus, name).toBe(true);
    }
    await page.keyboard.press("Escape");
    await expect(dialog).toHaveCount(0);
    await expect(page.getByRole("button", { name: "Inbox, 1 to answer" })).toBeFocused();
  }
});

test("a menu shows where one is, and the focus comes back from it", async ({ page }) => {
  await openWithRuns(page);
  await tabTo(page, /^More$/);
  await press(page, "Enter");
  await expect(page.getByRole("menu")).toBeVisible();
  for (let items = 0; items < 8; items++) await press(page, "ArrowDown");
  await press(page, "Escape");
  await expect(page.getByRole("button", { name: "More", exact: true })).toBeFocused();
});
