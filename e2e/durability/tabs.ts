/** Tabs of one browser, and what can happen to them. */
import type { BrowserContext, Page } from "@playwright/test";
import type { KeptRun, TabNews } from "./app/tabs.ts";
import type { BrowserProcess } from "./browser-process.ts";
import { RendererProcesses } from "./renderer-processes.ts";
import type { TabReport } from "./tab-report.ts";

type Draw = (below: number) => number;

/** Longest standstill in milliseconds: more than it takes to call an owner silent. */
const LONGEST_STOP = 3500;

export class Tabs {
  readonly #context: BrowserContext;
  readonly #renderers: RendererProcesses;
  readonly #pages: Page[] = [];
  readonly #counts = { closed: 0, reloaded: 0, frozen: 0, stopped: 0 };

  private constructor(context: BrowserContext, renderers: RendererProcesses) {
    this.#context = context;
    this.#renderers = renderers;
  }

  static async open({ page }: BrowserProcess, count: number, report: TabReport): Promise<Tabs> {
    const context = page.context();
    await context.exposeFunction("tellTab", (news: TabNews) => report.note(news));
    const tabs = new Tabs(context, await RendererProcesses.of(page));
    for (let tab = 0; tab < count; tab++) tabs.#pages.push(await tabs.#openTab(tab));
    return tabs;
  }

  get summary(): string {
    return Object.entries(this.#counts)
      .map(([what, count]) => `${count} ${what}`)
      .join(", ");
  }

  /** Does something to this one; stopping a process may hit others too. */
  async disturb(tab: number, draw: Draw): Promise<void> {
    const page = this.#pages[tab]!;
    switch (draw(4)) {
      case 0:
        this.#counts.closed += 1;
        await page.close();
        this.#pages[tab] = await this.#openTab(tab);
        return;
      case 1:
        this.#counts.reloaded += 1;
        await page.reload();
        this.#begin(page, tab);
        return;
      case 2:
        this.#counts.frozen += 1;
        return this.#freeze(page, draw(LONGEST_STOP));
      default:
        this.#counts.stopped += 1;
        return this.#stopProcess(draw, draw(LONGEST_STOP));
    }
  }

  /** Another tab, opened when all are closed, reads what is kept. */
  async closeAndRead(runIds: readonly string[]): Promise<KeptRun[]> {
    await Promise.all(this.#pages.map((page) => page.close()));
    const page = await this.#context.newPage();
    await page.goto(process.env["TICKWORK_PROOFS"]!);
    return page.evaluate((ids) => window.proofs.kept(ids), runIds);
  }

  async #openTab(tab: number): Promise<Page> {
    const page = await this.#context.newPage();
    await page.goto(process.env["TICKWORK_PROOFS"]!);
    this.#begin(page, tab);
    return page;
  }

  #begin(page: Page, tab: number): void {
    // Never ends by itself: it is cut off.
    page.evaluate((name) => window.proofs.tab(name), `tab${tab}`).catch(() => undefined);
  }

  /** As the browser freezes a tab in the background. */
  async #freeze(page: Page, duration: number): Promise<void> {
    const session = await this.#context.newCDPSession(page);
    await session.send("Page.setWebLifecycleState", { state: "frozen" });
    await new Promise((resolve) => setTimeout(resolve, duration));
    await session.send("Page.setWebLifecycleState", { state: "active" });
    await session.detach();
  }

  /** Whatever a page and its workers do, in the middle of it: nothing of them runs until they go on as if nothing had been. */
  async #stopProcess(draw: Draw, duration: number): Promise<void> {
    const renderers = await this.#renderers.all();
    const renderer = renderers[draw(renderers.length)];
    if (!renderer) return;
    const stop = this.#renderers.stop(renderer.id);
    await new Promise((resolve) => setTimeout(resolve, duration));
    stop.end();
  }
}
