/** Durability in Chromium: what IndexedDB costs, how late outputs come, how soon a run resumes, what it takes on disk. */
import { spawn } from "node:child_process";
import { createServer, type AddressInfo } from "node:net";
import { chromium, type Page } from "playwright";
import { chromiumFlags, findBrowser } from "../../.ci/browser.mjs";
import type { Figures } from "./durable/page.ts";
import { median, quantile } from "./measure.ts";
import { digits, printTable, printTargets, target } from "./report.ts";

declare global {
  interface Window {
    figures: Figures;
  }
}

const HISTORIES = [1000, 10_000, 100_000];
const RESUME_TARGETS = [30, 60, 200];

const port = await freePort();
const pages = spawn(process.execPath, [".ci/serve-pages.mjs", "test/bench/durable", "--port", String(port)], {
  stdio: ["ignore", "pipe", "inherit"],
});
await new Promise((resolve) => pages.stdout.once("data", resolve));
const executablePath = findBrowser();
const browser = await chromium.launch({ args: chromiumFlags, ...(executablePath !== undefined && { executablePath }) });
try {
  await withPage(measureChain);
  await withPage(measureLatency);
  await withPage(measureResume);
  await withPage(measureBytes);
  printTargets();
} finally {
  await browser.close();
  pages.kill();
}

/** A page of its own on storage of its own. */
async function withPage(measure: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${port}`);
  await measure(page);
  await context.close();
}

async function measureChain(page: Page): Promise<void> {
  const rows: string[][] = [];
  for (const steps of [1000, 10_000]) {
    const times = await page.evaluate((options) => window.figures.chain(options), { steps, repeats: 7 });
    const [memory, disk] = [median(times.memory), median(times.disk)];
    const perSecond = (time: number): string => digits((steps / time) * 1000);
    rows.push([digits(steps), perSecond(memory), perSecond(disk), (memory / disk).toFixed(2)]);
    if (steps === 10_000) target("chain 10,000 in IndexedDB: x speed in memory", memory / disk, 0.3, false);
  }
  printTable("Chain in one worker, ticks per second", ["steps", "memory", "IndexedDB", "ratio"], rows);
}

async function measureLatency(page: Page): Promise<void> {
  const latencies = await page.evaluate((options) => window.figures.latencies(options), { steps: 400, pace: 10 });
  const [middle, p95] = [median(latencies), quantile(latencies, 0.95)];
  printTable(
    "From the end of a step to its output in the page",
    ["", "ms"],
    [
      ["median", middle.toFixed(2)],
      ["95 %", p95.toFixed(2)],
    ],
  );
  target("step end to output, median: ms", middle, 5, true, 1);
  target("step end to output, 95 %: ms", p95, 15, true, 1);
}

async function measureResume(page: Page): Promise<void> {
  const rows: string[][] = [];
  for (const [index, ticks] of HISTORIES.entries()) {
    const database = `resume-${ticks}`;
    await page.evaluate((options) => window.figures.prepareResume(options), { ticks, database });
    const times: number[] = [];
    for (let repeat = 0; repeat < 7; repeat++) {
      times.push(await page.evaluate((options) => window.figures.resume(options), { database }));
    }
    rows.push([digits(ticks), median(times).toFixed(1), Math.max(...times).toFixed(1)]);
    target(`resume after ${digits(ticks)} ticks: ms`, median(times), RESUME_TARGETS[index]!, true, 1);
  }
  printTable("From the worker being up to the first step running", ["ticks", "median ms", "longest"], rows);
}

async function measureBytes(page: Page): Promise<void> {
  // With its numbers the event's data is 100 characters of JSON.
  const text = "x".repeat(57);
  const bytes = await page.evaluate((options) => window.figures.bytes(options), { steps: 20_000, text });
  printTable(
    "Bytes per tick of a 100-byte event",
    ["", "bytes"],
    [
      ["in the origin's storage", bytes.perTick.toFixed(0)],
      ["of its text", bytes.ofText.toFixed(0)],
      ["of its rows, packed after its end", bytes.packed.toFixed(0)],
    ],
  );
  target("bytes packed per tick of a 100-byte event", bytes.packed, 60, true, 0);
  target("bytes on disk per tick of a 100-byte event", bytes.perTick, 250, true, 0);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port: free } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return free;
}
