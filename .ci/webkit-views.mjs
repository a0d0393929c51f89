// The inspector in WebKitGTK: the sample's run through every view of the built app, then the scenes that other browsers
// have pictures of. How a view behaves is tested in the others; here, that it is there, works, and nobody complains.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { root } from "./tools.mjs";
import { until } from "./webkit.mjs";

/** @typedef {import("./webkit.mjs").WebKit} WebKit */
/** @typedef {(page: WebKit) => Promise<unknown>} Check opens a view, and holds it against what it should show */

const pictures = join(root, "test-results/webkit");
const scenes = ["empty", "day", "busy", "held", "full", "damaged", "changed", "long", "dead"];

/**
 * Of the app, one after the other, from its first page on.
 * @type {readonly (readonly [name: string, check: Check])[]}
 */
const views = [
  [
    "runs",
    async (page) => {
      await page.click("checkbox", /Slowly/);
      await page.click("button", /species\.csv/);
      await page.find("article", "ask waits for Answer");
      assert.equal(await page.run(() => document.querySelectorAll("[data-run]").length), 1);
    },
  ],
  [
    "graph",
    async (page) => {
      await page.find("button", /^profile, step, 0 of 8 slots busy, 0 queued, 72 done/);
      const { nodes, arrows } = await page.run(measureGraph);
      assert.ok(nodes.length >= 8 && nodes.every((area) => area > 100), `nodes of ${nodes.join(", ")} square pixels`);
      assert.ok(arrows.length >= 8 && arrows.every((length) => length > 5), `arrows of ${arrows.join(", ")} pixels`);
    },
  ],
  [
    "log and detail",
    async (page) => {
      await page.click("option", /Step done/);
      await page.find("heading", /^Tick /);
    },
  ],
  [
    "timeline",
    async (page) => {
      await page.click("button", "Timeline");
      await page.find("listbox", "Spans");
      await until(async () => assert.ok((await page.run(countColors)) > 3, "hardly anything is drawn"));
    },
  ],
  [
    "time travel",
    async (page) => {
      await page.click("button", /^(?:Live|Latest)$/);
      const newest = await readTick(page);
      await page.click("button", "Previous tick");
      await until(async () => assert.equal(await readTick(page), newest - 1));
      await page.click("button", /^(?:Live|Latest)$/);
      await until(async () => assert.equal(await readTick(page), newest));
    },
  ],
  [
    "comparison",
    async (page) => {
      await fromMenu(page, "Fork from here");
      await until(async () => assert.equal(await page.run(() => document.querySelectorAll("[data-run]").length), 2));
      await fromMenu(page, "Compare with where it came from");
      await page.find("region", "Where they part");
      await page.find("button", /^profile, step/);
    },
  ],
  [
    "inbox",
    async (page) => {
      await page.click("button", "Close the comparison");
      await page.click("button", "Inbox, 2 to answer");
      await page.click("button", /csv-profile · Answer/);
      await page.find("button", "Send Answer");
    },
  ],
  [
    "an answer, and the report",
    async (page) => {
      const choice = await page.find("combobox", "Read its cells as");
      await page.press(await page.run(optionCalled, choice, "text"));
      await page.click("button", "Send Answer");
      await page.find("button", "Inbox, 1 to answer");
      await until(async () =>
        page.press(await page.run(() => document.querySelector("[data-run]:has([aria-label=Completed])"))),
      );
      await page.click("button", "Report");
      await page.find("table");
    },
  ],
  [
    "health",
    async (page) => {
      await page.click("button", /^Health/);
      await page.find("dialog", "Health");
    },
  ],
  [
    "after a reload",
    async (page) => {
      await page.reload();
      await page.find("dialog", "Health");
      await page.click("button", "Close");
      await page.find("table");
    },
  ],
];

/**
 * Looks at every view; leaves a picture of each in test-results/webkit.
 * @param {WebKit} page
 * @returns {Promise<{ passed: number, failed: { name: string, error: string }[] }>}
 */
export async function checkViews(page) {
  mkdirSync(pictures, { recursive: true });
  const report = { passed: 0, failed: /** @type {{ name: string, error: string }[]} */ ([]) };
  /** @param {string} name @param {Check} check */
  const attempt = async (name, check) => {
    try {
      await check(page);
      assert.deepEqual(await page.complaints(), []);
      report.passed += 1;
    } catch (error) {
      report.failed.push({ name, error: String(error) });
    }
    await page.screenshot(join(pictures, `${name.replaceAll(/\W+/g, "-")}.png`));
  };

  const app = await serve([".ci/start.mjs", "--no-build", "--no-open"]);
  await page.goto(app.url);
  for (const [name, check] of views) {
    await attempt(name, check);
    // What comes after it goes on from there.
    if (report.failed.length > 0) break;
  }
  app.stop();
  const stage = await serve([".ci/serve-pages.mjs", "e2e/inspector/app"]);
  for (const scene of scenes)
    await attempt(`scene ${scene}`, () => openScene(page, `${stage.url}scenes.html?scene=${scene}`));
  stage.stop();
  return report;
}

/**
 * With a run open, where there is one.
 * @param {WebKit} page
 * @param {string} address
 */
async function openScene(page, address) {
  await page.goto(address);
  await page.find("main");
  const run = await page.run(() => document.querySelector("[data-run]"));
  if (run === null) return;
  await page.press(run);
  await until(() => page.run(measureGraph).then(({ nodes }) => assert.ok(nodes.length > 0, "there is no graph")));
}

/**
 * @param {WebKit} page
 * @param {string} item
 */
async function fromMenu(page, item) {
  await page.click("button", "More");
  await page.click("menuitem", item);
}

/** @param {WebKit} page */
async function readTick(page) {
  const slider = /** @type {any} */ (await page.find("slider", "Tick shown"));
  return page.run((/** @type {HTMLInputElement} */ { value }) => Number(value), slider);
}

/** Runs in the page: areas of nodes and lengths of arrows, in pixels. */
function measureGraph() {
  const nodes = [...document.querySelectorAll(".tw-graph .tw-node")].map((node) => {
    const { width, height } = node.getBoundingClientRect();
    return Math.round(width * height);
  });
  const paths = /** @type {NodeListOf<SVGPathElement>} */ (document.querySelectorAll(".tw-graph .tw-edges > path"));
  return { nodes, arrows: [...paths].map((path) => Math.round(path.getTotalLength())) };
}

/** Runs in the page: how many colours the timeline is drawn in. */
function countColors() {
  const canvas = /** @type {HTMLCanvasElement | null} */ (document.querySelector(".tw-timeline-canvas"));
  const pixels = canvas?.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data;
  return new Set(pixels && new Uint32Array(pixels.buffer)).size;
}

/**
 * Runs in the page.
 * @param {HTMLSelectElement} select
 * @param {string} name
 */
function optionCalled(select, name) {
  return [...select.options].find(({ label }) => label === name) ?? null;
}

/**
 * Starts one of the servers beside this file, on a free port.
 * @param {string[]} command
 */
async function serve(command) {
  const server = spawn(process.execPath, [...command, "--port", "0"], {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"],
  });
  for await (const line of createInterface({ input: server.stdout })) {
    const [url] = /http:\S+/.exec(line) ?? [];
    if (url !== undefined) return { url, stop: () => server.kill() };
  }
  throw new Error(`${command.join(" ")} did not start`);
}
