import { expect, test } from "vitest";
import { WHOLE } from "./listen.ts";
import { runExample } from "./run-example.ts";

test("what an example prints is kept, and its time costs none", async () => {
  const began = performance.now();
  const printed = await runExample(async () => {
    const start = Date.now();
    await new Promise((resolve) => setTimeout(resolve, 3_600_000));
    console.log(new Date(start).toISOString(), Date.now() - start, { a: 1 });
  });
  expect(printed.get(WHOLE)).toBe("2026-01-01T00:00:00.000Z 3600000 { a: 1 }");
  expect(performance.now() - began).toBeLessThan(10_000);
});

test("an example that fails is not taken for one that prints nothing", async () => {
  await expect(runExample(() => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
});

test("what is printed belongs to the region that runs", async () => {
  const printed = await runExample(async () => {
    console.log("before");
    globalThis.enterRegion?.("one");
    console.log("a");
    console.log("b");
    globalThis.enterRegion?.("two");
  });
  expect(Object.fromEntries(printed)).toEqual({ [WHOLE]: "before\na\nb", one: "a\nb" });
});
