/** The tests that say what the core does, for mutants of it: see stryker.config.mjs. */
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const fromRoot = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

export default defineConfig({
  root: fromRoot("."),
  resolve: {
    alias: [
      { find: /^tickwork$/, replacement: fromRoot("src/index.ts") },
      { find: /^tickwork\/([a-z-]+)$/, replacement: fromRoot("src/$1.ts") },
    ],
  },
  test: {
    environment: "node",
    include: ["test/core/**/*.test.ts"],
    // Runs whole engines: slow, and finds little here, since it compares one fold with another.
    exclude: ["test/core/replay.test.ts"],
    setupFiles: [fromRoot("test/mutation/setup.ts")],
    testTimeout: 5000,
    restoreMocks: true,
    // Nothing here leaves anything behind, and it halves the time.
    isolate: false,
  },
});
