/** The example that needs a real worker and its storage, run in a real browser; its time is real too. */
import { expect, test } from "vitest";
import markdown from "../../inspector/guide/encryption.md?raw";
import { blocksOf } from "./blocks.ts";
import { listen } from "./listen.ts";

test("the page about encryption shows what its example prints", async () => {
  const printed = await listen(() => import("../examples/encryption.ts"), String);
  const shown = blocksOf(markdown).find(({ output }) => output === "encryption.ts");
  expect(shown?.content).toBe(`${printed.get("wrong")}\n`);
});
