import { afterEach, expect, test, vi } from "vitest";
import { expectFiles, takeLayoutWorker } from "../../inspector/standalone/looked-at.ts";

class FakeWorker extends EventTarget {
  static made: FakeWorker[] = [];
  readonly #address: string;

  constructor(address: URL) {
    super();
    this.#address = address.href;
    FakeWorker.made.push(this);
  }

  get isOfLayouts(): boolean {
    return this.#address.includes("layout.worker");
  }

  postMessage(): void {}
  terminate(): void {}
}

afterEach(() => vi.unstubAllGlobals());

test("a spare worker that could not be loaded is not handed on, one that could is", () => {
  vi.stubGlobal("Worker", FakeWorker);
  const spareOf = () => FakeWorker.made.findLast(({ isOfLayouts }) => isOfLayouts);
  const stop = expectFiles();
  const good = spareOf();
  expect(good).toBeDefined();
  expect(takeLayoutWorker()).toBe(good);

  stop();
  const stopAgain = expectFiles();
  const broken = spareOf();
  broken?.dispatchEvent(new Event("error"));
  expect(takeLayoutWorker()).not.toBe(broken);
  stopAgain();
});
