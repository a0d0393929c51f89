/** A page on an engine with troubled storage, and the book of what happened outside. */
import type { CDPSession, Page } from "@playwright/test";
import type { Outcome, StorageNews, StorageOptions } from "./app/storage.ts";

export const DATABASE = "troubled";
const address = (): string => process.env["TICKWORK_PROOFS"]!;

export class StoragePage {
  readonly page: Page;
  readonly news: StorageNews[] = [];

  private constructor(page: Page) {
    this.page = page;
  }

  /** A page that is loaded, with no engine yet. */
  static async open(page: Page): Promise<StoragePage> {
    const opened = new StoragePage(page);
    await page.exposeFunction("tellStorage", (news: StorageNews) => void opened.news.push(news));
    await page.goto(address());
    return opened;
  }

  connect(options: Omit<StorageOptions, "database"> = {}): Promise<void> {
    return this.page.evaluate((all) => window.proofs.storage.open(all), { database: DATABASE, ...options });
  }

  start(runId: string, steps: number, ballast = 0): Promise<Outcome<string>> {
    return this.page.evaluate(([id, input]) => window.proofs.storage.start(id, input), [
      runId,
      { steps, ballast },
    ] as const);
  }

  result(runId: string): Promise<Outcome<unknown>> {
    return this.page.evaluate((id) => window.proofs.storage.result(id), runId);
  }

  watch(runId: string): Promise<Outcome<null>> {
    return this.page.evaluate((id) => window.proofs.storage.watch(id), runId);
  }

  storage() {
    return this.page.evaluate(() => window.proofs.storage.storage());
  }

  retry(): Promise<void> {
    return this.page.evaluate(() => window.proofs.storage.retry());
  }

  connection() {
    return this.page.evaluate(() => window.proofs.storage.connection());
  }

  deleteRun(runId: string): Promise<void> {
    return this.page.evaluate((id) => window.proofs.storage.deleteRun(id), runId);
  }

  runs(): Promise<string[]> {
    return this.page.evaluate(() => window.proofs.storage.runs());
  }

  /** Past the engine, as an app of long ago that knows of nothing. */
  holdOlder(version: 1 | 2): Promise<void> {
    return this.page.evaluate(([name, older]) => window.proofs.storage.holdOlder(name, older), [
      DATABASE,
      version,
    ] as const);
  }

  /** Past the engine. */
  deleteDatabase(): Promise<void> {
    return this.page.evaluate((name) => window.proofs.storage.deleteDatabase(name), DATABASE);
  }

  databases(): Promise<string[]> {
    return this.page.evaluate(() => window.proofs.storage.databases());
  }

  count(kind: StorageNews["kind"]): number {
    return this.news.filter((news) => news.kind === kind).length;
  }

  /** Of the run: sequences of the events that this page saw, in that order. */
  seen(runId: string): number[] {
    return this.news.flatMap((news) => (news.kind === "event" && news.runId === runId ? [news.sequence] : []));
  }

  /** When this page's own worker had become the owner, in milliseconds since the epoch; Infinity: it has not. */
  get tookOverAt(): number {
    const own = this.news.find((news) => news.kind === "connection" && news.state === "ready" && !news.isElsewhere);
    return own?.kind === "connection" ? own.at : Infinity;
  }

  /** Codes of writes that were refused to this page's workers. */
  get refusals(): string[] {
    return this.news.flatMap((news) => (news.kind === "refused" ? [news.code] : []));
  }

  /** Of all runs: each thing that was done outside, as often as it was done. */
  get effects(): string[] {
    return this.news.flatMap((news) => (news.kind === "effect" ? [`${news.runId} ${news.key}`] : []));
  }
}

/** What the browser's storage is told from outside, as long as it is open. */
export class StorageDevTools {
  readonly #session: CDPSession;
  readonly #origin = new URL(address()).origin;

  private constructor(session: CDPSession) {
    this.#session = session;
  }

  static async of(page: Page): Promise<StorageDevTools> {
    return new StorageDevTools(await page.context().newCDPSession(page));
  }

  /** Bytes that the site may use; null: what the browser says. */
  async setQuota(quotaSize: number | null): Promise<void> {
    await this.#session.send("Storage.overrideQuotaForOrigin", {
      origin: this.#origin,
      ...(quotaSize !== null && { quotaSize }),
    });
  }

  /** As a person does in the browser's settings. */
  async clearSiteData(): Promise<void> {
    await this.#session.send("Storage.clearDataForOrigin", { origin: this.#origin, storageTypes: "all" });
  }
}
