/** Commands work, or are refused by name, when a run's history cannot be read: a real database, behind the engine's back. */
import { expect, test, type Page } from "@playwright/test";

const pages = process.env["TICKWORK_INSPECTOR_PAGES"] ?? "";

/** Runs in the page: of each stored piece of the run's history only the beginning is left. */
async function breakHistory(runId: string): Promise<number> {
  const wait = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.addEventListener("success", () => resolve(request.result));
      request.addEventListener("error", () => reject(request.error ?? new Error("The database refused.")));
    });
  const database = await wait(indexedDB.open("host-0"));
  const store = database.transaction("batches", "readwrite").objectStore("batches");
  const rows = ((await wait(store.getAll())) as { runId: string; ticks: string }[]).filter(
    (row) => row.runId === runId,
  );
  await Promise.all(rows.map((row) => wait(store.put({ ...row, ticks: row.ticks.slice(0, 30) }))));
  database.close();
  return rows.length;
}

const row = (page: Page, runId: string) => page.locator(`[data-run="${runId}"]`);
const notice = (page: Page) => page.getByRole("alert").filter({ hasText: "HISTORY_DAMAGED" });

async function open(page: Page, ...runIds: readonly string[]): Promise<void> {
  await page.goto(`${pages}/host.html?styles=plain&height=700px`);
  for (const id of runIds) {
    await page.evaluate((runId) => globalThis.engines[0]?.startRun("review", { title: runId }, { runId }), id);
    await expect(row(page, id)).toContainText("Waiting");
  }
}

async function fromMenu(page: Page, item: string | RegExp): Promise<void> {
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: item }).click();
}

async function expectRefused(page: Page, command: string | RegExp): Promise<void> {
  await fromMenu(page, command);
  await expect(notice(page)).toContainText(/is damaged/);
  await notice(page).getByRole("button", { name: "Dismiss" }).click();
  await expect(notice(page)).toHaveCount(0);
}

async function deleteRun(page: Page, runId: string): Promise<void> {
  await fromMenu(page, "Delete run");
  await page.getByRole("button", { name: "Delete now" }).click();
  await expect(row(page, runId)).toHaveCount(0);
}

async function cancelRun(page: Page): Promise<void> {
  await fromMenu(page, /^Cancel run/);
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /^Cancel/ })
    .last()
    .click();
}

test("a run in memory is answered and cancelled although its past cannot be read, which is said", async ({ page }) => {
  await open(page, "answered", "cancelled");
  for (const runId of ["answered", "cancelled"]) {
    await row(page, runId).click();
    await expect(page.getByRole("button", { name: /^decide, step/ })).toBeVisible();
    expect(await page.evaluate(breakHistory, runId)).toBeGreaterThan(0);
    await page.getByLabel("Jump to tick").fill("1");
    await page.getByLabel("Jump to tick").press("Enter");
    await expect(page.getByText("Part of this run cannot be read")).toBeVisible();
    // From the past that cannot be read nothing begins; the run goes on.
    await expectRefused(page, "Fork from here");
    await expectRefused(page, "Export run");
    await page.getByRole("button", { name: /^Live$/ }).click();
    await expect(page.getByRole("article", { name: "decide waits for Verdict" })).toBeVisible();
  }
  await cancelRun(page);
  await expect(row(page, "cancelled")).toContainText("Cancelled");
  await page.evaluate(() =>
    globalThis.engines[0]?.sendEvent("answered", { type: "Verdict", data: { decision: "print", copies: 2 } }),
  );
  await expect(row(page, "answered")).toContainText("Completed");
  await expect(page.locator("[data-run]")).toHaveCount(2);

  // Nobody has it in memory any more: it is listed, and can be deleted for good.
  await page.reload();
  await row(page, "cancelled").click();
  await expect(page.getByRole("heading", { name: "This run cannot be shown" })).toBeVisible();
  await expect(page.getByText(/is damaged/).first()).toBeVisible();
  await expectRefused(page, "Fork from here");
  await expectRefused(page, "Export run");
  await deleteRun(page, "cancelled");
  await page.reload();
  await expect(row(page, "answered")).toBeVisible();
  await expect(row(page, "cancelled")).toHaveCount(0);
});

test("a run that waits and can no longer be loaded says why it cannot go on, and is deleted; others go on", async ({
  page,
}) => {
  await open(page, "broken", "sound");
  expect(await page.evaluate(breakHistory, "broken")).toBeGreaterThan(0);
  await page.reload();
  await row(page, "broken").click();
  await expect(page.getByRole("heading", { name: "This run cannot be shown" })).toBeVisible();
  await cancelRun(page);
  await expect(notice(page)).toContainText(/Delete it/);
  await notice(page).getByRole("button", { name: "Dismiss" }).click();
  await expect(row(page, "broken")).toContainText(/Paused/);
  await expectRefused(page, "Resume run");
  await deleteRun(page, "broken");

  await row(page, "sound").click();
  await cancelRun(page);
  await expect(row(page, "sound")).toContainText("Cancelled");
});
