/** A worker's module in one file of JavaScript, for Node's worker threads, which take no TypeScript. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { afterAll } from "vitest";

const fromRoot = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

const made: string[] = [];
afterAll(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** `source` is a path from the root of the repository. Gives the path of the bundle, which is gone after this file's tests. */
export async function bundleWorker(source: string): Promise<string> {
  const outDir = mkdtempSync(join(tmpdir(), "tickwork-worker-"));
  made.push(outDir);
  await build({
    configFile: false,
    root: fromRoot("."),
    logLevel: "error",
    resolve: {
      alias: [
        { find: /^tickwork$/, replacement: fromRoot("src/index.ts") },
        { find: /^tickwork\/([a-z-]+)$/, replacement: fromRoot("src/$1.ts") },
      ],
    },
    ssr: { noExternal: true },
    build: {
      ssr: fromRoot(source),
      outDir,
      emptyOutDir: true,
      minify: false,
      target: "node20",
      rolldownOptions: { output: { entryFileNames: "worker.mjs" } },
    },
  });
  return join(outDir, "worker.mjs");
}
