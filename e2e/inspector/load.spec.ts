/** Large is normal: whatever the size of the run, no task of the page takes longer than 50 ms. */
import { expect, test, type Page } from "@playwright/test";
import { click, hover, openLoadPage, placeOf, runRow, start, untilEnded, wheel } from "./load-page.ts";
import { watchTasks } from "./tasks.ts";

// A trace takes pictures of the page while it is measured.
test.use({ viewport: { width: 1440, height: 900 }, trace: "off", screenshot: "off" });

/** In ms of work: a test's machine has other things to do, which are no fault of the page. */
const LONGEST = 50;
const rest = (page: Page, milliseconds: number) => page.waitForTimeout(milliseconds);

/** What it does is done with mouse and keyboard; then no task was too long. */
async function expectNoLongTask(page: Page, work: () => Promise<void>): Promise<void> {
  const watch = await watchTasks(page);
  await work();
  const tasks = await watch.stop();
  expect(tasks.length).toBeGreaterThan(20);
  expect(tasks.filter(({ cpu }) => cpu > LONGEST)).toEqual([]);
}

test("a run of 300 steps makes 10,000 ticks per second: nothing moves, and the page answers", async ({ page }) => {
  await openLoadPage(page);
  await start(page, "city", { seconds: 12, ticksPerSecond: 10_000 }, "city");
  const row = await runRow(page, "city");
  const open = async (): Promise<void> => {
    await click(page, row);
    await rest(page, 2_000);
  };
  await expectNoLongTask(page, open);
  const camera = page.locator(".react-flow__viewport");
  const sequence = () => page.evaluate(async () => (await globalThis.engine.listRuns()).runs[0]?.sequence ?? 0);
  const [place, before] = [await camera.getAttribute("style"), await sequence()];
  await expectNoLongTask(page, () => rest(page, 4_000));
  expect(await camera.getAttribute("style")).toBe(place);
  expect((await sequence()) - before).toBeGreaterThan(20_000);
  await untilEnded(page, "city");

  const graph = await placeOf(page.locator(".react-flow"));
  const zoomAndPan = async (): Promise<void> => {
    await hover(page, graph);
    await wheel(page, -240, 10, 60);
    await page.mouse.down();
    for (let n = 0; n < 30; n++) {
      await page.mouse.move(graph.x + graph.width / 2 + n * 8, graph.y + graph.height / 2 - n * 4);
      await rest(page, 16);
    }
    await page.mouse.up();
    await wheel(page, 240, 10, 60);
  };
  await expectNoLongTask(page, zoomAndPan);
});

test("100,000 ticks: opened, scrubbed, scrolled, searched, on the timeline", async ({ page }) => {
  await openLoadPage(page);
  await start(page, "lanes", { laps: 12_500 }, "lanes");
  await untilEnded(page, "lanes");
  const row = await runRow(page, "lanes");
  await expectNoLongTask(page, async () => {
    await click(page, row);
    await rest(page, 1_500);
  });

  const slider = await placeOf(page.getByRole("slider", { name: /tick/i }));
  const log = await placeOf(page.getByRole("listbox", { name: "Ticks" }));
  await expectNoLongTask(page, async () => {
    for (let n = 0; n < 20; n++) {
      await click(page, slider, ((n * 7) % 20) / 20 + 0.02);
      await rest(page, 60);
    }
    await hover(page, log);
    for (let n = 0; n < 20; n++) await wheel(page, n % 2 === 0 ? -60_000 : 40_000, 1, 60);
  });

  await page.getByPlaceholder("Search ticks and payloads").focus();
  await expectNoLongTask(page, async () => {
    await page.keyboard.type("lap 12000");
    await rest(page, 2_500);
  });
  await expect(page.getByRole("listbox", { name: "Ticks" }).getByRole("option").first()).toContainText(/swim/);

  const timeline = await placeOf(page.getByRole("button", { name: "Timeline", exact: true }));
  await expectNoLongTask(page, async () => {
    await click(page, timeline);
    await rest(page, 3_000);
  });
  const canvas = await placeOf(page.locator(".tw-timeline canvas").first());
  await expectNoLongTask(page, async () => {
    await hover(page, canvas);
    await page.keyboard.down("Control");
    await wheel(page, -200, 12, 100);
    await wheel(page, 200, 12, 100);
    await page.keyboard.up("Control");
    await rest(page, 500);
  });
});

test("10,000 work items in one fan-out: the graph, and the list of them", async ({ page }) => {
  await openLoadPage(page);
  await start(page, "crowd", { items: 10_000, milliseconds: 20 }, "crowd");
  const row = await runRow(page, "crowd");
  await expectNoLongTask(page, async () => {
    await click(page, row);
    await rest(page, 2_000);
  });
  const lanes = await placeOf(page.getByRole("button", { name: /^List [\d,]+ work items of seat/ }));
  await expectNoLongTask(page, async () => {
    await click(page, lanes);
    await rest(page, 1_000);
  });
  const list = await placeOf(page.locator(".tw-lanes-list"));
  const tab = await placeOf(page.getByRole("tab", { name: /^Work items/ }));
  await expectNoLongTask(page, async () => {
    await hover(page, list);
    await wheel(page, 12_000, 20, 40);
    await click(page, tab);
    await rest(page, 1_000);
  });
});

test("5 MB in the state and in the result", async ({ page }) => {
  await openLoadPage(page);
  await start(page, "heavy", {}, "heavy");
  await untilEnded(page, "heavy");
  const row = await runRow(page, "heavy");
  await expectNoLongTask(page, async () => {
    await click(page, row);
    await rest(page, 1_500);
  });
  for (const name of ["State", "Changes", "Overview"]) {
    const tab = await placeOf(page.getByRole("tab", { name, exact: true }));
    await expectNoLongTask(page, async () => {
      await click(page, tab);
      await rest(page, 1_500);
    });
  }
  const tick = await placeOf(page.locator(".tw-log-rows [role=option]").nth(1));
  await expectNoLongTask(page, async () => {
    await click(page, tick);
    await rest(page, 1_500);
  });
});

test("1,000 runs in the list", async ({ page }) => {
  await openLoadPage(page);
  await page.evaluate(async () => {
    for (let n = 0; n < 1_000; n++) await globalThis.engine.startRun("small", {}, { runId: `small-${n}` });
  });
  await page.reload();
  const list = page.getByRole("navigation", { name: "Runs" });
  await expect(list.getByText("small-999")).toBeVisible();
  const place = await placeOf(list);
  const search = list.getByPlaceholder("Search runs");
  await expectNoLongTask(page, async () => {
    await hover(page, place);
    await wheel(page, 2_000, 30);
  });
  await search.focus();
  await expectNoLongTask(page, async () => {
    await page.keyboard.type("small-77");
    await rest(page, 1_000);
  });
  await expect(list.getByText("small-779")).toBeVisible();
  await expect(list.getByText("small-999")).toHaveCount(0);
});
