import { expect, type Page } from "@playwright/test";
import { readdirSync } from "node:fs";
import { join } from "node:path";

/** Where a Firefox saves what it downloads; each of the runner's processes has one, and so a folder. */
export const firefoxDownloads = join(import.meta.dirname, "../test-results/downloads", String(process.pid));

/**
 * Does what makes the page download a file, and gives the path of it. Firefox's driver does not tell of downloads: there
 * the file is looked for where it goes.
 */
export async function download(page: Page, click: () => Promise<void>): Promise<string> {
  if (page.context().browser()?.browserType().name() !== "firefox") {
    const begun = page.waitForEvent("download");
    await click();
    return (await begun).path();
  }
  const before = new Set(readdirSync(firefoxDownloads));
  await click();
  // While a file is being written there is a second one beside it.
  const isWhole = (name: string): boolean => !before.has(name) && !name.endsWith(".part");
  const news = (): readonly string[] => {
    const names = readdirSync(firefoxDownloads);
    return names.some((name) => name.endsWith(".part")) ? [] : names.filter(isWhole);
  };
  await expect.poll(news).toHaveLength(1);
  return join(firefoxDownloads, news()[0] ?? "");
}
