import { expect, type Page } from "@playwright/test";
import { typeInto } from "../type-into.ts";
import { download } from "../download.ts";

/** Does something that leads to a view, which is there when it resolves. */
type View = readonly [name: string, open: (page: Page) => Promise<void>];

const tab = (name: string): View => [
  `tab ${name}`,
  async (page) => {
    await page
      .getByRole("complementary", { name: "Detail" })
      .getByRole("tab", { name: new RegExp(`^${name}`) })
      .click();
    await expect(page.getByRole("tab", { name: new RegExp(`^${name}`), selected: true })).toBeVisible();
  },
];

const dialog = (name: string | RegExp, open: (page: Page) => Promise<void>): readonly View[] => [
  [
    `dialog ${name}`,
    async (page) => {
      await open(page);
      await expect(page.getByRole("dialog", { name })).toBeVisible();
    },
  ],
  [
    `dialog ${name} closed`,
    async (page) => {
      await page.keyboard.press("Escape");
      await expect(page.getByRole("dialog")).toHaveCount(0);
    },
  ],
];

const fromMenu =
  (menu: string, item: string | RegExp) =>
  async (page: Page): Promise<void> => {
    await page.getByRole("button", { name: menu, exact: true }).click();
    await page.getByRole("menuitem", { name: item }).click();
  };

const downloads =
  (click: (page: Page) => Promise<void>) =>
  async (page: Page): Promise<void> =>
    void (await download(page, () => click(page)));

/** Of the app, one after the other, from its first page on; a run that asks a person is open from the third. */
export const everyView: readonly View[] = [
  ["the first page", (page) => expect(page.getByRole("button", { name: "Start a first run" })).toBeVisible()],
  [
    "a run at work",
    async (page) => {
      await page.getByLabel(/Slowly/).uncheck();
      await page.getByRole("button", { name: /species\.csv/ }).click();
      await expect(page.getByRole("button", { name: /^profile, step/ })).toBeVisible();
    },
  ],
  [
    "a question",
    (page) => expect(page.getByRole("article", { name: "ask waits for Answer" })).toBeVisible({ timeout: 30_000 }),
  ],
  [
    "the timeline",
    async (page) => {
      await page.getByRole("group", { name: "Below" }).getByRole("button", { name: "Timeline" }).click();
      await expect(page.getByRole("listbox", { name: "Spans" })).toBeVisible();
    },
  ],
  [
    "the timeline as a table",
    async (page) => {
      await page.getByRole("button", { name: "As a table", exact: true }).click();
      await expect(page.getByRole("grid", { name: "Spans" })).toBeVisible();
    },
  ],
  [
    "the log, searched",
    async (page) => {
      await page.getByRole("group", { name: "Below" }).getByRole("button", { name: "Log" }).click();
      await typeInto(page.getByRole("searchbox", { name: /whole payloads/ }), "county_id");
      await expect(page.getByRole("listbox", { name: "Ticks" }).getByRole("option").first()).toBeVisible();
    },
  ],
  [
    "steps as a table",
    async (page) => {
      await page.getByRole("button", { name: "Show the steps as a table" }).click();
      await expect(page.locator(".tw-graph").getByRole("grid")).toBeVisible();
    },
  ],
  [
    "the graph again, and its search",
    async (page) => {
      await page.getByRole("button", { name: /as a graph/ }).click();
      await page.getByRole("button", { name: "Find a step or an event" }).click();
      await typeInto(page.getByRole("combobox", { name: "Find a step or an event" }), "profile");
    },
  ],
  [
    "a step and its lanes",
    async (page) => {
      await page.keyboard.press("Enter");
      await page.keyboard.press("Shift+Enter");
      await expect(page.getByRole("region", { name: "Work items of profile" })).toBeVisible();
    },
  ],
  [
    "the whole run",
    async (page) => {
      await page.keyboard.press("Escape");
      await page.keyboard.press("Escape");
      await expect(
        page.getByRole("complementary", { name: "Detail" }).getByRole("tab", { name: "Stream" }),
      ).toBeVisible();
    },
  ],
  ...["Work items", "State", "Logs", "Stream", "Changes"].map((name) => tab(name)),
  ["a picture, SVG", downloads(fromMenu("More about the graph", "Save as SVG"))],
  ["a picture, PNG", downloads(fromMenu("More about the graph", "Save as PNG"))],
  ["a run file", downloads((page) => page.getByRole("button", { name: "Export" }).click())],
  ...dialog("Keyboard shortcuts", fromMenu("More", /^Keyboard shortcuts/)),
  ...dialog("Health", fromMenu("More", /^Health/)),
  ...dialog(/Run csv-profile again/, fromMenu("More", /^Run again/)),
  ...dialog(/Send/, fromMenu("More", /^Send event/)),
  ...dialog("New run", (page) => page.getByRole("button", { name: "New run" }).click()),
  [
    "playing the past",
    async (page) => {
      await page.getByRole("button", { name: "First tick" }).click();
      await page.getByRole("button", { name: "Play" }).click();
      await expect(page.getByRole("button", { name: "Pause", exact: true })).toBeVisible();
      await page.getByRole("button", { name: "Pause", exact: true }).click();
    },
  ],
  [
    "what if",
    async (page) => {
      await page.locator(".tw-crumbs").click();
      await page.keyboard.press("w");
      await expect(page.getByText("Sandbox: the run is not touched.")).toBeVisible();
    },
  ],
  [
    "live again",
    async (page) => {
      await page.keyboard.press("Escape");
      await page.keyboard.press("l");
      await expect(page.getByText("Sandbox: the run is not touched.")).toBeHidden();
    },
  ],
  [
    "debugging",
    async (page) => {
      await page.getByRole("button", { name: /^Debug/ }).click();
      await page.getByRole("button", { name: "Pause the run" }).click();
      await expect(page.getByText("Nothing begins until you continue.")).toBeVisible();
      await page.getByRole("button", { name: "Continue", exact: true }).click();
    },
  ],
  [
    "a comparison with a fork",
    async (page) => {
      await fromMenu("More", "Fork from here")(page);
      await expect(page.locator("[data-run]")).toHaveCount(2);
      await fromMenu("More", "Compare with where it came from")(page);
      await expect(page.getByRole("region", { name: "Where they part" })).toBeVisible();
    },
  ],
  [
    "the inbox",
    async (page) => {
      await page.getByRole("button", { name: "Close the comparison" }).click();
      await page.getByRole("button", { name: /^Inbox/ }).click();
      await page.getByRole("list", { name: "Questions" }).getByRole("button").first().click();
      await expect(page.getByRole("button", { name: "Send Answer" })).toBeVisible();
    },
  ],
  [
    "the answers, and a report",
    async (page) => {
      for (const left of [1, 0]) {
        await page.getByLabel("Read its cells as").selectOption("text");
        await page.getByRole("button", { name: "Send Answer" }).click();
        await expect(page.getByRole("list", { name: "Questions" }).getByRole("button")).toHaveCount(left);
      }
      await page.locator("[data-run]").first().click();
      await page.getByRole("group", { name: "Middle view" }).getByRole("button", { name: "Report" }).click();
      await expect(page.getByRole("table").first()).toBeVisible();
    },
  ],
];
