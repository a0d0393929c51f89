// A Vite plugin for the build of the app: it can be installed and works without a network. Puts a web manifest with
// icons beside index.html, and a service worker that knows every file of the build.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { build, normalizePath } from "vite";
import { isAppBuild } from "./guide-plugin.mjs";
import { root } from "./tools.mjs";

const folder = join(root, "inspector/offline");
const script = "service-worker.js";
const icons = ["icon-192.png", "icon-512.png", "icon-maskable-512.png"];

/** All addresses in it are relative to it: the app can be served below any path. */
const manifest = {
  name: "tickwork",
  short_name: "tickwork",
  description: "Workflows that run in this browser, and what they do, tick by tick",
  start_url: "./",
  scope: "./",
  display: "standalone",
  background_color: "#ffffff",
  theme_color: "#3a56d4",
  icons: icons.map((name) => ({
    src: `icons/${name}`,
    sizes: name.includes("192") ? "192x192" : "512x512",
    type: "image/png",
    purpose: name.includes("maskable") ? "maskable" : "any",
  })),
};

/** @returns {import("vite").Plugin} */
export function offline() {
  let isApp = false;
  let outDir = "";
  return {
    name: "tickwork-offline",
    apply: "build",
    // Before the guide says what is built.
    enforce: "pre",
    config(config, env) {
      isApp = isAppBuild(config, env);
    },
    configResolved(config) {
      outDir = join(config.root, config.build.outDir);
    },

    generateBundle() {
      if (!isApp) return;
      this.emitFile({ type: "asset", fileName: "manifest.webmanifest", source: JSON.stringify(manifest) });
      for (const name of icons) {
        this.emitFile({ type: "asset", fileName: `icons/${name}`, source: readFileSync(join(folder, "icons", name)) });
      }
    },
    transformIndexHtml: (_html, { path }) =>
      isApp && path === "/index.html"
        ? [
            { tag: "link", attrs: { rel: "manifest", href: "./manifest.webmanifest" } },
            { tag: "link", attrs: { rel: "apple-touch-icon", href: "./icons/icon-192.png" } },
          ]
        : [],

    // Last: when all files are there, those that other plugins write too.
    closeBundle: {
      order: "post",
      sequential: true,
      async handler() {
        if (isApp) await buildServiceWorker(outDir);
      },
    },
  };
}

/** @param {string} outDir */
async function buildServiceWorker(outDir) {
  await build({
    configFile: false,
    root,
    logLevel: "warn",
    publicDir: false,
    define: { APP_FILES: JSON.stringify(filesIn(outDir)), "process.env.NODE_ENV": '"production"' },
    build: {
      outDir,
      emptyOutDir: false,
      target: "es2023",
      // One script without imports: not every browser takes a module here.
      rolldownOptions: { input: join(folder, "service-worker.ts"), output: { format: "iife", entryFileNames: script } },
    },
  });
}

/**
 * What is kept: each file with what tells that it changed. The names of those in assets change with what is in them.
 * @param {string} outDir
 */
function filesIn(outDir) {
  return readdirSync(outDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path, url: normalizePath(relative(outDir, path)) }))
    .filter(({ url }) => url !== script && !url.endsWith(".map"))
    .map(({ path, url }) => ({
      url,
      revision: url.startsWith("assets/") ? null : createHash("sha256").update(readFileSync(path)).digest("hex"),
    }))
    .toSorted((a, b) => (a.url < b.url ? -1 : 1));
}
