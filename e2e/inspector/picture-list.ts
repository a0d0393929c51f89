/**
 * Every picture that is kept of the inspector, in the order of its views. Each is worth having for a state or a layout
 * that no other shows. A row is a scene (see app/scenes/worlds.ts), a place in it as the address says it, what is done
 * there, and how it is looked at. The name is the file's, with the look behind it.
 */
import { expect, type Locator, type Page } from "@playwright/test";
import { readFileSync } from "node:fs";
import type { World } from "./app/scenes/worlds.ts";

/** Side by side at 1,120 px, or 400 px wide as beside an app. */
export type Look = "light" | "dark" | "narrow light" | "narrow dark";

export interface Picture {
  readonly name: string;
  /** Or the inspector's own page, without an app. */
  readonly scene: World | "standalone";
  /** Behind the # of the address; default: no run is open. */
  readonly at?: string;
  readonly act?: (page: Page) => Promise<void>;
  /** Only this of the page; narrow pictures are whole pages. */
  readonly part?: (page: Page) => Locator;
  readonly looks: readonly Look[];
}

const LIGHT = ["light"] as const;
const BOTH = ["light", "dark"] as const;
const AND_NARROW = ["light", "dark", "narrow light"] as const;

const runs = (page: Page): Locator => page.getByRole("navigation", { name: "Runs" });
const ticks = (page: Page): Locator => page.getByRole("region", { name: "Ticks" });
const detail = (page: Page): Locator => page.getByRole("complementary", { name: "Detail" });
const middle = (page: Page): Locator => page.getByRole("main");
const figure = (page: Page): Locator => page.getByRole("region", { name: "Graph of both runs" });
const dialog = (page: Page): Locator => page.getByRole("dialog");
const press = (key: string) => (page: Page) => page.keyboard.press(key);
const click = (role: "button" | "menuitem", name: string | RegExp) => (page: Page) =>
  page
    .getByRole(role, { name, exact: typeof name === "string" })
    .first()
    .click();

const BUSY = "/run/order-2001";
const DONE = "/run/order-1041";
const ASKS = "/run/order-1044";
const FAILED = "/run/prices-12";

export const pictures: readonly Picture[] = [
  // Before there is anything
  { name: "first-run", scene: "empty", looks: AND_NARROW },
  { name: "inbox-empty", scene: "empty", at: "/inbox", looks: ["light", "narrow dark"] },

  // The list of runs
  { name: "runs", scene: "day", looks: ["dark", "narrow light"], at: "/?view=runs" },
  { name: "runs-none-match", scene: "day", at: "/?runs=tulips", part: runs, looks: LIGHT },
  { name: "runs-picked", scene: "day", at: "/", part: runs, looks: BOTH, act: pickThree },
  {
    name: "runs-filter",
    scene: "day",
    at: "/?status=completed",
    looks: LIGHT,
    act: click("button", /^Filter by work/),
  },
  { name: "run-menu", scene: "day", at: DONE, looks: ["dark"], act: click("button", "More") },

  // The graph
  { name: "graph-busy", scene: "busy", at: BUSY, looks: AND_NARROW },
  { name: "graph-done", scene: "day", at: DONE, looks: BOTH },
  { name: "graph-table", scene: "busy", at: `${BUSY}?graph=table`, part: middle, looks: AND_NARROW },
  { name: "graph-lanes", scene: "busy", at: `${BUSY}?lanes=pick`, part: middle, looks: ["light", "narrow dark"] },
  { name: "graph-find", scene: "busy", at: BUSY, part: middle, looks: LIGHT, act: findPick },
  { name: "graph-menu", scene: "busy", at: BUSY, looks: ["dark"], act: click("button", "More about the graph") },

  // Log and timeline
  { name: "log", scene: "busy", at: `${BUSY}?view=log`, looks: ["narrow light"] },
  { name: "log-internal", scene: "day", at: `${DONE}?internal=1&select=tick&tick=8`, part: ticks, looks: BOTH },
  { name: "log-search", scene: "day", at: `${DONE}?log=glass`, part: ticks, looks: LIGHT },
  { name: "log-nothing", scene: "day", at: `${DONE}?log=tulips`, part: ticks, looks: LIGHT },
  { name: "timeline-busy", scene: "busy", at: `${BUSY}?view=timeline&bottom=timeline`, part: ticks, looks: AND_NARROW },
  { name: "timeline-folded", scene: "day", at: `${DONE}?bottom=timeline`, part: ticks, looks: BOTH },
  { name: "timeline-table", scene: "busy", at: `${BUSY}?bottom=timeline&table=1`, part: ticks, looks: LIGHT },

  // Time travel
  { name: "past", scene: "busy", at: `${BUSY}?tick=9`, looks: ["light", "narrow dark"] },
  { name: "past-failure", scene: "day", at: `${DONE}?tick=8&select=tick`, looks: ["dark", "narrow light"] },
  { name: "changes", scene: "day", at: `${DONE}?tick=17&from=6&tab=changes`, part: detail, looks: BOTH },
  {
    name: "what-if",
    scene: "day",
    at: `${DONE}?tick=17&select=tick&tab=whatif&whatif=skip:17`,
    looks: BOTH,
    act: fitBelowBanner,
  },
  {
    name: "what-if-changed",
    scene: "day",
    at: `${DONE}?view=detail&tick=17&select=tick&tab=whatif&whatif=change:17`,
    part: detail,
    looks: ["light", "narrow dark"],
  },

  // Detail, and why it waits
  { name: "detail-busy", scene: "busy", at: `${BUSY}?view=detail`, part: detail, looks: ["light", "narrow light"] },
  { name: "detail-step", scene: "busy", at: `${BUSY}?select=step:pick`, part: detail, looks: BOTH },
  { name: "detail-retry", scene: "busy", at: `${BUSY}?select=item:4`, part: detail, looks: BOTH },
  { name: "detail-event", scene: "busy", at: `${BUSY}?select=event:Picked`, part: detail, looks: LIGHT },
  { name: "detail-edge", scene: "busy", at: `${BUSY}?select=edge:step:pick>event:Picked`, part: detail, looks: LIGHT },
  { name: "detail-child", scene: "day", at: "/run/order-1045?select=step:ship", part: detail, looks: LIGHT },
  { name: "detail-items", scene: "busy", at: `${BUSY}?tab=items`, part: detail, looks: LIGHT },
  { name: "detail-state", scene: "day", at: `${DONE}?tab=state`, part: detail, looks: BOTH },
  { name: "detail-logs", scene: "day", at: `${DONE}?tab=logs`, part: detail, looks: LIGHT },
  { name: "detail-stream", scene: "day", at: `${DONE}?tab=stream`, part: detail, looks: LIGHT },
  { name: "detail-causes", scene: "day", at: `${DONE}?tick=17&select=tick&tab=causes`, part: detail, looks: LIGHT },

  // What people answer, start and send
  { name: "asks", scene: "day", at: ASKS, looks: ["light", "narrow dark"] },
  { name: "inbox", scene: "day", at: "/inbox", looks: BOTH, act: openQuestion },
  { name: "inbox-form", scene: "day", at: "/inbox", looks: ["narrow light"], act: openQuestion },
  { name: "start", scene: "day", at: ASKS, part: dialog, looks: BOTH, act: press("n") },
  { name: "start-narrow", scene: "day", at: ASKS, looks: ["narrow dark"], act: press("n") },
  { name: "start-refused", scene: "day", at: ASKS, part: dialog, looks: LIGHT, act: startWithNothing },
  { name: "send", scene: "day", at: ASKS, part: dialog, looks: LIGHT, act: fromMenu(/^Send event/) },
  { name: "run-again", scene: "day", at: DONE, part: dialog, looks: ["dark"], act: fromMenu(/^Run again/) },
  { name: "cancel", scene: "day", at: ASKS, part: dialog, looks: LIGHT, act: click("button", "Cancel") },

  // Two runs
  { name: "compare", scene: "day", at: `${DONE}?with=order-1043`, part: middle, looks: AND_NARROW },
  {
    name: "compare-graph",
    scene: "day",
    at: `${DONE}?with=order-1043`,
    part: figure,
    looks: AND_NARROW,
    act: (page) => figure(page).scrollIntoViewIfNeeded(),
  },
  {
    name: "compare-steps",
    scene: "day",
    at: `${DONE}?with=order-1043`,
    part: (page) => page.locator(".tw-compare-steps"),
    looks: BOTH,
  },
  { name: "compare-with", scene: "day", at: DONE, part: dialog, looks: LIGHT, act: fromMenu(/^Compare with…/) },

  // Held at breakpoints
  { name: "held", scene: "held", at: DONE, looks: AND_NARROW, act: fitBelowBanner },

  // Health and help
  {
    name: "health",
    scene: "busy",
    at: `${BUSY}?health=1`,
    part: dialog,
    looks: ["light", "narrow dark"],
    act: hearNews,
  },
  { name: "shortcuts", scene: "empty", part: dialog, looks: BOTH, act: press("?") },

  // What goes wrong
  { name: "failed", scene: "day", at: FAILED, looks: AND_NARROW },
  { name: "storage-full", scene: "full", at: "/run/order-1042", looks: AND_NARROW, act: fitBelowBanner },
  {
    name: "storage-full-health",
    scene: "full",
    at: "/run/order-1042?health=1",
    part: dialog,
    looks: ["dark"],
    act: hearNews,
  },
  { name: "history-unreadable", scene: "damaged", at: FAILED, looks: ["light", "narrow light"], act: fitBelowBanner },
  { name: "code-changed", scene: "changed", at: DONE, looks: ["light", "narrow dark"], act: fitBelowBanner },
  { name: "engine-dead", scene: "dead", looks: ["light", "narrow dark"] },
  { name: "run-unknown", scene: "empty", at: "/run/order-9999", looks: LIGHT },

  // The page of its own
  { name: "standalone", scene: "standalone", looks: AND_NARROW },
  { name: "standalone-refused", scene: "standalone", looks: ["dark"], act: openFile("notes.json", () => "{}") },
  { name: "standalone-file", scene: "standalone", looks: ["light"], act: openFile("lists.json", aRecordedRun) },

  // Names that fit nowhere
  { name: "long-names", scene: "long", at: "/run/LONG", looks: ["light", "narrow light"] },
  { name: "long-names-detail", scene: "long", at: "/run/LONG?view=detail", looks: ["narrow dark"] },
];

/** What a banner leaves to the graph is known only when it is there, and a graph that is shown does not move by itself. */
async function fitBelowBanner(page: Page): Promise<void> {
  await page.locator(".tw-banner").first().waitFor();
  await page.getByRole("button", { name: "More about the graph" }).click();
  const ways = page.getByRole("menuitemradio", { name: /columns|Top to bottom/ });
  await ways.last().click();
  await page.getByRole("button", { name: "Fit the graph" }).click();
  await expect(ways).toHaveCount(0);
  await page.mouse.move(0, 0);
}

/** It is counted once per second. */
async function hearNews(page: Page): Promise<void> {
  await page.getByText("1 batch", { exact: true }).waitFor();
}

function openFile(name: string, text: () => string): (page: Page) => Promise<void> {
  return async (page) => {
    const chooser = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: "Open a file…" }).click();
    await (await chooser).setFiles({ name, mimeType: "application/json", buffer: Buffer.from(text()) });
    await page.getByRole("alert").waitFor();
    if (await page.locator(".tw-banner").isVisible()) await fitBelowBanner(page);
  };
}

function aRecordedRun(): string {
  const history = readFileSync(new URL("../../test/histories/format-2/lists.json", import.meta.url), "utf8");
  return JSON.stringify((JSON.parse(history) as { readonly runFile: unknown }).runFile);
}

async function pickThree(page: Page): Promise<void> {
  await runs(page).locator("[data-run]").first().focus();
  await page.keyboard.press("x");
  await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("Shift+ArrowDown");
}

async function findPick(page: Page): Promise<void> {
  await page.keyboard.press("f");
  await page.getByRole("combobox", { name: "Find a step or an event" }).fill("p");
}

async function openQuestion(page: Page): Promise<void> {
  await page.getByRole("list", { name: "Questions" }).getByRole("button").first().click();
}

async function startWithNothing(page: Page): Promise<void> {
  await page.keyboard.press("n");
  await dialog(page)
    .getByRole("button", { name: /^Start/ })
    .click();
}

function fromMenu(name: RegExp): (page: Page) => Promise<void> {
  return async (page) => {
    await page.getByRole("button", { name: "More", exact: true }).click();
    await page.getByRole("menuitem", { name }).click();
  };
}
