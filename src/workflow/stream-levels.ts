/** Which list joins a returned list leads to: found once, from the definition. */
import type { AnyEventKind } from "./event.ts";
import type { StepDefinition } from "./step.ts";
import { accepts } from "./subkinds.ts";

/**
 * The steps with a list join that get what comes of a step's lists. What its elements lead to is followed from step
 * to step; where one of those returns a list itself, on from the joins of that inner list, for they run at this level.
 */
export function fedJoins(steps: readonly StepDefinition[], producer: StepDefinition): StepDefinition[] {
  return [...walk(steps, producer, new Set())];
}

function walk(
  steps: readonly StepDefinition[],
  producer: StepDefinition,
  above: ReadonlySet<StepDefinition>,
): Set<StepDefinition> {
  const joins = new Set<StepDefinition>();
  const seen = new Set<StepDefinition>();
  const waiting: AnyEventKind[] = producer.emits.filter(({ type }) => producer.lists.has(type));
  const inside = new Set([...above, producer]);
  const follow = (step: StepDefinition): void => {
    if (seen.has(step)) return;
    seen.add(step);
    waiting.push(...step.emits.filter(({ type }) => step.single.has(type)));
    // A list of a step that we are inside of already is a level of its own, and leads nowhere new.
    if (step.lists.size > 0 && !inside.has(step)) for (const inner of walk(steps, step, inside)) follow(inner);
    for (const handler of steps) if (handler.catches && catches(handler, step, steps)) follow(handler);
  };
  for (let kind = waiting.pop(); kind; kind = waiting.pop()) {
    for (const step of steps) {
      if (!accepts(step, kind)) continue;
      if (step.join === "list") joins.add(step);
      else follow(step);
    }
  }
  return joins;
}

/** True when a failure of the step goes to this handler. */
export function catches(handler: StepDefinition, step: StepDefinition, steps: readonly StepDefinition[]): boolean {
  if (!handler.catches || step.catches) return false;
  const { forSteps } = handler.catches;
  if (forSteps) return forSteps.includes(step.name);
  return !steps.some((other) => other.catches?.forSteps?.includes(step.name));
}
