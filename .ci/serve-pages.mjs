// Builds a folder of pages for tests or benchmarks, and serves them until it is ended.
//
//   node .ci/serve-pages.mjs e2e/durability/app --port 5000

import { join } from "node:path";
import { parseArgs } from "node:util";
import { build, preview } from "vite";
import { root } from "./tools.mjs";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { port: { type: "string", default: "4273" } },
});
const [folder = "e2e/durability/app"] = positionals;

/** @type {import("vite").InlineConfig} */
const shared = {
  root: join(root, folder),
  configFile: false,
  logLevel: "warn",
  resolve: { tsconfigPaths: true },
  worker: { format: "es" },
  build: { outDir: join(root, "node_modules/.cache/tickwork-pages", folder), emptyOutDir: true, target: "es2023" },
};
await build(shared);
const port = Number(options.port);
await preview({ ...shared, preview: { host: "127.0.0.1", port, strictPort: true } });
console.log(`The pages are at http://127.0.0.1:${port}`);

for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(0));
