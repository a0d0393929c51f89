/** Rules of a live view, held while a run makes more ticks than anybody can follow. */
import { expect, test, type Page } from "@playwright/test";
import { typeInto } from "../type-into.ts";

const pages = process.env["TICKWORK_INSPECTOR_PAGES"] ?? "";

/** What the views say at one moment. */
interface Reading {
  /** The tick shown, of the graph's tools and the scrubber. */
  readonly sequences: readonly string[];
  /** The newest tick, of the scrubber, the log's count, and health where it is open. */
  readonly newest: readonly string[];
  /** Busy, queued, done of one step: of the drawing's name for assistive technology, its numbers, its row, the detail. */
  readonly counts: readonly string[];
  /** Busy and queued of the whole run: of all steps, drawn or in rows, and of the run's row in the list. */
  readonly totals: readonly string[];
  /** The newest tick on disk, of the top and of health where it is open. */
  readonly durable: readonly string[];
}

/** Runs in the page, in one go: nothing can happen between two of the numbers. */
function readViews(): Reading {
  const text = (selector: string): string => document.querySelector(selector)?.textContent ?? "";
  const number = (from: string, pattern: RegExp): string => (pattern.exec(from)?.[1] ?? "none").replaceAll(",", "");
  const count = (from: string, pattern: RegExp): string => number(from, pattern).replace("none", "0");
  const facts = (terms: string): ReadonlyMap<string, string> =>
    new Map(
      [...document.querySelectorAll(terms)].map((term) => [
        term.textContent,
        // Without what is said below it, which may begin with a number.
        (term.nextElementSibling?.querySelector(".tw-health-value") ?? term.nextElementSibling)?.textContent ?? "",
      ]),
    );
  const sum = (all: readonly string[]): number => all.reduce((total, each) => total + Number(each), 0);

  const counts: string[] = [];
  const totals: string[] = [];
  const nodes = [...document.querySelectorAll("[data-node^='step:']")];
  const labels = nodes.map((node) => node.getAttribute("aria-label") ?? "");
  const label = labels.find((each) => each.startsWith("seat,"));
  if (label !== undefined) {
    const parts = [/([\d,]+) of/, /([\d,]+) queued/, /([\d,]+) done/].map((part) => count(label, part));
    counts.push(parts.join(" "));
    const drawn = text("[data-node='step:seat']");
    const depth = text("[data-node='step:seat'] .tw-queue-depth");
    counts.push([number(drawn, /([\d,]+)\/8 busy/), number(depth, /([\d,]+)/), parts[2]].join(" "));
    const each = (part: RegExp): number => sum(labels.map((from) => count(from, part)));
    totals.push(`${each(/([\d,]+) of/)} ${each(/([\d,]+) queued/)}`);
  }
  const rows = [...document.querySelectorAll("[data-step]")].map((row) => ({
    step: row.getAttribute("data-step"),
    cells: [...row.querySelectorAll("td")].map((cell) => count(cell.textContent, /^\s*([\d,]+)/)),
  }));
  const seat = rows.find(({ step }) => step === "seat")?.cells;
  if (seat !== undefined) {
    counts.push([seat[0], seat[1], seat[5]].join(" "));
    totals.push(`${sum(rows.map(({ cells }) => cells[0] ?? ""))} ${sum(rows.map(({ cells }) => cells[1] ?? ""))}`);
  }
  const detail = facts(".tw-detail dt");
  counts.push(["Busy", "Queued", "Done"].map((name) => number(detail.get(name) ?? "", /^([\d,]+)/)).join(" "));
  const note = text("[data-run] .tw-run-note");
  totals.push(`${count(note, /([\d,]+) busy/)} ${count(note, /([\d,]+) queued/)}`);

  const shown = document.querySelector<HTMLInputElement>("[aria-label='Tick shown']")?.value ?? "";
  const newest = [number(text(".tw-jump"), /of ([\d,]+)/), number(text(".tw-log"), /([\d,]+) ticks/)];
  const durable = [number(facts(".tw-engine dt").get("durable to") ?? "", /#([\d,]+)/)];
  const health = facts(".tw-health dt").get("Open run");
  if (health !== undefined) {
    newest.push(number(health, /of #([\d,]+)/));
    durable.push(number(health, /^#([\d,]+)/));
  }
  return { sequences: [number(text(".tw-position"), /#([\d,]+)/), shown], newest, counts, totals, durable };
}

/** What the timeline's table says of a step, and of which tick it says so. */
interface TimelineReading {
  readonly sequence: number;
  readonly newest: number;
  readonly isWhole: boolean;
  readonly running: number;
  readonly returned: number;
}

/** Runs in the page, in one go. */
function readTimeline(): TimelineReading | null {
  const number = (selector: string, pattern: RegExp): number =>
    Number((pattern.exec(document.querySelector(selector)?.textContent ?? "")?.[1] ?? "0").replaceAll(",", ""));
  const table = document.querySelector("[role=grid][aria-label=Spans]");
  if (table === null) return null;
  const rows = [...table.querySelectorAll(".tw-timeline-table-rows [role=row]")].map((row) =>
    [...row.querySelectorAll("[role=gridcell]")].map((cell) => cell.textContent),
  );
  const attempts = rows.filter(([, , step, lane]) => step === "seat" && lane?.startsWith("slot"));
  const isOpen = ([, , , , , state]: readonly string[]): boolean => state?.endsWith("still") === true;
  const many = ([, , , , what]: readonly string[]): number => Number(/^(\d+) attempts/.exec(what ?? "")?.[1] ?? 1);
  return {
    sequence: number(".tw-timeline-note", /to #([\d,]+)/),
    newest: number(".tw-jump", /of ([\d,]+)/),
    isWhole: Number(table.getAttribute("aria-rowcount")) === rows.length + 1,
    running: attempts.filter(isOpen).length,
    returned: attempts.filter((row) => !isOpen(row)).reduce((sum, row) => sum + many(row), 0),
  };
}

async function openCrowd(page: Page, items: number, milliseconds: number, height = 700): Promise<void> {
  await page.goto(`${pages}/host.html?styles=plain&height=${height}px`);
  await page.evaluate((input) => globalThis.engines[0]?.startRun("crowd", input), { items, milliseconds });
  await page.locator("[data-run]").first().click();
  await page.getByRole("button", { name: /^seat, step/ }).click();
}

test("at any moment all views say the same of the same tick, and of a finished run that nothing runs", async ({
  page,
}) => {
  test.setTimeout(60_000);
  await openCrowd(page, 2_400, 50);
  const expectOne = (reading: Reading, when: string): void => {
    expect(new Set(reading.sequences).size, `${when}: ${reading.sequences.join(", ")}`).toBe(1);
    expect(new Set(reading.counts).size, `${when}: ${reading.counts.join(", ")}`).toBe(1);
  };
  const expectLive = (reading: Reading): void => {
    expectOne(reading, "live");
    expect(new Set([...reading.newest, ...reading.sequences]).size, `live: ${reading.newest.join(", ")}`).toBe(1);
    expect(new Set(reading.totals).size, `live: ${reading.totals.join(", ")}`).toBe(1);
    expect(new Set(reading.durable).size, `live: ${reading.durable.join(", ")}`).toBe(1);
    expect(Number(reading.durable[0])).toBeLessThanOrEqual(Number(reading.newest[0]));
  };
  const seen = new Set<string>();
  // At moments that have nothing to do with the rhythm of the news; at more of them where frames are rare.
  const pauses = [3, 170, 41, 266, 97, 11, 203, 58, 149, 311];
  for (let times = 0; times < pauses.length || (seen.size <= 3 && times < 30); times++) {
    await page.waitForTimeout(pauses[times % pauses.length] ?? 0);
    const reading = await page.evaluate(readViews);
    expectLive(reading);
    expect(reading.counts.length, "the drawing, its name, the detail").toBe(3);
    const [busy = 0, queued = 0, done = 0] = (reading.counts[0] ?? "").split(" ").map(Number);
    expect(busy).toBeLessThanOrEqual(8);
    expect(busy + queued + done).toBeLessThanOrEqual(2_400);
    seen.add(reading.counts[0] ?? "");
  }
  expect(seen.size, "moments that differ").toBeGreaterThan(3);

  // The same of the rows that stand in for the drawing, and of health, which is open before all of it.
  await page.getByRole("button", { name: "Show the steps as a table" }).click();
  await expect(page.locator("[data-step=seat]")).toBeVisible();
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: /^Health/ }).click();
  await expect(page.getByRole("dialog", { name: "Health" })).toBeVisible();
  seen.clear();
  for (const pause of pauses) {
    await page.waitForTimeout(pause);
    const reading = await page.evaluate(readViews);
    expectLive(reading);
    expect([reading.counts.length, reading.newest.length, reading.durable.length]).toEqual([2, 3, 2]);
    seen.add(reading.counts[0] ?? "");
  }
  expect(seen.size, "moments that differ, in rows").toBeGreaterThan(3);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: /as a graph/ }).click();

  // In the past, while it goes on: every view is at the tick asked for and stays there.
  await typeInto(page.getByLabel("Jump to tick"), "40");
  await page.getByLabel("Jump to tick").press("Enter");
  await expect(page.locator(".tw-position")).toContainText("#40");
  const past = await page.evaluate(readViews);
  expectOne(past, "in the past");
  await page.waitForTimeout(400);
  const later = await page.evaluate(readViews);
  const shownOf = ({ sequences, counts, totals: [drawn] }: Reading) => ({ sequences, counts, drawn });
  expect(shownOf(later)).toEqual(shownOf(past));
  expect(new Set(later.newest).size, later.newest.join(", ")).toBe(1);

  await page.getByRole("button", { name: /^(?:Live|Latest)$/ }).click();
  await expect(page.getByRole("img", { name: "Completed" }).first()).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole("button", { name: /^seat, step/ })).toHaveAccessibleName(/2,400 done/);
  expectOne(await page.evaluate(readViews), "at the end");
  for (const step of await page.locator("[data-node^='step:']").all()) {
    await expect(step).toHaveAccessibleName(/, 0 of \d+ slots busy|^(?!.*busy)/);
  }
  await page.getByRole("group", { name: "Below" }).getByRole("button", { name: "Timeline" }).click();
  await page.getByRole("button", { name: "As a table", exact: true }).click();
  const spans = page.getByRole("grid", { name: "Spans" });
  await expect(spans.getByRole("row").nth(5)).toBeVisible();
  const told = (await spans.innerText()).concat(await page.locator(".tw-detail").innerText());
  expect(told).not.toMatch(/[-−]\s?\d+(?:\.\d+)?\s?(?:ms|s|min|h)\b/);
  expect(told).not.toMatch(/\b(?:so far|until now|still running)\b/i);
});

test("the timeline says which tick it is of, its rows are those of that tick, and it comes to the newest", async ({
  page,
}) => {
  test.setTimeout(60_000);
  // So high that all rows are drawn.
  await page.setViewportSize({ width: 1_400, height: 2_400 });
  await page.addInitScript(() => localStorage.setItem("tickwork.inspector", JSON.stringify({ bottomHeight: 720 })));
  await openCrowd(page, 22, 1_200, 1_400);
  const runId = (await page.locator("[data-run]").first().getAttribute("data-run")) ?? "";
  await page.getByRole("group", { name: "Below" }).getByRole("button", { name: "Timeline" }).click();
  await page.getByRole("button", { name: "As a table", exact: true }).click();
  await expect(page.getByRole("grid", { name: "Spans" }).getByRole("row").nth(3)).toBeVisible();
  const seen = new Set<string>();
  for (let times = 0; times < 40; times++) {
    await page.waitForTimeout(60);
    const reading = await page.evaluate(readTimeline);
    if (reading === null) throw new Error("The timeline's table is gone.");
    const { sequence, isWhole, running, returned } = reading;
    expect(isWhole, "all rows are drawn").toBe(true);
    const [busy, done] = await page.evaluate(
      async ([id, at]) => {
        const seat = (await globalThis.engines[0]?.stateAt(id, at))?.graph.steps["seat"];
        return [seat?.busy, seat?.completed];
      },
      [runId, sequence] as const,
    );
    expect([running, returned], `at tick ${sequence}`).toEqual([busy, done]);
    seen.add(`${running} ${returned}`);
    if (returned === 22) break;
  }
  expect(seen.size, [...seen].join(", ")).toBeGreaterThan(1);
  await expect
    .poll(async () => {
      const reading = await page.evaluate(readTimeline);
      return [reading?.returned, (reading?.newest ?? 0) - (reading?.sequence ?? 0)];
    })
    .toEqual([22, 0]);
});
