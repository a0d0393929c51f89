// Mutation testing of the pure core, for `npm run mutation`. Which tests are run stands in vitest.config.ts beside this.

export default {
  mutate: ["src/core/**/*.ts"],
  testRunner: "vitest",
  plugins: ["@stryker-mutator/vitest-runner"],
  vitest: { configFile: "test/mutation/vitest.config.ts", related: false },
  coverageAnalysis: "perTest",
  concurrency: 2,
  // Above the default: a busy machine is not an endless loop.
  timeoutMS: 10_000,
  incremental: true,
  incrementalFile: ".stryker/incremental.json",
  // Types are not checked, and with TypeScript 7 there is no API with which its configuration could be rewritten: a
  // file that does not exist is left alone.
  disableTypeChecks: false,
  tsconfigFile: ".stryker/no-tsconfig.json",
  tempDirName: ".stryker/tmp",
  reporters: ["progress-append-only", "json", "html"],
  jsonReporter: { fileName: ".stryker/report.json" },
  htmlReporter: { fileName: ".stryker/report.html" },
  allowEmpty: false,
  thresholds: { high: 95, low: 85, break: 85 },
};
