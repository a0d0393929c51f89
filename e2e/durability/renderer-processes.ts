/** The processes in which a browser's pages and their workers run. */
import type { CDPSession, Page } from "@playwright/test";

/** Milliseconds that a page computes, to tell its process from the others. */
const BURST = 400;

interface RendererProcess {
  readonly id: number;
  /** Seconds of processor time so far. */
  readonly cpuTime: number;
}

/** A process that stands still, in the middle of whatever it did. */
export interface Stop {
  /** Since when, in milliseconds since the epoch. */
  readonly at: number;
  /** It goes on as if nothing had been. */
  readonly end: () => void;
}

export class RendererProcesses {
  readonly #devtools: CDPSession;

  private constructor(devtools: CDPSession) {
    this.#devtools = devtools;
  }

  /** Of all pages of this one's browser. */
  static async of(page: Page): Promise<RendererProcesses> {
    return new RendererProcesses(await page.context().browser()!.newBrowserCDPSession());
  }

  async all(): Promise<RendererProcess[]> {
    const { processInfo } = await this.#devtools.send("SystemInfo.getProcessInfo");
    return processInfo.filter(({ type }) => type === "renderer");
  }

  /** The id of the process of this page: no protocol says it, but it is the one that works when the page does. */
  async find(page: Page): Promise<number> {
    const before = new Map((await this.all()).map(({ id, cpuTime }) => [id, cpuTime]));
    await page.evaluate((duration) => {
      const end = performance.now() + duration;
      while (performance.now() < end);
    }, BURST);
    const worked = (await this.all()).map(({ id, cpuTime }) => ({ id, time: cpuTime - (before.get(id) ?? 0) }));
    const [most] = worked.toSorted((a, b) => b.time - a.time);
    if (!most) throw new Error("The browser has no renderer.");
    return most.id;
  }

  /** One that ended meanwhile, because its page was closed, is left alone. */
  stop(id: number): Stop {
    const at = Date.now();
    signal(id, "SIGSTOP");
    return { at, end: () => signal(id, "SIGCONT") };
  }
}

function signal(id: number, name: NodeJS.Signals): void {
  try {
    process.kill(id, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
