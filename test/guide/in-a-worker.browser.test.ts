/** The example that needs a real worker, run in a real browser; its time is real too. */
import { expect, test, vi } from "vitest";
import markdown from "../../inspector/guide/in-a-worker.md?raw";
import { blocksOf } from "./blocks.ts";

test("the page about workers shows what its example prints", async () => {
  const lines: string[] = [];
  vi.spyOn(console, "log").mockImplementation((line: string) => void lines.push(line));
  await import("../examples/in-a-worker.ts");
  const shown = blocksOf(markdown).find(({ output }) => output === "in-a-worker.ts");
  expect(`${lines.join("\n")}\n`).toBe(shown?.content);
});
