/** Which ticks a search finds, but for their text. Pure; looks at no payload. */
import type { Program } from "../core/program.ts";
import type { Tick } from "../core/tick.ts";
import { eventsOf } from "./tick-summary.ts";
import type { TickQuery } from "./tick-questions.ts";

/** `program` says which events go to which step. */
export function tickMatcher(
  { kind, by, step, event, workItem, logs, without }: TickQuery,
  program: Program,
): (tick: Tick) => boolean {
  const excluded = new Set<string>(without);
  const taken = new Set(
    Object.keys(program.routes).filter((type) =>
      program.routes[type]?.some((index) => program.steps[index]?.name === step),
    ),
  );
  const isOfStep = (tick: Tick): boolean =>
    ("step" in tick && tick.step === step) ||
    eventsOf(tick).some(({ event: { type }, mode, target }) =>
      target === undefined ? mode !== "stream" && taken.has(type) : target === step,
    );
  const isOfEvent = (tick: Tick): boolean =>
    eventsOf(tick).some(({ event: { type } }) => type === event) ||
    (tick.kind === "StepResult" &&
      tick.outcome.kind === "waiting" &&
      tick.outcome.waits.some(({ type }) => type === event));
  return (tick) =>
    (kind === undefined || tick.kind === kind) &&
    !excluded.has(tick.kind) &&
    (workItem === undefined || ("workItem" in tick && tick.workItem === workItem)) &&
    (logs !== true || (tick.kind === "StepResult" && (tick.logs?.length ?? 0) > 0)) &&
    (by === undefined || ("step" in tick && tick.step === by)) &&
    (step === undefined || isOfStep(tick)) &&
    (event === undefined || isOfEvent(tick));
}
