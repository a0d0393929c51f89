/** Events about the run itself, for readers that asked for them: made only while somebody reads. */
import type { Command } from "../core/command.ts";
import type { Program } from "../core/program.ts";
import type { Tick } from "../core/tick.ts";
import type { EventStream } from "./event-stream.ts";

export function publishInternals(
  stream: EventStream,
  program: Program,
  tick: Tick,
  commands: readonly Command[],
): void {
  if (tick.kind === "StepResult") {
    const { step, workerId, workItem, outcome, outputs } = tick;
    stream.publishInternal(
      "StepStateChanged",
      {
        step,
        workerId,
        workItem,
        state: "notRunning",
        outcome: outcome.kind,
        output: outputs.at(-1)?.event.type ?? null,
      },
      tick.at,
    );
  }
  for (const command of commands) {
    if (command.kind !== "RunWorker") continue;
    const { step, workerId, workItem } = command;
    stream.publishInternal(
      "StepStateChanged",
      {
        step: program.steps[step]?.name,
        workerId,
        workItem: workItem.id,
        state: "running",
        input: workItem.event.type,
      },
      tick.at,
    );
  }
}
