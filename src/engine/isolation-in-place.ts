/** Isolated steps without a pool run in place, and somebody is told, once per workflow. */
import { WorkflowConfigurationError, type WorkflowError } from "../core/errors.ts";
import type { CompiledWorkflow } from "../workflow/compile.ts";

const told = new WeakSet<CompiledWorkflow>();

export function warnOfIsolationInPlace(compiled: CompiledWorkflow, tell: (problem: WorkflowError) => void): void {
  const { isolated, definition } = compiled;
  if (told.has(compiled)) return;
  told.add(compiled);
  tell(
    new WorkflowConfigurationError(
      `Workflow ${definition.name} has isolated steps (${isolated.join(", ")}), but its runtime has no pool: they run in place and keep everything else waiting. Give the runtime one: withPool(runtime, { worker }) of tickwork/pool.`,
      { code: "POOL_MISSING", data: { workflow: definition.name, steps: isolated } },
    ),
  );
}
