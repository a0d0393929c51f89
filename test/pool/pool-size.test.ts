import { availableParallelism } from "node:os";
import { expect, test, vi } from "vitest";
import { defaultPoolSize } from "../../src/pool/pool-size.ts";

test.each([
  [8, 7],
  [2, 1],
  [1, 1],
])("of %i processors a pool takes %i", (cores, size) => {
  vi.stubGlobal("navigator", { hardwareConcurrency: cores });
  expect(defaultPoolSize()).toBe(size);
});

test("where the platform has no navigator, Node is asked", () => {
  vi.stubGlobal("navigator", undefined);
  expect(defaultPoolSize()).toBe(Math.max(1, availableParallelism() - 1));
});
