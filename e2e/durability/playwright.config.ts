/** The proofs alone, one after the other and without a limit in all: for `npm run torture`. */
import { defineConfig } from "@playwright/test";
import config from "../playwright.config.ts";

const servers = [config.webServer ?? []].flat();

export default defineConfig({
  ...config,
  testDir: ".",
  outputDir: "../../test-results",
  globalTimeout: 0,
  workers: 1,
  reporter: [
    ["list"],
    ["json", { outputFile: process.env["TICKWORK_E2E_REPORT"] ?? "../../test-results/report.json" }],
  ],
  webServer: servers
    .filter(({ command }) => command.includes("e2e/durability/app"))
    .map((server) => ({ ...server, cwd: "../.." })),
});
