// README's animation: the CSV profile in ten seconds, used by hand in the running app.

import { Recording, wait } from "./recording.mjs";

const SIZE = { width: 1200, height: 800 };
/** Room for the graph: the panels beside it are narrow. */
const PANELS = { runsWidth: 200, detailWidth: 290, bottomHeight: 240 };

/**
 * @param {import("playwright").Browser} browser
 * @param {string} url where the app is
 * @param {"light" | "dark"} colorScheme
 * @param {string} path where the picture goes
 */
export async function recordAnimation(browser, url, colorScheme, path) {
  const context = await browser.newContext({ colorScheme, viewport: SIZE, locale: "en-GB" });
  const page = await context.newPage();
  await page.addInitScript((panels) => {
    localStorage.setItem("tickwork.inspector", JSON.stringify(panels));
  }, PANELS);
  await page.goto(url);
  const start = page.getByRole("button", { name: /species\.csv/ });
  await start.waitFor();
  const recording = await Recording.of(page, { x: SIZE.width * 0.6, y: SIZE.height * 0.8 });
  await wait(500);

  const question = page.getByRole("article", { name: "ask waits for Answer" });
  await recording.scene(1, () => recording.click(start, 500));
  await page.getByRole("button", { name: /^profile, step, 8 of 8 slots busy/ }).waitFor();
  await recording.scene(2.2, async () => {
    await question.waitFor({ timeout: 60_000 });
    await wait(500);
  });
  await recording.scene(1.3, () => backAndForth(page, recording));
  await recording.scene(1.2, async () => {
    await recording.click(page.getByRole("button", { name: "Timeline" }), 400);
    await wait(1_000);
  });
  await recording.scene(1.5, () => answer(page, recording, question));
  const told = await recording.save(path);
  await context.close();
  return told;
}

/**
 * Through the past with the scrubber, and back to live.
 * @param {import("playwright").Page} page
 * @param {Recording} recording
 */
async function backAndForth(page, recording) {
  const box = await page.getByRole("slider", { name: "Tick shown" }).boundingBox();
  if (box === null) throw new Error("There is no scrubber.");
  const y = box.y + box.height / 2;
  await recording.glide({ x: box.x + box.width - 2, y }, 400);
  await recording.press();
  await recording.glide({ x: box.x + box.width * 0.1, y }, 1_100);
  await recording.glide({ x: box.x + box.width * 0.5, y }, 600);
  await recording.release();
  await recording.click(page.getByRole("button", { name: "Live" }).last(), 350);
}

/**
 * Says what the run asks for, and looks at what comes of it.
 * @param {import("playwright").Page} page
 * @param {Recording} recording
 * @param {import("playwright").Locator} question
 */
async function answer(page, recording, question) {
  const choice = question.getByLabel("Read its cells as");
  await recording.glide(choice, 500);
  await choice.selectOption("text");
  await wait(200);
  await recording.click(question.getByRole("button", { name: "Send Answer" }), 300);
  await page.getByRole("banner").getByRole("img", { name: "Completed" }).waitFor();
  await wait(300);
  await recording.click(page.getByRole("button", { name: "Report", exact: true }), 500);
  await wait(1_400);
}
