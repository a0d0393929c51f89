import { readFile } from "node:fs/promises";
import { expect, test, type Page } from "@playwright/test";
import { initialState, replay, type Tick } from "tickwork";
import { profileCsv } from "../inspector/demo/csv-direct.ts";
import { policyViolations } from "./policy-violations.ts";
import { typeInto } from "./type-into.ts";
import { download } from "./download.ts";

const sample = new URL("../node_modules/vega-datasets/data/species.csv", import.meta.url);

/** What a step's node says of itself; null while it is not on the graph. */
async function readStep(page: Page, name: string): Promise<{ busy: number; queued: number; done: number } | null> {
  const label = await page.getByRole("button", { name: new RegExp(`^${name}, step`) }).getAttribute("aria-label");
  const numberBefore = (word: string): number =>
    Number(new RegExp(`([\\d,]+) ${word}`).exec(label ?? "")?.[1]?.replaceAll(",", "") ?? Number.NaN);
  return label === null
    ? null
    : { busy: numberBefore("of"), queued: numberBefore("queued"), done: numberBefore("done") };
}

test("the CSV profile: watched, reloaded in the middle, answered, reported, scrubbed", async ({ page }) => {
  test.setTimeout(120_000);
  await page.goto("/");
  // The slowest there is, so that it is in the middle on a busy machine, too.
  await page.getByRole("button", { name: "Start a first run" }).click();

  // The queue is deep at first and drains while eight slots are busy.
  const profile = page.getByRole("button", { name: /^profile, step/ });
  await expect(profile).toHaveAccessibleName(/8 of 8 slots busy, \d\d queued/);
  const early = await readStep(page, "profile");
  await expect.poll(async () => (await readStep(page, "profile"))?.queued).toBeLessThan((early?.queued ?? 0) - 5);

  // Reloaded in the middle, it goes on by itself. What was done is not done again, but for results so new that they
  // were not on disk yet: at most one for each slot.
  const before = await readStep(page, "profile");
  expect(before?.queued).toBeGreaterThan(5);
  await page.reload();
  await expect(profile).toHaveAccessibleName(/8 of 8 slots busy/);
  expect((await readStep(page, "profile"))?.done).toBeGreaterThanOrEqual((before?.done ?? 0) - 8);

  // It asks; the answer lets it finish.
  const question = page.getByRole("article", { name: "ask waits for Answer" });
  await expect(question).toContainText("What is the column “county_id”?", { timeout: 60_000 });
  await expect(profile).toHaveAccessibleName(/0 of 8 slots busy, 0 queued, 72 done/);
  await question.getByLabel("Read its cells as").selectOption("text");
  await question.getByRole("button", { name: "Send Answer" }).click();
  await expect(page.getByRole("banner").getByRole("img", { name: "Completed" })).toBeVisible();

  // The report equals one made without the engine.
  await page.getByRole("group", { name: "Middle view" }).getByRole("button", { name: "Report" }).click();
  const saved = await download(page, () => page.getByRole("button", { name: "Download JSON" }).click());
  const report: unknown = JSON.parse(await readFile(saved, "utf8"));
  const direct = profileCsv(await readFile(sample, "utf8"), { name: "species.csv", decisions: { county_id: "text" } });
  expect(report).toEqual(JSON.parse(JSON.stringify(direct)));

  // Back in the middle, the graph shows that tick's queue: what folding the exported history up to there gives.
  await page.getByRole("group", { name: "Middle view" }).getByRole("button", { name: "Graph" }).click();
  const exported = await download(page, () => page.getByRole("button", { name: "Export" }).click());
  const file = JSON.parse(await readFile(exported, "utf8")) as { ticks: Tick[] };
  const middle = Math.floor(file.ticks.length / 2);
  const [first] = file.ticks;
  if (first?.kind !== "StartRun" || !first.program) throw new Error("The file does not say how the run was defined.");
  const { program } = first;
  const folded = replay(initialState(program), file.ticks.slice(0, middle)).steps[program.indexes["profile"] ?? 0];
  await typeInto(page.getByRole("textbox", { name: /Jump to tick/ }), String(middle));
  await page.keyboard.press("Enter");
  await expect(page.getByText(`tick #${middle}`)).toBeVisible();
  expect(folded?.queue.length).toBeGreaterThan(0);
  await expect
    .poll(() => readStep(page, "profile"))
    .toEqual({ busy: folded?.slots.busy, queued: folded?.queue.length, done: folded?.completed });

  expect(await policyViolations(page)).toEqual([]);
});
