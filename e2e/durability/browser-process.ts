/** A browser that can be killed as a power cut would: a process group of its own on a profile that stays. */
import { chromium, type Page } from "@playwright/test";
import { spawn, type ChildProcess } from "node:child_process";
import { chromiumFlags, findBrowser } from "../../.ci/browser.mjs";

/** Tabs in the background keep their share of a busy machine; their timers are throttled as ever. */
const FLAGS = ["--headless", "--remote-debugging-port=0", "--disable-renderer-backgrounding"];

export class BrowserProcess {
  readonly page: Page;
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess, page: Page) {
    this.#process = process;
    this.page = page;
  }

  static async start(profile: string): Promise<BrowserProcess> {
    const browser = spawn(
      findBrowser() ?? chromium.executablePath(),
      [...chromiumFlags, ...FLAGS, `--user-data-dir=${profile}`, "about:blank"],
      { detached: true, stdio: ["ignore", "ignore", "pipe"] },
    );
    try {
      const connected = await chromium.connectOverCDP(await debuggingAddress(browser));
      const [context] = connected.contexts();
      if (!context) throw new Error("The browser has no context.");
      return new BrowserProcess(browser, await context.newPage());
    } catch (error) {
      await killGroup(browser);
      throw error;
    }
  }

  /** SIGKILL to the browser and all its processes at once; resolves when it is gone. */
  kill(): Promise<void> {
    return killGroup(this.#process);
  }
}

function debuggingAddress(browser: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    browser.stderr?.on("data", (text) => {
      said += String(text);
      const found = /DevTools listening on (ws:\S+)/.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    });
    browser.once("exit", () => reject(new Error(`The browser ended: ${said}`)));
    browser.once("error", reject);
  });
}

async function killGroup(browser: ChildProcess): Promise<void> {
  if (browser.pid === undefined || browser.exitCode !== null || browser.signalCode !== null) return;
  const gone = new Promise((resolve) => browser.once("exit", resolve));
  process.kill(-browser.pid, "SIGKILL");
  await gone;
}
