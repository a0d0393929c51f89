import { readFile } from "node:fs/promises";
import { expect, test } from "@playwright/test";
import { profileCsv } from "../inspector/demo/csv-direct.ts";
import { download } from "./download.ts";

const sample = new URL("../node_modules/vega-datasets/data/species.csv", import.meta.url);

test("the CSV profile: held before a step, one step, continued to the end; its report is that of any run", async ({
  page,
}) => {
  test.setTimeout(90_000);
  await page.goto("/");
  await page.getByLabel(/Slowly/).uncheck();
  await page.getByRole("button", { name: /species\.csv/ }).click();
  const question = page.getByRole("article", { name: "ask waits for Answer" });
  await expect(question).toBeVisible({ timeout: 30_000 });

  // Only when asked for, and with the keyboard alone.
  await expect(page.getByRole("button", { name: "Breakpoint before ask" })).toHaveCount(0);
  await page.getByRole("button", { name: /^Debug/ }).click();
  const ask = page.getByRole("button", { name: /^ask, step/ });
  await ask.focus();
  await page.keyboard.press("b");
  await expect(ask).toHaveAccessibleName(/breakpoint$/);

  // The answer is taken, and the step that gets it does not begin.
  await question.getByLabel("Read its cells as").selectOption("text");
  await question.getByRole("button", { name: "Send Answer" }).click();
  await expect(page.getByText("1 work item waits before ask.")).toBeVisible();
  await expect(ask).toHaveAccessibleName(/1 held before they begin/);

  // In the past nothing can be held; back at the newest tick it still is.
  await page.getByRole("button", { name: "Previous tick" }).click();
  await expect(page.getByRole("button", { name: /^Debug/ })).toHaveCount(0);
  await page.getByRole("button", { name: "Live", exact: true }).click();

  // One step lets it begin; what comes of it waits before the next.
  await page.getByRole("button", { name: /^One step/ }).click();
  await expect(page.getByText("1 work item waits before report.")).toBeVisible();
  await page.getByRole("button", { name: "Continue", exact: true }).click();
  await expect(page.getByRole("banner").getByRole("img", { name: "Completed" })).toBeVisible();
  await expect(page.getByRole("button", { name: /^Debug/ })).toHaveCount(0);

  await page.getByRole("group", { name: "Middle view" }).getByRole("button", { name: "Report" }).click();
  const saved = await download(page, () => page.getByRole("button", { name: "Download JSON" }).click());
  const report: unknown = JSON.parse(await readFile(saved, "utf8"));
  const direct = profileCsv(await readFile(sample, "utf8"), { name: "species.csv", decisions: { county_id: "text" } });
  expect(report).toEqual(JSON.parse(JSON.stringify(direct)));
});
