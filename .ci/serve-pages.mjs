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

/**
 * What all pages have in their heads, so that each says only what is its own.
 * @type {import("vite").Plugin}
 */
const pageHead = {
  name: "tickwork:page-head",
  transformIndexHtml: () => [
    { tag: "meta", attrs: { charset: "utf-8" }, injectTo: "head-prepend" },
    { tag: "meta", attrs: { name: "viewport", content: "width=device-width, initial-scale=1" } },
    { tag: "link", attrs: { rel: "icon", href: "data:," } },
  ],
};

/** @type {import("vite").InlineConfig} */
const shared = {
  root: join(root, folder),
  configFile: false,
  logLevel: "warn",
  plugins: [react(), pageHead],
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
const server = await preview({
  ...shared,
  preview: { host: "127.0.0.1", port, strictPort: port !== 0, headers: securityHeaders },
});
console.log(`The pages are at ${server.resolvedUrls?.local[0]}`);

for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(0));
