// npm run bench: bundles each test/bench/*.bench.ts and runs it in a Node of its own, with --expose-gc.
// Arguments choose files: npm run bench -- chain runs those whose name contains "chain".

import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "vite";
import { root, runNode } from "./tools.mjs";

const folder = join(root, "test/bench");
// Inside node_modules, so that the bundles find the packages they import.
const bundles = join(root, "node_modules/.cache/tickwork-bench");

const filters = process.argv.slice(2);
const files = (existsSync(folder) ? readdirSync(folder) : [])
  .filter((name) => name.endsWith(".bench.ts"))
  .filter((name) => filters.length === 0 || filters.some((filter) => name.includes(filter)))
  .toSorted();
if (files.length === 0) {
  console.error("No benchmark of that name in test/bench.");
  process.exit(1);
}

rmSync(bundles, { recursive: true, force: true });
mkdirSync(bundles, { recursive: true });
let failed = 0;
// The modules of workers lie beside the benchmarks that start them.
for (const name of readdirSync(folder)) if (name.endsWith(".worker.ts")) await bundle(name);
for (const name of files) {
  await bundle(name);
  console.log(`\n# ${name}`);
  const status = await runNode(["--expose-gc", join(bundles, name.replace(/\.ts$/, ".mjs"))]);
  if (status !== 0) failed += 1;
}
process.exit(failed === 0 ? 0 : 1);

/** @param {string} name */
async function bundle(name) {
  await build({
    root,
    logLevel: "error",
    define: { "process.env.NODE_ENV": '"production"' },
    build: {
      ssr: join(folder, name),
      outDir: bundles,
      emptyOutDir: false,
      target: "node20",
      minify: false,
      rolldownOptions: { output: { entryFileNames: "[name].mjs" } },
    },
  });
}
