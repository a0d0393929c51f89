/** The example that needs a real worker, run in a real browser; its time is real too. */
import { expect, test } from "vitest";
import markdown from "../../inspector/guide/in-a-worker.md?raw";
import { blocksOf } from "./blocks.ts";
import { listen } from "./listen.ts";

test("the page about workers shows what its example prints", async () => {
  const printed = await listen(() => import("../examples/in-a-worker.ts"), String);
  const shown = blocksOf(markdown).filter(({ output }) => output === "in-a-worker.ts");
  expect(shown.map(({ region }) => region)).toEqual(["connect", "attach"]);
  for (const { region = "", content } of shown) expect(content, region).toBe(`${printed.get(region)}\n`);
});
