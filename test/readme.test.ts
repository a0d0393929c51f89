import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";

const read = (path: string): Promise<string> => readFile(new URL(path, import.meta.url), "utf8");

test("every link of README and ARCHITECTURE to a file leads to one", async () => {
  for (const page of ["README.md", "ARCHITECTURE.md"]) {
    const text = await read(`../${page}`);
    const links = Array.from(text.matchAll(/\]\((?!https?:|#)([^)#]+)\)/g), ([, path]) => path);
    for (const path of links)
      await expect(readFile(new URL(`../${path}`, import.meta.url)), `${page}: ${path}`).resolves.toBeDefined();
  }
});
