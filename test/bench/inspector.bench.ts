/**
 * The inspector in Chromium, production build: how soon a large run file is there, how soon any of its ticks, what
 * frames a page keeps while a run of 300 steps makes 10,000 ticks per second, and whether memory stays where it is.
 *
 *   npm run bench -- inspector
 *   MINUTES=10 npm run bench -- inspector     memory watched so long; default: one minute
 */
import { spawn } from "node:child_process";
import { createServer, type AddressInfo } from "node:net";
import { chromium, type BrowserContext, type CDPSession, type Page } from "playwright";
import type { Engine } from "tickwork/client";
import { chromiumFlags, findBrowser } from "../../.ci/browser.mjs";
import { watchTasks } from "../../e2e/inspector/tasks.ts";
import { median, quantile } from "./measure.ts";
import { digits, printTable, printTargets, target } from "./report.ts";

declare global {
  /** Of load.html. */
  var engine: Engine;
}

const TICKS = 100_000;
const OPENINGS = 5;
/** Milliseconds that the page is there before the file: nobody drops one sooner. */
const BEFORE_DROP = 500;
const SCRUBS = 200;
const MINUTES = Number(process.env["MINUTES"] ?? 1);
const viewport = { width: 1440, height: 900 };

const port = await freePort();
const pages = spawn(process.execPath, [".ci/serve-pages.mjs", "e2e/inspector/app", "--port", String(port)], {
  stdio: ["ignore", "pipe", "inherit"],
});
await new Promise((resolve) => pages.stdout.once("data", resolve));
const address = `http://127.0.0.1:${port}`;
const executablePath = findBrowser();
const browser = await chromium.launch({ args: chromiumFlags, ...(executablePath !== undefined && { executablePath }) });
try {
  await inContext(measureFile);
  await inContext(measureLoad);
  await inContext(measureMemory);
  printTargets();
} finally {
  await browser.close();
  pages.kill();
}

async function inContext(measure: (context: BrowserContext) => Promise<void>): Promise<void> {
  const context = await browser.newContext({ viewport });
  await measure(context);
  await context.close();
}

async function openLoadPage(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${address}/load.html`);
  await page.getByRole("navigation", { name: "Runs" }).waitFor();
  return page;
}

async function startRun(page: Page, workflow: string, input: object, runId: string): Promise<void> {
  await page.evaluate(async ([name, data, id]) => void (await globalThis.engine.startRun(name, data, { runId: id })), [
    workflow,
    input,
    runId,
  ] as const);
  await page.locator(`[data-run="${runId}"]`).click();
  await page.locator(".react-flow__node").first().waitFor();
}

/** A run file with no engine: from the drop to its graph and log, and from one tick to any other. */
async function measureFile(context: BrowserContext): Promise<void> {
  const maker = await openLoadPage(context);
  const bytes = await maker.evaluate(async (ticks) => {
    await globalThis.engine.startRun("lanes", { laps: ticks / 8 }, { runId: "lanes" });
    await (await globalThis.engine.attach("lanes")).result();
    const text = JSON.stringify(await globalThis.engine.exportRun("lanes"));
    await (await caches.open("bench")).put("/run.json", new Response(text));
    return text.length;
  }, TICKS);
  await maker.close();

  const openings: number[] = [];
  let scrubs: number[] = [];
  for (let n = 0; n < OPENINGS; n++) {
    const page = await context.newPage();
    await page.goto(`${address}/standalone.html`);
    await page.getByRole("button", { name: "Open a file…" }).waitFor();
    await page.waitForTimeout(BEFORE_DROP);
    openings.push(await page.evaluate(openDroppedFile));
    if (n === OPENINGS - 1) scrubs = await page.evaluate(scrub, { times: SCRUBS, last: TICKS });
    await page.close();
  }
  const rows = (values: readonly number[]) => [
    median(values).toFixed(1),
    quantile(values, 0.95).toFixed(1),
    Math.max(...values).toFixed(1),
  ];
  printTable(
    `A run file of ${digits(TICKS)} ticks, ${(bytes / 1e6).toFixed(0)} MB`,
    ["ms", "median", "95 %", "longest"],
    [
      ["dropped, until graph and log are drawn", ...rows(openings)],
      ["a tick asked for, until it is drawn", ...rows(scrubs)],
    ],
  );
  target("run file of 100,000 ticks, dropped to drawn: ms", median(openings), 800, true, 0);
  target("scrub to any of them, median: ms", median(scrubs), 50, true, 1);
  target("scrub to any of them, 95 %: ms", quantile(scrubs, 0.95), 50, true, 1);
}

/** Frames and tasks of the same page, at rest and while the run goes. */
async function measureLoad(context: BrowserContext): Promise<void> {
  const page = await openLoadPage(context);
  await startRun(page, "city", { seconds: 0.2, ticksPerSecond: 1_000 }, "short");
  await page.waitForTimeout(2_000);
  const idle = await page.evaluate(countFrames, 5_000);
  await startRun(page, "city", { seconds: 14, ticksPerSecond: 10_000 }, "long");
  await page.waitForTimeout(2_000);
  const before = await sequenceOf(page, "long");
  const begin = Date.now();
  const watch = await watchTasks(page);
  const busy = await page.evaluate(countFrames, 5_000);
  const tasks = await watch.stop();
  const perSecond = ((await sequenceOf(page, "long")) - before) / ((Date.now() - begin) / 1_000);
  const walls = tasks.map(({ wall }) => wall).toSorted((a, b) => b - a);
  printTable(
    "A page of 300 steps",
    ["", "at rest", "under load"],
    [
      ["ticks per second", "0", digits(perSecond)],
      ["frames per second", idle.toFixed(1), busy.toFixed(1)],
      ["longest task, ms of work", "", (tasks[0]?.cpu ?? 0).toFixed(0)],
      ["longest task, ms", "", (walls[0] ?? 0).toFixed(0)],
      ["tasks over 50 ms of work", "", String(tasks.filter(({ cpu }) => cpu > 50).length)],
    ],
  );
  target("frames while 10,000 ticks per second come: x those at rest", busy / idle, 0.9, false);
  target("longest task of the page: ms of work", tasks[0]?.cpu ?? 0, 50, true, 0);
}

/** Heap of page and worker after a collection, while one run after the other makes 10,000 ticks per second. */
async function measureMemory(context: BrowserContext): Promise<void> {
  const page = await openLoadPage(context);
  const session = await context.newCDPSession(page);
  const worker = await workerSession(session);
  const rows: string[][] = [];
  const heaps: { readonly page: number; readonly worker: number }[] = [];
  const rounds = Math.max(4, Math.round(MINUTES * 4));
  for (let round = 0; round < rounds; round++) {
    await startRun(page, "city", { seconds: 14, ticksPerSecond: 10_000 }, `city-${round}`);
    await page.evaluate(async (id) => void (await (await globalThis.engine.attach(id)).result()), `city-${round}`);
    const heap = {
      page: await heapOf((method) => session.send(method)),
      worker: await heapOf(worker),
    };
    heaps.push(heap);
    rows.push([String(round + 1), (heap.page / 1e6).toFixed(1), (heap.worker / 1e6).toFixed(1)]);
  }
  printTable("Heap in MB after so many runs of 140,000 ticks", ["runs", "page", "worker"], rows);
  // The first run fills what is kept: caches, code, the run that is shown.
  const growth = (which: "page" | "worker") => (heaps.at(-1)?.[which] ?? 0) / (heaps[1]?.[which] ?? 1);
  target("page's heap at the end: x that after two runs", growth("page"), 1.2, true);
  target("worker's heap at the end: x that after two runs", growth("worker"), 1.2, true);
}

async function sequenceOf(page: Page, runId: string): Promise<number> {
  return page.evaluate(
    async (id) => (await globalThis.engine.listRuns()).runs.find((run) => run.runId === id)?.sequence ?? 0,
    runId,
  );
}

type Send = (method: "HeapProfiler.collectGarbage" | "Runtime.getHeapUsage") => Promise<unknown>;

async function heapOf(send: Send): Promise<number> {
  await send("HeapProfiler.collectGarbage");
  return ((await send("Runtime.getHeapUsage")) as { usedSize: number }).usedSize;
}

/** Speaks with the page's worker, which has no session of its own in Playwright. */
async function workerSession(session: CDPSession): Promise<Send> {
  const attached = new Promise<string>((resolve) =>
    session.on("Target.attachedToTarget", ({ sessionId, targetInfo }) => {
      if (targetInfo.type === "worker" && targetInfo.url.includes("load.worker")) resolve(sessionId);
    }),
  );
  await session.send("Target.setAutoAttach", { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
  const sessionId = await attached;
  const waiting = new Map<number, (result: unknown) => void>();
  let last = 0;
  session.on("Target.receivedMessageFromTarget", ({ message }) => {
    const { id, result } = JSON.parse(message) as { id: number; result: unknown };
    waiting.get(id)?.(result);
    waiting.delete(id);
  });
  return async (method) => {
    last += 1;
    const id = last;
    const answer = new Promise((resolve) => waiting.set(id, resolve));
    await session.send("Target.sendMessageToTarget", { sessionId, message: JSON.stringify({ id, method }) });
    return answer;
  };
}

// What follows runs in the page.

async function openDroppedFile(): Promise<number> {
  const blob = await (await (await caches.open("bench")).match("/run.json"))!.blob();
  const data = new DataTransfer();
  data.items.add(new File([blob], "run.json", { type: "application/json" }));
  const begin = performance.now();
  document.querySelector("main")!.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true }));
  const isThere = (): boolean =>
    document.querySelector(".tw-step:not(.tw-is-untouched)") !== null &&
    (document.querySelector(".tw-log-rows [role=option]")?.textContent ?? "").length > 20;
  while (!isThere()) await new Promise((resolve) => requestAnimationFrame(resolve));
  return performance.now() - begin;
}

/** Ticks from all over the run are typed, one after the other. */
async function scrub({ times, last }: { readonly times: number; readonly last: number }): Promise<number[]> {
  const input = document.querySelector<HTMLInputElement>(".tw-jump input")!;
  const label = document.querySelector(".tw-position")!.parentElement!;
  const taken: number[] = [];
  for (let n = 1; n <= times; n++) {
    const sequence = 1 + ((n * 61_803) % last);
    const begin = performance.now();
    input.focus();
    // Not by assignment: React looks whether it set the value itself.
    Reflect.set(HTMLInputElement.prototype, "value", String(sequence), input);
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
    const wanted = `tick #${new Intl.NumberFormat().format(sequence)}`;
    while (!(label.textContent ?? "").includes(wanted)) await new Promise((resolve) => requestAnimationFrame(resolve));
    taken.push(performance.now() - begin);
  }
  return taken;
}

async function countFrames(milliseconds: number): Promise<number> {
  const begin = performance.now();
  let frames = 0;
  while (performance.now() - begin < milliseconds) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    frames += 1;
  }
  return frames / ((performance.now() - begin) / 1_000);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const found = (server.address() as AddressInfo).port;
  await new Promise((resolve) => server.close(resolve));
  return found;
}
