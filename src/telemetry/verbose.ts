/** Runs as lines of text, one for each thing that happens: to look over a workflow's shoulder. */
import { hasEnded } from "../core/broker-state.ts";
import type { Tick } from "../core/tick.ts";
import type { Happening } from "../ports/run-hook.ts";
import { withHooks, type Runtime } from "../ports/runtime.ts";

type StepResult = Extract<Tick, { kind: "StepResult" }>;

/**
 * The same runtime, which also prints when a step starts and what it produced, what is queued for it, every other tick,
 * and how the run ended; each line begins with the run's id. `print` defaults to the console's log.
 *
 *     run(workflow, input, { runtime: verbose(processRuntime) });
 */
export function verbose<R extends Runtime>(runtime: R, print: (line: string) => void = printToConsole): R {
  return withHooks(runtime, {
    onTick: (happening) => {
      for (const line of linesOf(happening)) print(`[${happening.runId}] ${line}`);
    },
  });
}

function printToConsole(line: string): void {
  // eslint-disable-next-line no-console
  console.log(line);
}

function linesOf({ tick, commands, before, after }: Happening): string[] {
  const isLate = after.dropped > before.dropped;
  const lines = [tick.kind === "StepResult" ? resultLine(tick, isLate) : tickLine(tick)];
  for (const [index, { queue }] of after.steps.entries()) {
    const queued = queue.length;
    if (queued > (before.steps[index]?.queue.length ?? 0)) {
      lines.push(`Queued for step ${after.program.steps[index]?.name}: ${queued}`);
    }
  }
  for (const command of commands) {
    if (command.kind !== "RunWorker") continue;
    const { event, retry } = command.workItem;
    const attempt = retry ? `, attempt ${retry.failures + 1}` : "";
    lines.push(`Running step ${after.program.steps[command.step]?.name} (${event.type}${attempt})`);
  }
  if (hasEnded(after) && !hasEnded(before)) lines.push(`Run ${after.status}`);
  return lines;
}

function resultLine({ step, outcome, outputs }: StepResult, isLate: boolean): string {
  if (isLate) return `Step ${step} came too late and is ignored`;
  switch (outcome.kind) {
    case "returned":
      return outputs.length === 0
        ? `Step ${step} produced no event`
        : `Step ${step} produced ${outputs.length === 1 ? "event" : "events"} ${outputs.map(({ event }) => event.type).join(", ")}`;
    case "waiting":
      return `Step ${step} waits for ${outcome.waits.map(({ type }) => type).join(", ")}`;
    case "failed": {
      const { error, verdict } = outcome;
      return `Step ${step} failed: ${error.name}: ${error.message}${verdict.retry ? `; again in ${verdict.delay} ms` : ""}`;
    }
  }
}

function tickLine(tick: Tick): string {
  if ("event" in tick && tick.event) return `${tick.kind} ${tick.event.type}`;
  return "step" in tick && tick.step !== undefined ? `${tick.kind} of step ${tick.step}` : tick.kind;
}
