// The conformance suites in WebKitGTK: a page runs them by itself, and is asked what came of them.

import { createServer } from "vite";
import { root } from "./tools.mjs";
import { until } from "./webkit.mjs";

const deadline = 5 * 60_000;

/**
 * @param {import("./webkit.mjs").WebKit} browser
 * @returns {Promise<{ passed: number, failed: { name: string, error: string }[] }>}
 */
export async function runSuites(browser) {
  const server = await createServer({ root, logLevel: "error", server: { port: 0 } });
  await server.listen();
  try {
    await browser.goto(`${server.resolvedUrls?.local[0]}test/browsers/conformance.html`);
    return await until(async () => {
      const report = await browser.run(() => /** @type {any} */ (globalThis).report ?? null);
      if (report?.isDone !== true) throw new Error(`The page is not done: ${JSON.stringify(report)}`);
      return report;
    }, deadline);
  } finally {
    await server.close();
  }
}
