/** What every host of an engine must do, as checks for any test runner: in process, in a worker, on a server. */
import type { RuntimeCheck } from "./runtime-check.ts";
import { crashChecks } from "./runtime-crash-conformance.ts";
import { hostingChecks } from "./runtime-hosting-conformance.ts";
import { inspectionChecks } from "./runtime-inspection-conformance.ts";
import { stepChecks } from "./runtime-steps-conformance.ts";

/**
 * Every behaviour, for any runner:
 *
 *     test.each(runtimeConformance)("$name", ({ run }) => run(() => ({ engine: myEngine(conformanceWorkflows) })));
 */
export const runtimeConformance: readonly RuntimeCheck[] = [
  ...stepChecks,
  ...hostingChecks,
  ...inspectionChecks,
  ...crashChecks,
];
