import { afterEach, expect, test, vi } from "vitest";
import { watchOwner } from "../../src/runtimes/browser/owner-watch.ts";

afterEach(() => {
  vi.useRealTimers();
});

test("an owner that answers nothing is called silent within two seconds, and whoever takes over then asks no more", () => {
  vi.useFakeTimers();
  const silent = vi.fn(() => stop());
  const stop = watchOwner({
    database: crypto.randomUUID(),
    self: { alive: "me", protocol: 1, app: "app", version: "" },
    found: () => undefined,
    silent,
  });
  // What a timer's callback throws comes out here.
  vi.advanceTimersByTime(2000);
  expect(silent).toHaveBeenCalledTimes(1);
  expect(vi.getTimerCount()).toBe(0);
});
