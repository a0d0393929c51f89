/** A command to hold a run, checked and handed to the run's gate. Loaded when somebody debugs. */
import { hasEnded } from "../core/broker-state.ts";
import { WorkflowRuntimeError } from "../core/errors.ts";
import type { Breakpoint, DebugCommand } from "../inspection/debug-command.ts";
import type { RunBroker } from "./broker.ts";
import { RunGate } from "./run-gate.ts";

/**
 * Rejects with `WorkflowRuntimeError`: RUN_ENDED, RUN_READ_ONLY, STEP_UNKNOWN for a breakpoint before a step that the run
 * does not have, CALL_INVALID for what is no command.
 */
export async function debugRun(
  broker: RunBroker,
  command: DebugCommand,
  connection: AbortSignal | null,
): Promise<void> {
  broker.assertWritable();
  const checked = checkCommand(command, broker);
  if (hasEnded(broker.state)) {
    throw new WorkflowRuntimeError(
      `Run ${broker.runId} has ended: there is nothing to hold. Fork it to go through it.`,
      {
        code: "RUN_ENDED",
        data: { runId: broker.runId },
      },
    );
  }
  if (broker.problem) throw broker.problem;
  broker.openGate((port) => new RunGate(port)).obey(checked, connection);
}

/** Another page, an older one, or none of ours may have sent it. */
function checkCommand(command: DebugCommand, broker: RunBroker): DebugCommand {
  const { kind, breakpoints } = command as { kind: unknown; breakpoints?: unknown };
  if (kind === "pause" || kind === "step" || kind === "resume") return { kind };
  if (kind !== "set") throw invalid("its kind is none of set, pause, step and resume");
  if (!Array.isArray(breakpoints)) throw invalid("breakpoints must be a list");
  return { kind, breakpoints: unique(breakpoints.map((each) => checkBreakpoint(each, broker))) };
}

function checkBreakpoint(breakpoint: unknown, { compiled, runId }: RunBroker): Breakpoint {
  if (typeof breakpoint !== "object" || breakpoint === null) throw invalid("a breakpoint must be an object");
  const { step, eventType } = breakpoint as { step?: unknown; eventType?: unknown };
  if (typeof step !== "string") throw invalid("step must be a string");
  if (eventType !== undefined && typeof eventType !== "string") throw invalid("eventType must be a string");
  if (!compiled.steps.some(({ name }) => name === step)) {
    throw new WorkflowRuntimeError(
      `Run ${runId} has no step ${JSON.stringify(step)}: nothing would ever be held before it.`,
      { code: "STEP_UNKNOWN", data: { runId, step } },
    );
  }
  return { step, ...(eventType !== undefined && { eventType }) };
}

function unique(breakpoints: readonly Breakpoint[]): Breakpoint[] {
  return [...new Map(breakpoints.map((each) => [JSON.stringify([each.step, each.eventType ?? null]), each])).values()];
}

function invalid(why: string): WorkflowRuntimeError {
  return new WorkflowRuntimeError(`debugRun was called with what it does not take: ${why}.`, {
    code: "CALL_INVALID",
    data: { call: "debugRun" },
  });
}
