/** Hooks are told what may be shown. */
import type { BrokerState } from "../core/broker-state.ts";
import { WorkflowError } from "../core/errors.ts";
import { redactCommand, redactTick } from "../inspection/redact-tick.ts";
import type { Redaction } from "../inspection/redaction.ts";
import type { RunHook } from "../ports/run-hook.ts";
import { decodeError, encodeError } from "../serialize/error-codec.ts";
import { tellOfProblem, tellOfTick } from "./hook-calls.ts";

/** One hook in place of all, so that each tick is redacted once; also where problems go to the console. */
export function redactHooks(hooks: readonly RunHook[], redactionOf: (runId: string) => Redaction): RunHook[] {
  return [
    {
      onTick({ runId, tick, commands, before, after }) {
        if (hooks.length === 0) return;
        const redaction = redactionOf(runId);
        const shown = commands.map((command) => redactCommand(command, redaction));
        tellOfTick(
          hooks,
          redactTick(tick, redaction),
          shown,
          redactState(before, redaction),
          redactState(after, redaction),
        );
      },
      onProblem(problem) {
        const { runId } = problem.data;
        tellOfProblem(hooks, redactProblem(problem, redactionOf(typeof runId === "string" ? runId : "")));
      },
    },
  ];
}

/** Its store and its outcome. The rest is for looking up names and numbers: its parts are too many to be copied. */
function redactState(state: BrokerState, redaction: Redaction): BrokerState {
  const { outcome } = state;
  const shown: BrokerState = {
    ...state,
    ...(outcome?.kind === "completed" && { outcome: { ...outcome, event: redaction.event(outcome.event) } }),
    ...(outcome?.kind === "failed" && { outcome: { ...outcome, error: redaction.error(outcome.error, outcome.step) } }),
    ...(outcome?.kind === "cancelled" &&
      outcome.reason !== undefined && { outcome: { ...outcome, reason: redaction.text(outcome.reason) } }),
  };
  // Only if somebody looks: it may be large, and most hooks do not.
  return Object.defineProperty(shown, "store", {
    enumerable: true,
    get: () => redaction.state(state.store, []),
  });
}

function redactProblem(problem: WorkflowError, redaction: Redaction): WorkflowError {
  const shown = redaction.error(encodeError(problem));
  const rebuilt = decodeError({ ...shown });
  return rebuilt instanceof WorkflowError ? rebuilt : new WorkflowError(shown.message, problem.code);
}
