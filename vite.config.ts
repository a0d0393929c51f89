import react from "@vitejs/plugin-react";
import { playwright } from "@vitest/browser-playwright";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { chromiumFlags, findBrowser, firefoxOptions } from "./.ci/browser.mjs";
import { guide } from "./.ci/guide-plugin.mjs";
import { offline } from "./.ci/offline-plugin.mjs";
import { securityHeaders } from "./.ci/security-headers.mjs";

const fromRoot = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const alias = [
  // The package by its own name, from its sources, as in tsconfig.base.json.
  { find: /^tickwork$/, replacement: fromRoot("./src/index.ts") },
  { find: /^tickwork\/inspector\.css$/, replacement: fromRoot("./inspector/inspector.css") },
  { find: /^tickwork\/inspector$/, replacement: fromRoot("./inspector/index.ts") },
  { find: /^tickwork\/([a-z-]+)$/, replacement: fromRoot("./src/$1.ts") },
  // The demo's sample data, which the package ships without exporting it.
  { find: /^vega-datasets\/data\//, replacement: fromRoot("./node_modules/vega-datasets/data/") },
];

const executablePath = findBrowser();
const firefox = firefoxOptions();

export default defineConfig({
  plugins: [react(), offline(), ...guide()],
  resolve: { alias },
  appType: "mpa",
  // Addresses relative to where a page is: the app can be served below any path.
  base: "./",
  server: { host: "127.0.0.1" },
  preview: {
    host: "127.0.0.1",
    // The dev server cannot have them: it injects inline scripts.
    headers: securityHeaders,
  },
  build: {
    outDir: "dist-app",
    target: "es2023",
    assetsInlineLimit: 0,
    // One page, one chunk: React, React Flow and the inspector are needed at once.
    chunkSizeWarningLimit: 1000,
  },
  worker: { format: "es" },
  // All at once: a dependency found later would reload the page in the middle of a test.
  optimizeDeps: {
    include: [
      "@base-ui/react",
      "@dagrejs/dagre",
      "@xyflow/react",
      "comlink",
      "idb",
      "lucide-react",
      "papaparse",
      "react",
      "react-dom",
      "react-dom/client",
      "react/jsx-dev-runtime",
      "react/jsx-runtime",
      "zod",
      "zod/mini",
      "zustand",
      "zustand/vanilla",
    ],
  },
  test: {
    // Far above what a test takes: only for one that hangs, on a busy machine too.
    testTimeout: 40_000,
    restoreMocks: true,
    unstubGlobals: true,
    // Of Node, the simulated DOM and the page of a real browser together. What runs in a real worker is not seen by
    // the tool and counts as not covered: src/runtimes/browser is tested better than its figure says.
    coverage: { provider: "v8", include: ["src/**/*.ts"], thresholds: { lines: 95 } },
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          environment: "node",
          include: ["test/**/*.test.{ts,tsx}"],
          exclude: ["test/**/*.{dom,browser}.test.{ts,tsx}"],
        },
      },
      {
        extends: true,
        test: {
          name: "types",
          include: [],
          typecheck: {
            enabled: true,
            only: true,
            checker: "tsc",
            tsconfig: "./test/tsconfig.json",
            include: ["test/**/*.test-d.{ts,tsx}"],
          },
        },
      },
      {
        extends: true,
        test: {
          name: "dom",
          environment: "happy-dom",
          include: ["test/**/*.dom.test.{ts,tsx}"],
          globals: true, // Testing Library cleans up after each test when it finds afterEach there.
        },
      },
      {
        extends: true,
        test: {
          name: "browser",
          include: ["test/**/*.browser.test.{ts,tsx}"],
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: { args: chromiumFlags, ...(executablePath === undefined ? {} : { executablePath }) },
            }),
            instances: [{ browser: "chromium" }],
          },
        },
      },
      // npm run test:browsers
      ...(firefox === undefined
        ? []
        : [
            {
              extends: true as const,
              test: {
                name: "firefox",
                include: ["test/**/*.browser.test.{ts,tsx}"],
                browser: {
                  enabled: true,
                  headless: true,
                  screenshotFailures: false,
                  provider: playwright({ launchOptions: firefox }),
                  instances: [{ browser: "firefox" as const }],
                },
              },
            },
          ]),
    ],
  },
});
