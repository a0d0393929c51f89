import { describe, expect, test } from "vitest";
import { AppUpdate, TAKE_OVER, type ServiceWorkers } from "../../inspector/offline/app-update.ts";

/** A registration whose versions come when they are told to. */
class Site {
  controller: object | null = null;
  reloads = 0;
  looks = 0;
  readonly #targets = { container: new EventTarget(), registration: new EventTarget(), worker: new EventTarget() };
  readonly told: unknown[] = [];
  readonly registration = {
    waiting: null as object | null,
    installing: null as object | null,
    update: async () => void this.looks++,
    addEventListener: this.#targets.registration.addEventListener.bind(this.#targets.registration),
  };
  register: () => Promise<unknown> = async () => this.registration;
  readonly addEventListener = this.#targets.container.addEventListener.bind(this.#targets.container);

  readonly update = new AppUpdate(this as unknown as ServiceWorkers, () => this.reloads++);

  /** A version was found and has all its files. */
  found(): void {
    const worker = {
      addEventListener: this.#targets.worker.addEventListener.bind(this.#targets.worker),
      postMessage: (message: unknown) => this.told.push(message),
    };
    this.registration.installing = worker;
    this.#targets.registration.dispatchEvent(new Event("updatefound"));
    this.registration.waiting = worker;
    this.#targets.worker.dispatchEvent(new Event("statechange"));
  }

  /** The waiting version serves the page. */
  takesOver(): void {
    this.controller = this.registration.waiting;
    this.registration.waiting = null;
    this.#targets.container.dispatchEvent(new Event("controllerchange"));
  }
}

async function open(site = new Site(), hadOne = true) {
  if (hadOne) site.controller = {};
  let calls = 0;
  site.update.subscribe(() => calls++);
  await site.update.start("./service-worker.js");
  return { site, update: site.update, calls: () => calls };
}

describe("AppUpdate", () => {
  test("says nothing of the first version, which is the page's own", async () => {
    const { site, update, calls } = await open(new Site(), false);
    site.found();
    site.takesOver();
    expect([update.isReady, calls(), site.reloads]).toEqual([false, 0, 0]);
  });

  test("tells of a newer version, and reloads only when asked to and when it is there", async () => {
    const { site, update, calls } = await open();
    site.found();
    expect([update.isReady, calls(), site.reloads]).toEqual([true, 1, 0]);
    update.apply();
    expect([site.told, site.reloads]).toEqual([[TAKE_OVER], 0]);
    site.takesOver();
    expect(site.reloads).toBe(1);
  });

  test("tells of one that waited already when the page was opened", async () => {
    const site = new Site();
    site.registration.waiting = {};
    expect((await open(site)).update.isReady).toBe(true);
  });

  test("when another tab asked for it, this one stays as it is until it is asked", async () => {
    const { site, update } = await open();
    site.found();
    site.takesOver();
    expect([update.isReady, site.reloads]).toEqual([true, 0]);
    update.apply();
    expect([site.told, site.reloads]).toEqual([[], 1]);
  });

  test("looks when it is told to, also without a network", async () => {
    const { site, update } = await open();
    await update.look();
    expect(site.looks).toBe(1);
    site.registration.update = () => Promise.reject(new TypeError("offline"));
    await update.look();
  });

  test("is quiet where there can be no service worker", async () => {
    const site = new Site();
    site.register = () => Promise.reject(new DOMException("no", "SecurityError"));
    const { update } = await open(site);
    await update.look();
    expect(update.isReady).toBe(false);
  });
});
