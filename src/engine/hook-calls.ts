/** Hooks are told what happens; a broken one must not break the run it watches. */
import type { BrokerState } from "../core/broker-state.ts";
import type { Command } from "../core/command.ts";
import type { WorkflowError } from "../core/errors.ts";
import type { Tick } from "../core/tick.ts";
import type { RunHook } from "../ports/run-hook.ts";

export function tellOfTick(
  hooks: readonly RunHook[],
  tick: Tick,
  commands: readonly Command[],
  before: BrokerState,
  after: BrokerState,
): void {
  const { runId, program } = after;
  for (const hook of hooks) {
    quietly(() => hook.onTick({ runId, workflow: program.workflow, tick, commands, before, after }));
  }
}

/** Problems that no hook listens to are printed. */
export function tellOfProblem(hooks: readonly RunHook[] | null, problem: WorkflowError): void {
  const listeners = hooks?.filter((hook) => "onProblem" in hook) ?? [];
  if (listeners.length === 0) print(problem);
  for (const hook of listeners) quietly(() => hook.onProblem?.(problem));
}

function quietly(tell: () => void): void {
  try {
    tell();
  } catch {
    // The hook's own problem.
  }
}

function print(problem: WorkflowError): void {
  // eslint-disable-next-line no-console
  console.error(problem);
}
