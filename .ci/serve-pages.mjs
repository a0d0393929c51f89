// Builds a folder's pages for tests or benchmarks, and serves them until it is ended, as strictly as the app's.
//
//   node .ci/serve-pages.mjs e2e/durability/app --port 5000

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import react from "@vitejs/plugin-react";
import { build, preview } from "vite";
import { securityHeaders } from "./security-headers.mjs";
import { root } from "./tools.mjs";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { port: { type: "string", default: "4273" } },
});
const [folder = "e2e/durability/app"] = positionals;
const pages = readdirSync(join(root, folder)).filter((name) => name.endsWith(".html"));

/** @type {import("vite").InlineConfig} */
const shared = {
  root: join(root, folder),
  configFile: false,
  logLevel: "warn",
  plugins: [react()],
  appType: "mpa",
  resolve: { tsconfigPaths: true },
  worker: { format: "es" },
  build: {
    outDir: join(root, "node_modules/.cache/tickwork-pages", folder),
    emptyOutDir: true,
    target: "es2023",
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1000,
    rolldownOptions: { input: pages.map((name) => join(root, folder, name)) },
  },
};
await build(shared);
const port = Number(options.port);
await preview({ ...shared, preview: { host: "127.0.0.1", port, strictPort: true, headers: securityHeaders } });
console.log(`The pages are at http://127.0.0.1:${port}`);

for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(0));
