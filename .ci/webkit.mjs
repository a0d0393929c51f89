// WebKitGTK, the nearest to Safari's engine that Linux has. No test runner drives it, so a page runs the suites by
// itself; here it is opened through the browser's own WebDriver, and asked what came of them.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer } from "vite";
import { root } from "./tools.mjs";

const driver = "/usr/bin/WebKitWebDriver";
const browsers = ["x86_64", "aarch64"].map((cpu) => `/usr/lib/${cpu}-linux-gnu/webkit2gtk-4.1/MiniBrowser`);
const driverPort = 4_455;
const deadline = 5 * 60_000;

/** @returns {boolean} */
export function hasWebKit() {
  return existsSync(driver) && existsSync("/usr/bin/Xvfb") && browsers.some((path) => existsSync(path));
}

/**
 * Runs the conformance suites in WebKitGTK.
 * @returns {Promise<{ version: string, passed: number, failed: { name: string, error: string }[] }>}
 */
export async function testInWebKit() {
  const display = `:${100 + (process.pid % 400)}`;
  const env = { ...process.env, DISPLAY: display };
  const screen = spawn("/usr/bin/Xvfb", [display, "-screen", "0", "1280x800x24"], { stdio: "ignore" });
  const webDriver = spawn(driver, [`--port=${driverPort}`], { stdio: "ignore", env });
  const server = await createServer({ root, logLevel: "error", server: { port: 0 } });
  await server.listen();
  try {
    const page = `${server.resolvedUrls?.local[0]}test/browsers/conformance.html`;
    const session = await until(() => openSession(), 15_000);
    try {
      await call("POST", `/session/${session.sessionId}/url`, { url: page });
      const report = await until(async () => {
        const script = "return JSON.stringify(globalThis.report ?? null)";
        const text = await call("POST", `/session/${session.sessionId}/execute/sync`, { script, args: [] });
        const found = JSON.parse(/** @type {string} */ (text));
        if (found?.isDone !== true) throw new Error(`The page is not done: ${text}`);
        return found;
      }, deadline);
      return { version: session.capabilities.browserVersion, ...report };
    } finally {
      await call("DELETE", `/session/${session.sessionId}`).catch(() => undefined);
    }
  } finally {
    webDriver.kill();
    screen.kill();
    await server.close();
  }
}

/** @returns {Promise<{ sessionId: string, capabilities: { browserVersion: string } }>} */
function openSession() {
  const binary = browsers.find((path) => existsSync(path));
  const options = { binary, args: ["--automation"] };
  return call("POST", "/session", { capabilities: { alwaysMatch: { "webkitgtk:browserOptions": options } } });
}

/**
 * @param {string} method
 * @param {string} path
 * @param {object} [body]
 */
async function call(method, path, body) {
  const response = await fetch(`http://127.0.0.1:${driverPort}${path}`, {
    method,
    ...(body && { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } }),
  });
  const { value } = await response.json();
  if (!response.ok) throw new Error(`${value.error}: ${value.message}`);
  return value;
}

/**
 * Tries again until it does not reject.
 * @template T
 * @param {() => Promise<T>} action
 * @param {number} limit in milliseconds
 * @returns {Promise<T>}
 */
async function until(action, limit) {
  const end = Date.now() + limit;
  for (;;) {
    try {
      return await action();
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
}
