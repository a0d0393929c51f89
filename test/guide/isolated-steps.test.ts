/** The example with a pool of worker threads, run as the program of Node that it is. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { bundleWorker } from "../pool/bundle-worker.ts";
import { blocksOf } from "./blocks.ts";

const page = fileURLToPath(new URL("../../inspector/guide/isolated-steps.md", import.meta.url));

test("the page about isolated steps shows what its example for Node prints", { timeout: 60_000 }, async () => {
  const program = await bundleWorker("test/examples/isolated-steps-node.ts");
  const { stdout } = await promisify(execFile)(process.execPath, [program], { timeout: 30_000 });
  const shown = blocksOf(readFileSync(page, "utf8")).filter(({ output }) => output === "isolated-steps-node.ts");
  expect(shown.map(({ content }) => content)).toEqual([stdout]);
});
