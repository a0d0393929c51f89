import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { bundleWorker } from "./bundle-worker.ts";

test("a pool without work keeps no process of Node alive", { timeout: 60_000 }, async () => {
  const program = await bundleWorker("test/pool/leaving.worker.ts");
  // Far less than an idle worker is kept.
  const { stdout } = await promisify(execFile)(process.execPath, [program], { timeout: 20_000 });
  expect(stdout).toBe("ran\n");
});
