// Vite plugins: inspector/guide/*.md become pages of the app at guide/*.html, in the build and on the dev server; and
// the examples in them say which of their regions is running, so that a test can tell what each prints.

import { join } from "node:path";
import { normalizePath } from "vite";
import { guideDocument, guideFolder, guideNames } from "./guide-pages.mjs";
import { root } from "./tools.mjs";

/** Where a page would stand if it were a file: Vite takes the place in the build from it. */
const fileOf = (/** @type {string} */ name) => normalizePath(join(root, "guide", `${name}.html`));

/**
 * Builds of something else (the library, a benchmark) name what they build.
 * @param {import("vite").UserConfig} config before this plugin's part of it
 * @param {import("vite").ConfigEnv} env
 */
export function isAppBuild({ build = {} }, { command, isPreview }) {
  return command === "build" && !isPreview && !build.ssr && !build.lib && !build.rolldownOptions?.input;
}

const appPages = ["index.html", "inspector/standalone/index.html"].map((path) => join(root, path));

/** @returns {import("vite").Plugin[]} */
export function guide() {
  return [guidePages(), exampleRegions()];
}

/** @returns {import("vite").Plugin} */
function exampleRegions() {
  return {
    name: "tickwork-guide-examples",
    // While the marks are still there: what follows drops comments.
    enforce: "pre",
    transform: {
      filter: { id: /\/test\/examples\/[^/]+\.ts$/ },
      handler: (code) => ({
        code: code.replaceAll(/^\/\/ #region (\S+)$/gm, 'globalThis.enterRegion?.("$1");'),
        map: null, // Each line stays where it is.
      }),
    },
  };
}

/** @returns {import("vite").Plugin} */
function guidePages() {
  return {
    name: "tickwork-guide",

    config(config, env) {
      if (!isAppBuild(config, env)) return undefined;
      return { build: { rolldownOptions: { input: [...appPages, ...guideNames().map(fileOf)] } } };
    },

    resolveId: (id) => (nameOfFile(id) === undefined ? undefined : normalizePath(id)),
    load(id) {
      const name = nameOfFile(id);
      return name === undefined ? undefined : guideDocument(name);
    },

    transformIndexHtml: {
      order: "post",
      // The page's script applies the chosen theme: the first paint waits for it.
      handler: (html, { path }) =>
        path.startsWith("/guide/")
          ? html.replaceAll('<script type="module" crossorigin', '<script type="module" blocking="render" crossorigin')
          : html,
    },

    configureServer(server) {
      server.watcher.add(guideFolder);
      server.watcher.on("all", (_event, path) => {
        if (path.startsWith(guideFolder) && path.endsWith(".md")) server.ws.send({ type: "full-reload" });
      });
      server.middlewares.use((request, response, next) => {
        const name = nameOfAddress(request.originalUrl ?? "");
        if (name === undefined) return next();
        // A page that cannot be made is reported like any other mistake in the sources.
        Promise.resolve()
          .then(() => server.transformIndexHtml(`/guide/${name}.html`, guideDocument(name)))
          .then((html) => response.setHeader("Content-Type", "text/html").end(html))
          .catch(next);
      });
    },
  };
}

/**
 * The page at an address of the dev server.
 * @param {string} url
 */
function nameOfAddress(url) {
  const [path = ""] = url.split(/[?#]/);
  const [, name] = /^\/guide\/(?:([a-z-]+)(?:\.html)?)?$/.exec(path) ?? [];
  return path === "/guide/" ? "index" : guideNames().find((one) => one === name);
}

/** @param {string} id */
function nameOfFile(id) {
  return guideNames().find((name) => normalizePath(id) === fileOf(name));
}
