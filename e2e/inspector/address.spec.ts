/** The address says exactly what is seen: whoever reloads, or opens a link to it, sees the very same. */
import { expect, test, type Page } from "@playwright/test";
import { NOW } from "./app/scenes/fixed.ts";
import type { World } from "./app/scenes/worlds.ts";

const pages = process.env["TICKWORK_INSPECTOR_PAGES"] ?? "";

interface Way {
  /** Where it leads. */
  readonly name: string;
  readonly scene: World;
  /** From here; what is done then is done with mouse and keyboard. */
  readonly from?: string;
  readonly go: (page: Page) => Promise<void>;
  /** What the address then says, beside the run. */
  readonly says: RegExp;
}

const jump = async (page: Page, tick: number): Promise<void> => {
  const field = page.getByLabel("Jump to tick");
  await field.fill(String(tick));
  await field.press("Enter");
  await field.blur();
  await expect(page.locator(".tw-position")).toContainText(`#${tick}`);
};
const button = (page: Page, name: string | RegExp) =>
  page.getByRole("button", { name, ...(typeof name === "string" && { exact: true }) }).first();
const tab = (page: Page, name: RegExp) =>
  page.getByRole("complementary", { name: "Detail" }).getByRole("tab", { name }).click();
const choose = (page: Page, label: string, value: string) =>
  page
    .locator(".tw-log-filters label", { hasText: new RegExp(`^${label}`) })
    .locator("select")
    .selectOption(value);
const showTimeline = async (page: Page): Promise<void> => {
  await page.getByRole("group", { name: "Below" }).getByRole("button", { name: "Timeline" }).click();
  await expect(page.getByRole("listbox", { name: "Spans" })).toBeVisible();
};

const DONE = "/run/order-1041";
const BUSY = "/run/order-2001";

const ways: readonly Way[] = [
  {
    name: "runs, searched and filtered",
    scene: "day",
    go: async (page) => {
      await page.getByPlaceholder("Search runs").fill("order");
      await button(page, /^Completed/).click();
    },
    says: /^#\/\?runs=order&status=completed$/,
  },
  {
    name: "a tick of the past, and what caused it",
    scene: "day",
    go: async (page) => {
      await page.locator("[data-run=order-1041]").click();
      await page.getByRole("listbox", { name: "Ticks" }).getByRole("option").nth(3).click();
      await tab(page, /^Causes/);
    },
    says: /\?tick=\d+&select=tick&tab=causes$/,
  },
  {
    name: "what changed between two ticks",
    scene: "day",
    from: DONE,
    go: async (page) => {
      await jump(page, 6);
      await page.keyboard.press("d");
      await jump(page, 17);
    },
    says: /\?tick=17&tab=changes&from=6$/,
  },
  {
    name: "a sandbox, and a tick in it",
    scene: "day",
    from: DONE,
    go: async (page) => {
      await jump(page, 17);
      await page.keyboard.press("w");
      await expect(page.getByText("Sandbox: the run is not touched.")).toBeVisible();
      await page.getByRole("slider", { name: "Tick shown" }).fill("21");
      await expect(page.locator(".tw-position")).toContainText("#21");
    },
    says: /\?tick=17&select=tick&tab=whatif&whatif=skip%3A17&sandbox=21$/,
  },
  {
    name: "a stretch of the timeline, idle time not folded",
    scene: "day",
    from: DONE,
    go: async (page) => {
      await showTimeline(page);
      await page.getByLabel("Fold idle time").uncheck();
      const axis = await page.locator(".tw-timeline-axis").boundingBox();
      if (axis === null) throw new Error("The timeline has no axis.");
      await page.mouse.move(axis.x + axis.width * 0.02, axis.y + 6);
      await page.mouse.down();
      await page.mouse.move(axis.x + axis.width * 0.2, axis.y + 6, { steps: 4 });
      await page.mouse.up();
      await expect(button(page, "Whole run")).toBeEnabled();
    },
    says: /\?bottom=timeline&time=\d+-\d+&idle=1$/,
  },
  {
    name: "the timeline in rows, nearer, and a work item in it",
    scene: "day",
    from: DONE,
    go: async (page) => {
      await showTimeline(page);
      await button(page, "Zoom in").click();
      await page.locator(".tw-timeline").getByRole("button", { name: "Zoom in" }).click();
      await page.getByRole("button", { name: "As a table", exact: true }).click();
      await page
        .getByRole("grid", { name: "Spans" })
        .getByRole("row", { name: /work item \d+,/ })
        .first()
        .click();
    },
    says: /\?tick=\d+&select=item%3A\d+&bottom=timeline&time=\d+-\d+&table=1$/,
  },
  {
    name: "steps in rows, one of them chosen, and its work items beside it",
    scene: "busy",
    from: BUSY,
    go: async (page) => {
      await button(page, "Show the steps as a table").click();
      await page.locator("[data-step=pick]").click();
      await page.keyboard.press("Shift+Enter");
      await expect(page.getByRole("region", { name: "Work items of pick" })).toBeVisible();
      await tab(page, /^Logs/);
    },
    says: /\?select=step%3Apick&tab=logs&graph=table&lanes=pick$/,
  },
  {
    name: "an arrow of the graph",
    scene: "busy",
    from: BUSY,
    go: (page) => page.locator('[data-edge="step:pick>event:Picked"]').dispatchEvent("click"),
    says: /\?select=edge%3Astep%3Apick%3Eevent%3APicked$/,
  },
  {
    name: "the log, searched and filtered by all it can be",
    scene: "day",
    from: DONE,
    go: async (page) => {
      const ticks = page.getByRole("region", { name: "Ticks" });
      await ticks.getByRole("searchbox").fill("glass");
      await choose(page, "Step", "pick");
      await choose(page, "Event", "Item");
      await choose(page, "Kind", "StepResult");
      await ticks.getByLabel("Work item").fill("4");
      await ticks.getByLabel("Internal").check();
    },
    says: /\?log=glass&step=pick&kind=StepResult&event=Item&work=4&internal=1$/,
  },
  {
    name: "two runs compared",
    scene: "day",
    from: DONE,
    go: async (page) => {
      await button(page, "More").click();
      await page.getByRole("menuitem", { name: /^Compare with…/ }).click();
      await page.getByRole("dialog").getByText("order-1043", { exact: true }).click();
      await expect(page.getByRole("region", { name: "Where they part" })).toBeVisible();
    },
    says: /\?with=order-1043$/,
  },
  {
    name: "a question of the inbox",
    scene: "day",
    go: async (page) => {
      await page.keyboard.press("i");
      await page.getByRole("list", { name: "Questions" }).getByRole("button").first().click();
    },
    says: /^#\/inbox\?item=order-\d+%3A\d+$/,
  },
  {
    name: "health, over a run",
    scene: "busy",
    from: BUSY,
    go: async (page) => {
      await page.keyboard.press("h");
      await page.getByText("1 batch", { exact: true }).waitFor();
    },
    says: /\?health=1$/,
  },
];

/** Nothing is being loaded, and the address has been written. */
async function settle(page: Page): Promise<void> {
  await page.waitForLoadState("networkidle");
  await expect(page.locator(".tw-shell")).toBeVisible();
  await expect(page.locator(".tw-skeleton")).toHaveCount(0);
  if (await page.locator(".tw-graph .react-flow").isVisible())
    await expect(page.locator(".react-flow__node").first()).toBeVisible();
  await page.waitForTimeout(400);
}

/** All that is told of what is seen, and the picture of what no words are for. Where the focus is belongs to nobody's link. */
async function look(page: Page): Promise<{ readonly words: string; readonly timeline: string }> {
  await page.mouse.move(0, 0);
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  const all = await page.locator("body").ariaSnapshot();
  // What was announced was news once.
  const words = all.replaceAll(/^\s*- status.*\n?/gm, "");
  const canvas = page.locator(".tw-timeline-lanes canvas").first();
  const hasCanvas = await canvas.isVisible();
  return { words, timeline: hasCanvas ? (await canvas.screenshot()).toString("base64") : "" };
}

for (const { name, scene, from = "/", go, says } of ways) {
  test(`${name}: the same after a reload`, async ({ page }) => {
    await page.clock.setFixedTime(NOW);
    // So high that the whole log is in sight: how far it is scrolled is not said, but for the tick that is selected.
    await page.setViewportSize({ width: 1_280, height: 1_400 });
    await page.addInitScript(() => localStorage.setItem("tickwork.inspector", JSON.stringify({ bottomHeight: 720 })));
    await page.goto(`${pages}/scenes.html?scene=${scene}#${from}`);
    await settle(page);
    await go(page);
    await settle(page);
    const address = await page.evaluate(() => location.hash);
    expect(address).toMatch(says);
    const before = await look(page);
    await page.reload();
    await settle(page);
    expect(await page.evaluate(() => location.hash)).toBe(address);
    await expect(async () => expect(await look(page)).toEqual(before)).toPass({ timeout: 8_000 });
  });
}
