import { AxeBuilder } from "@axe-core/playwright";
import { copyFile } from "node:fs/promises";
import { expect, test, type Page } from "@playwright/test";
import { readFile } from "node:fs/promises";
import { policyViolations } from "./policy-violations.ts";
import { download } from "./download.ts";

const address = "/inspector/standalone/index.html";

async function startBirdstrikes(page: Page): Promise<void> {
  await page.goto("/");
  await page.getByRole("button", { name: /birdstrikes\.csv/ }).click();
  await expect(page.getByRole("button", { name: /^profile, step/ })).toBeVisible();
}

test("the page of its own attaches to the app in another tab, and says so when that is closed", async ({ context }) => {
  const app = await context.newPage();
  const page = await context.newPage();
  await page.goto(address);
  await expect(page.getByText(/Open the app in another tab/)).toBeVisible();
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  }

  await startBirdstrikes(app);
  await page.getByRole("button", { name: /Runs in another tab/ }).click();
  await page.getByRole("navigation", { name: "Runs" }).getByText("csv-profile").click();
  await expect(page.getByRole("button", { name: /^profile, step/ })).toBeVisible();

  // The address says it all.
  await page.reload();
  await expect(page.getByRole("button", { name: /^profile, step/ })).toBeVisible();

  await app.close();
  await page.getByRole("button", { name: "tickwork, all runs" }).click();
  await expect(page.getByText(/No tab of this site runs the engine/).first()).toBeVisible();
  const again = await context.newPage();
  await again.goto("/");
  await expect(page.getByRole("navigation", { name: "Runs" }).getByText("csv-profile")).toBeVisible();
  await expect(page.getByText(/No tab of this site runs the engine/)).toHaveCount(0);
  expect(await policyViolations(page)).toEqual([]);
});

test("a run file is looked at with no engine at all; what is none is named", async ({ context }, testInfo) => {
  const app = await context.newPage();
  await startBirdstrikes(app);
  await expect(app.getByRole("banner").getByRole("img", { name: "Completed" })).toBeVisible({ timeout: 30_000 });
  const path = testInfo.outputPath("a-run.json");
  await copyFile(await download(app, () => app.getByRole("button", { name: "Export" }).click()), path);
  await app.close();

  const page = await context.newPage();
  await page.goto(address);
  const open = async (file: string | { name: string; mimeType: string; buffer: Buffer }): Promise<void> => {
    const chooser = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: "Open a file…" }).click();
    await (await chooser).setFiles(file);
  };
  await open({ name: "notes.json", mimeType: "application/json", buffer: Buffer.from("no json") });
  await expect(page.getByRole("alert")).toContainText("notes.json: This is no exported run: it is not JSON");

  await open(path);
  await expect(page.getByText("a-run.json")).toBeVisible();
  await expect(page.getByRole("button", { name: /^profile, step/ })).toHaveAccessibleName(/0 queued/);
  // Its workflow is served nowhere here: what would need it is not offered.
  await expect(page.getByRole("alert")).toContainText("import it in an app that serves csv-profile");
  for (const name of ["New run", "Continue from here"])
    await expect(page.getByRole("button", { name, exact: true })).toHaveCount(0);
  await page.getByRole("button", { name: "More", exact: true }).click();
  await expect(page.getByRole("menuitem", { name: "Export run" })).toBeVisible();
  await expect(page.getByRole("menuitem", { name: /Fork|Run again/ })).toHaveCount(0);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "First tick" }).click();
  await expect(page.getByRole("button", { name: /^profile, step/ })).toHaveAccessibleName(/0 done/);
  await page.getByRole("button", { name: "Close" }).click();
  await expect(page.getByRole("heading", { name: "Look into a run" })).toBeVisible();

  // Several at once: all of them are there, the first is open.
  const one = await readFile(path, "utf8");
  const { runId } = (JSON.parse(one) as { run: { runId: string } }).run;
  await drop(page, [
    { name: "one.json", text: one },
    { name: "two.json", text: one.replaceAll(runId, "the-second") },
  ]);
  await expect(page.getByText("one.json, two.json")).toBeVisible();
  await expect(page).toHaveURL(new RegExp(`#/run/${runId}`));
  await expect(page.locator('[data-run="the-second"]')).toBeVisible();
});

async function drop(page: Page, files: readonly { name: string; text: string }[]): Promise<void> {
  await page.evaluate((given) => {
    const dataTransfer = new DataTransfer();
    for (const { name, text } of given) dataTransfer.items.add(new File([text], name, { type: "application/json" }));
    document.querySelector("main")?.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true }));
  }, files);
}
