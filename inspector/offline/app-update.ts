/**
 * Keeps the app for when there is no network, and knows when a newer version of it is there. That waits: this page goes
 * on with the files it has, for its runs may be at work, until somebody asks for the new ones.
 */

/** What the waiting service worker is told. */
export const TAKE_OVER = "take over";

/** What is used of `navigator.serviceWorker`. */
export type ServiceWorkers = Pick<ServiceWorkerContainer, "register" | "controller" | "addEventListener">;

export class AppUpdate {
  readonly #workers: ServiceWorkers;
  readonly #reload: () => void;
  readonly #listeners = new Set<() => void>();
  #registration: ServiceWorkerRegistration | null = null;
  #waiting: ServiceWorker | null = null;
  #isAsked = false;
  #isReplaced = false;

  constructor(workers: ServiceWorkers, reload: () => void) {
    this.#workers = workers;
    this.#reload = reload;
  }

  /** A newer version can be had by `apply`. */
  get isReady(): boolean {
    return this.#waiting !== null || this.#isReplaced;
  }

  /** Once, when the page is there. Where it is not possible (no https, private mode), the app needs its network. */
  async start(script: string): Promise<void> {
    const had = this.#workers.controller !== null;
    let isFirst = !had;
    this.#workers.addEventListener("controllerchange", () => {
      // The first one takes over a page of its own version.
      if (!isFirst) this.#taken();
      isFirst = false;
    });
    const registration = await this.#workers.register(script).catch(() => null);
    if (!registration) return;
    this.#registration = registration;
    this.#found(registration.waiting);
    registration.addEventListener("updatefound", () => {
      const { installing } = registration;
      installing?.addEventListener("statechange", () => this.#found(registration.waiting));
    });
  }

  /** Looks whether there is a newer version; without a network there is none. */
  async look(): Promise<void> {
    await this.#registration?.update().catch(() => undefined);
  }

  /** Goes on with the newer version: the page is loaded anew. Runs that are at work go on by themselves. */
  apply(): void {
    this.#isAsked = true;
    if (this.#isReplaced || !this.#waiting) this.#reload();
    else this.#waiting.postMessage(TAKE_OVER);
  }

  /** Calls back when `isReady` changed; returns unsubscribe. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #found(waiting: ServiceWorker | null): void {
    // Without one that it would replace, it waits for nobody.
    if (!waiting || this.#workers.controller === null) return;
    this.#waiting = waiting;
    this.#tell();
  }

  /** The newer version serves this page now: it was asked for here, or in another tab. */
  #taken(): void {
    if (this.#isAsked) return this.#reload();
    this.#isReplaced = true;
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
