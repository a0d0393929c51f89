// npm run verify: everything that can be checked without running the tests, in one go; names what failed at the end.

import { ensureInstalled, bin, runNode } from "./tools.mjs";

ensureInstalled();

/** @type {[name: string, ...command: string[][]][]} */
const checks = [
  ["format", [bin("oxfmt"), "--check"]],
  ["lint", [bin("oxlint"), "--deny-warnings"]],
  ["types", [bin("typescript", "tsc"), "--build"]],
  ["unused code", [bin("knip")]],
  ["architecture", [bin("vitest"), "run", "--project=unit", "test/architecture.test.ts"]],
  ["package", [".ci/build-library.mjs"], [bin("publint"), "--strict"]],
  ["size", [".ci/size.mjs"]],
];

const results = [];
for (const [check, ...commands] of checks) {
  console.log(`\n# ${check}`);
  const start = Date.now();
  let isGood = true;
  for (const command of commands) isGood &&= (await runNode(command)) === 0;
  results.push({ check, result: isGood ? "ok" : "FAILED", seconds: (Date.now() - start) / 1000 });
}
console.log();
console.table(results);
process.exit(results.every(({ result }) => result === "ok") ? 0 : 1);
