// Builds the pages of e2e/durability and serves them until it is ended.
//
//   --port 5000

import { join } from "node:path";
import { parseArgs } from "node:util";
import { build, preview } from "vite";
import { root } from "./tools.mjs";

const { values: options } = parseArgs({ options: { port: { type: "string", default: "4273" } } });

/** @type {import("vite").InlineConfig} */
const shared = {
  root: join(root, "e2e/durability/app"),
  configFile: false,
  logLevel: "warn",
  resolve: { tsconfigPaths: true },
  worker: { format: "es" },
  build: { outDir: join(root, "node_modules/.cache/tickwork-proofs"), emptyOutDir: true, target: "es2023" },
};
await build(shared);
const port = Number(options.port);
await preview({ ...shared, preview: { host: "127.0.0.1", port, strictPort: true } });
console.log(`The pages are at http://127.0.0.1:${port}`);

for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(0));
