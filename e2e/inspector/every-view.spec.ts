/**
 * What holds in every view of the built app: nothing is blocked by a strict policy; with motion reduced nothing moves, and
 * numbers stand in for what moved.
 */
import { expect, test, type Page } from "@playwright/test";
import { onlyChromium } from "../only-chromium.ts";
import { policyViolations } from "../policy-violations.ts";
import { everyView } from "./every-view.ts";

const pages = process.env["TICKWORK_INSPECTOR_PAGES"] ?? "";

test("no view and no worker does what a strict security policy forbids", async ({ page, browserName }) => {
  onlyChromium(browserName, "policy");
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
  onlyChromium(browserName, "policy");
  for (const address of ["/inspector/standalone/index.html", "/guide/index.html", "/guide/inspector.html"]) {
    const response = await page.goto(address);
    expect(response?.ok(), address).toBe(true);
    expect(await policyViolations(page), address).toEqual([]);
  }
});

/** Runs in the page: what is in motion, and where. */
function moving(): string[] {
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
      expect(await page.evaluate(moving), name).toEqual([]);
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

interface Seen {
  /** Numbers on the event, one after the other as they were shown. */
  readonly numbers: readonly number[];
  /** Looks at the canvas in which something was drawn on it. */
  readonly drawn: number;
  readonly animations: readonly string[];
}

/** Runs in the page: looks at each frame, until nothing more passes. */
async function watchEvents(): Promise<Seen> {
  const [numbers, animations] = [[] as number[], new Set<string>()];
  let [drawn, shown, quiet] = [0, "", performance.now()];
  const canvas = document.querySelector<HTMLCanvasElement>("canvas.tw-particles");
  if (canvas === null) throw new Error("There is no canvas over the graph.");
  const probe = new OffscreenCanvas(64, 64).getContext("2d", { willReadFrequently: true });
  if (probe === null) throw new Error("No canvas can be looked at.");
  while (performance.now() - quiet < 2_500) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    const text = document.querySelector("[data-node='event:Lap'] .tw-event-flow")?.textContent ?? "";
    if (text !== "" && text !== shown) numbers.push(Number(text.replace(/[+,]/g, "")));
    shown = text;
    probe.clearRect(0, 0, 64, 64);
    if (canvas.width > 0) probe.drawImage(canvas, 0, 0, 64, 64);
    const isDrawn = probe.getImageData(0, 0, 64, 64).data.some((value) => value > 0);
    if (isDrawn) drawn += 1;
    for (const { playState } of document.getAnimations()) animations.add(playState);
    if (isDrawn || text !== "") quiet = performance.now();
  }
  return { numbers, drawn, animations: [...animations] };
}

/** So many events of one type, fewer at once than there may be dots. */
const LAPS = 25;
const EVENTS = 8 * LAPS;

async function swim(page: Page): Promise<Seen> {
  await page.evaluate((laps) => globalThis.engines[0]?.startRun("lanes", { laps, milliseconds: 160 }), LAPS);
  await page.locator("[data-run]").first().click();
  await expect(page.locator("[data-node='event:Lap']")).toBeVisible();
  return page.evaluate(watchEvents);
}

test("with motion, dots show what passes, and no numbers", async ({ page }) => {
  await page.goto(`${pages}/host.html?styles=plain&height=700px`);
  const { numbers, drawn } = await swim(page);
  expect(drawn).toBeGreaterThan(10);
  expect(numbers).toEqual([]);
});

for (const [by, reduce] of [
  ["the system", (page: Page) => page.emulateMedia({ reducedMotion: "reduce" })],
  [
    "its own setting",
    async (page: Page) => {
      await page.getByRole("button", { name: "More", exact: true }).click();
      await page.getByRole("menuitemcheckbox", { name: "Reduce motion" }).click();
      await page.keyboard.press("Escape");
      await expect(page.getByRole("menu")).toHaveCount(0);
    },
  ],
] as const) {
  test(`with motion reduced by ${by}, numbers count what passes where dots would be`, async ({ page }) => {
    await page.goto(`${pages}/host.html?styles=plain&height=700px`);
    await reduce(page);
    const { numbers, drawn, animations } = await swim(page);
    expect([drawn, animations]).toEqual([0, []]);
    // What passed before the graph was there is not counted, nor what equals the number of the second before.
    const sum = numbers.reduce((all, each) => all + each, 0);
    expect(numbers.length).toBeGreaterThan(1);
    expect(sum, numbers.join(" ")).toBeLessThanOrEqual(EVENTS);
    expect(sum, numbers.join(" ")).toBeGreaterThan(EVENTS / 4);
  });
}
