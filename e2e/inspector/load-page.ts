/** Drives load.html: mouse and keyboard only, so that what is measured is the inspector's own work. */
import { expect, type Locator, type Page } from "@playwright/test";

const address = `${process.env["TICKWORK_INSPECTOR_PAGES"] ?? ""}/load.html`;

export async function openLoadPage(page: Page, query = ""): Promise<void> {
  await page.goto(address + query);
  await expect(page.getByRole("navigation", { name: "Runs" })).toBeVisible();
}

export async function start(page: Page, workflow: string, input: object, runId: string): Promise<void> {
  await page.evaluate(async ([name, data, id]) => void (await globalThis.engine.startRun(name, data, { runId: id })), [
    workflow,
    input,
    runId,
  ] as const);
}

export async function untilEnded(page: Page, runId: string): Promise<void> {
  await page.evaluate(async (id) => void (await (await globalThis.engine.attach(id)).result()), runId);
}

/** Where the list has it; it is looked for first, so that no locator runs while tasks are watched. */
export async function runRow(page: Page, runId: string): Promise<Place> {
  return placeOf(page.locator(`[data-run="${runId}"]`));
}

export interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export async function placeOf(locator: Locator): Promise<Place> {
  await expect(locator).toBeVisible();
  const box = await locator.boundingBox();
  if (box === null) throw new Error("It is not on the screen.");
  return box;
}

export async function click(page: Page, { x, y, width, height }: Place, across = 0.5): Promise<void> {
  await page.mouse.click(x + width * across, y + height / 2);
}

export async function hover(page: Page, { x, y, width, height }: Place): Promise<void> {
  await page.mouse.move(x + width / 2, y + height / 2);
}

/** Turns the wheel so often by so much, once per frame or so. */
export async function wheel(page: Page, by: number, times: number, rest = 30): Promise<void> {
  for (let n = 0; n < times; n++) {
    await page.mouse.wheel(0, by);
    await page.waitForTimeout(rest);
  }
}
