// WebKitGTK, the nearest to Safari's engine that Linux has. No test runner drives it: here it is driven through its own
// WebDriver, and what is to be found in a page is asked for by role and name, as in other browsers.

import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./tools.mjs";

const driver = "/usr/bin/WebKitWebDriver";
const browsers = ["x86_64", "aarch64"].map((cpu) => `/usr/lib/${cpu}-linux-gnu/webkit2gtk-4.1/MiniBrowser`);
const driverPort = 4_455;
const screen = { width: 1_440, height: 900 };
/** Far above what anything takes that is waited for. */
const patience = 30_000;
/** By which WebDriver knows an element from other values. */
const elementKey = "element-6066-11e4-a52e-4f735466cecf";

/** @typedef {{ readonly [elementKey]: string }} ElementHandle */

/** @returns {boolean} */
export function hasWebKit() {
  return existsSync(driver) && existsSync("/usr/bin/Xvfb") && browsers.some((path) => existsSync(path));
}

/**
 * Opens a WebKitGTK with a screen and a profile of its own, and ends it.
 * @template T
 * @param {(browser: WebKit) => Promise<T>} use
 * @returns {Promise<T>}
 */
export async function withWebKit(use) {
  const display = `:${100 + (process.pid % 400)}`;
  const size = `${screen.width}x${screen.height}x24`;
  const xvfb = spawn("/usr/bin/Xvfb", [display, "-screen", "0", size], { stdio: "ignore" });
  const env = { ...process.env, DISPLAY: display };
  const webDriver = spawn(driver, [`--port=${driverPort}`], { stdio: "ignore", env });
  try {
    const browser = await until(() => WebKit.open(), 15_000);
    try {
      return await use(browser);
    } finally {
      await browser.close();
    }
  } finally {
    webDriver.kill();
    xvfb.kill();
  }
}

/** One window of the browser. */
export class WebKit {
  #session;

  /**
   * @param {string} session
   * @param {string} version
   */
  constructor(session, version) {
    this.#session = session;
    this.version = version;
  }

  static async open() {
    const options = { binary: browsers.find((path) => existsSync(path)), args: ["--automation"] };
    const { sessionId, capabilities } = await call("POST", "/session", {
      capabilities: { alwaysMatch: { "webkitgtk:browserOptions": options } },
    });
    const browser = new WebKit(sessionId, capabilities.browserVersion);
    await browser.#call("POST", "/window/rect", { x: 0, y: 0, ...screen });
    return browser;
  }

  /** @param {string} url */
  async goto(url) {
    await this.#call("POST", "/url", { url });
    await this.run(noteComplaints);
  }

  async reload() {
    await this.#call("POST", "/refresh", {});
    await this.run(noteComplaints);
  }

  /** Errors in the page since it was loaded, and what the security policy blocked in it. Of workers nobody tells. */
  complaints() {
    return this.run(() => /** @type {any} */ (globalThis).complaints());
  }

  /**
   * Calls a function in the page, which sees nothing of what is around it here.
   * @template {unknown[]} A
   * @template R
   * @param {(...args: A) => R} work
   * @param {{ [K in keyof A]: A[K] | ElementHandle }} args
   * @returns {Promise<R>}
   */
  async run(work, ...args) {
    const script = `return (${work.toString()})(...arguments)`;
    return /** @type {R} */ (await this.#call("POST", "/execute/sync", { script, args }));
  }

  /**
   * What has such a role and such a name for assistive technology, and is to be seen.
   * @param {string} role
   * @param {string | RegExp} [name] the whole of it, or a pattern
   * @returns {Promise<ElementHandle[]>}
   */
  async findAll(role, name) {
    if (!(await this.run(() => "TestingLibraryDom" in globalThis))) {
      await this.#call("POST", "/execute/sync", { script: roleQueries, args: [] });
    }
    const text = typeof name === "string" ? name : null;
    const pattern = name instanceof RegExp ? name.source : null;
    return /** @type {any} */ (await this.run(queryByRole, role, text, pattern));
  }

  /**
   * The first such element; waits for it.
   * @param {string} role
   * @param {string | RegExp} [name]
   */
  find(role, name) {
    return until(async () => {
      const [found] = await this.findAll(role, name);
      if (found === undefined) throw new Error(`There is no ${role} ${name ?? ""}`);
      return found;
    });
  }

  /**
   * As a pointer does: it must be there, in view, and not below something else.
   * @param {string} role
   * @param {string | RegExp} [name]
   */
  click(role, name) {
    // It may be drawn anew between being found and being pressed.
    return until(async () => this.press(await this.find(role, name)));
  }

  /**
   * @param {ElementHandle | Element | null} element found before
   */
  async press(element) {
    const id = /** @type {ElementHandle | null} */ (element)?.[elementKey];
    if (id === undefined) throw new Error("There is nothing to press");
    await this.#call("POST", `/element/${id}/click`, {});
  }

  /** @param {string} path of a PNG to write */
  async screenshot(path) {
    writeFileSync(path, /** @type {string} */ (await this.#call("GET", "/screenshot")), "base64");
  }

  async close() {
    await this.#call("DELETE", "").catch(() => undefined);
  }

  /**
   * @param {string} method
   * @param {string} path within the session
   * @param {object} [body]
   */
  #call(method, path, body) {
    return call(method, `/session/${this.#session}${path}`, body);
  }
}

/** Runs in the page. */
function noteComplaints() {
  /** @type {string[]} */
  const heard = [];
  const { error } = console;
  console.error = (...words) => {
    heard.push(words.join(" "));
    error(...words);
  };
  addEventListener("error", ({ message }) => heard.push(message));
  addEventListener("unhandledrejection", ({ reason }) => heard.push(String(reason)));
  addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
    heard.push(`The policy blocked ${blockedURI} (${violatedDirective})`);
  });
  Object.assign(globalThis, { complaints: () => heard.splice(0) });
}

/** The same queries as in tests of components. */
const roleQueries = readFileSync(
  join(root, "node_modules/@testing-library/dom/dist/@testing-library/dom.umd.min.js"),
  "utf8",
);

/**
 * Runs in the page.
 * @param {string} role
 * @param {string | null} text
 * @param {string | null} pattern
 * @returns {HTMLElement[]}
 */
function queryByRole(role, text, pattern) {
  const { queryAllByRole } = /** @type {any} */ (globalThis).TestingLibraryDom;
  const name = text ?? (pattern === null ? undefined : new RegExp(pattern));
  return queryAllByRole(document.body, role, name === undefined ? {} : { name });
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
 * @param {number} [limit] in milliseconds
 * @returns {Promise<T>}
 */
export async function until(action, limit = patience) {
  const end = Date.now() + limit;
  for (;;) {
    try {
      return await action();
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
