import { expect, test as base, type Page } from "@playwright/test";
import { appendFileSync, cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { preview, type PreviewServer } from "vite";
import { policyViolations } from "./policy-violations.ts";
import { onlyChromium } from "./only-chromium.ts";

const root = join(import.meta.dirname, "..");

/** A server of its own for each test, to be stopped; on a copy of the app, to be changed. */
interface App {
  readonly url: string;
  readonly folder: string;
  stop(): Promise<void>;
}

const test = base.extend<{ app: App }>({
  app: async ({ browserName }, use) => {
    const folder = mkdtempSync(join(tmpdir(), `tickwork-${browserName}-`));
    cpSync(join(root, "dist-app"), join(folder, "below/a/path"), { recursive: true });
    // As the app's own server, its headers included, but below a path.
    const server: PreviewServer = await preview({
      root,
      logLevel: "warn",
      build: { outDir: folder },
      preview: { port: 0 },
    });
    const stop = async () => {
      if ("closeAllConnections" in server.httpServer) server.httpServer.closeAllConnections();
      await server.close();
    };
    await use({ url: `${server.resolvedUrls?.local[0]}below/a/path/`, folder: join(folder, "below/a/path"), stop });
    await stop();
    rmSync(folder, { recursive: true });
  },
});

async function openAndKeep(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await expect(page.getByRole("main")).toBeVisible();
  // It takes this page over when it has all files.
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === "activated");
}

test("the app works without a network after its first load: worker, sample data, report, guide", async ({
  page,
  app,
}) => {
  await openAndKeep(page, app.url);
  await app.stop();
  await expect(page.request.get(app.url)).rejects.toThrow(/ECONNREFUSED/);

  await page.reload();
  await page.getByRole("button", { name: /birdstrikes\.csv/ }).click();
  await expect(page.getByRole("banner").getByRole("img", { name: "Completed" })).toBeVisible({ timeout: 30_000 });
  await page.getByRole("group", { name: "Middle view" }).getByRole("button", { name: "Report" }).click();
  await expect(page.getByRole("main")).toContainText("birdstrikes.csv");
  expect(await policyViolations(page)).toEqual([]);

  await page.goto(`${app.url}guide/retries.html?from=app`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Retries");
  await page.getByRole("link", { name: "Open the app" }).click();
  await expect(page.getByRole("list").getByText("csv-profile")).toBeVisible();
});

test("a newer version waits, is told of, and comes when it is asked for", async ({ page, context, app }) => {
  await openAndKeep(page, app.url);
  const notice = page.getByText("A new version is ready");
  await expect(notice).toBeHidden();
  const other = await context.newPage();
  await other.goto(app.url);

  appendFileSync(join(app.folder, "service-worker.js"), "\n// another version\n");
  await page.evaluate(() => {
    (globalThis as { sameLoad?: true }).sameLoad = true;
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await expect(notice).toBeVisible();
  expect(await page.evaluate(() => "sameLoad" in globalThis)).toBe(true);

  await page.getByRole("button", { name: "Reload" }).click();
  await page.waitForFunction(() => !("sameLoad" in globalThis));
  await expect(page.getByRole("main")).toBeVisible();
  await expect(notice).toBeHidden();
  // The other tab was served the new version too, and decides for itself.
  await expect(other.getByText("A new version is ready")).toBeVisible();
});

test("the app can be installed", async ({ page, app, browserName }) => {
  onlyChromium(browserName, "installing");
  await openAndKeep(page, app.url);
  const client = await page.context().newCDPSession(page);
  const { errors, data } = await client.send("Page.getAppManifest");
  expect(errors).toEqual([]);
  expect(JSON.parse(data ?? "")).toMatchObject({ start_url: "./", scope: "./", display: "standalone" });
  const { installabilityErrors } = await client.send("Page.getInstallabilityErrors");
  // Playwright's contexts have no profile, and nothing can be installed there.
  expect(installabilityErrors.filter(({ errorId }) => errorId !== "in-incognito")).toEqual([]);
});
