/** A worker's module in one file of JavaScript, for Node's worker threads, which take no TypeScript. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const fromRoot = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** `source` is a path from the root of the repository. Gives the path of the bundle. */
export async function bundleWorker(source: string): Promise<string> {
  const outDir = mkdtempSync(join(tmpdir(), "tickwork-worker-"));
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
