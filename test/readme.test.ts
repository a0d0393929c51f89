import { readFile } from "node:fs/promises";
import { expect, test, vi } from "vitest";

const read = (path: string): Promise<string> => readFile(new URL(path, import.meta.url), "utf8");

test("README's first workflow is the example that is compiled and run here", async () => {
  expect(await read("../README.md")).toContain(await read("./examples/first-workflow.ts"));
});

test("README's first workflow prints what its comment says", async () => {
  const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
  await import("./examples/first-workflow.ts");
  expect(log).toHaveBeenCalledExactlyOnceWith({ score: 16 });
});

test("every link of README and ARCHITECTURE to a file leads to one", async () => {
  for (const page of ["README.md", "ARCHITECTURE.md"]) {
    const text = await read(`../${page}`);
    const links = Array.from(text.matchAll(/\]\((?!https?:|#)([^)#]+)\)/g), ([, path]) => path);
    for (const path of links)
      await expect(readFile(new URL(`../${path}`, import.meta.url)), `${page}: ${path}`).resolves.toBeDefined();
  }
});
