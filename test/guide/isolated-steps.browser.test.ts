/** The example with a pool of workers, run in a real browser. */
import { expect, test } from "vitest";
import markdown from "../../inspector/guide/isolated-steps.md?raw";
import { blocksOf } from "./blocks.ts";
import { listen, WHOLE } from "./listen.ts";

test("the page about isolated steps shows what its example prints", async () => {
  const printed = await listen(() => import("../examples/isolated-steps.ts"), String);
  const shown = blocksOf(markdown).filter(({ output }) => output === "isolated-steps.ts");
  expect(shown.map(({ content }) => content)).toEqual([`${printed.get(WHOLE)}\n`]);
});
