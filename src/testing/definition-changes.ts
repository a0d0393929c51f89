/** What changed between two definitions of a workflow, a sentence each. */
import { isEqualJson } from "../core/json.ts";
import type { Program, StepPlan } from "../core/program.ts";
import { show } from "./assertions.ts";

/** They follow from the order of the steps, which is told by itself. */
const POSITIONS: ReadonlySet<string> = new Set(["index", "feeds"]);

export function definitionChanges(before: Program, now: Program): string[] {
  const changes: string[] = [];
  const find = ({ steps }: Program, name: string): StepPlan | undefined => steps.find((step) => step.name === name);
  for (const plan of before.steps) {
    const changed = find(now, plan.name);
    if (!changed) {
      changes.push(`Step ${plan.name} is gone.`);
      continue;
    }
    for (const key of new Set([...Object.keys(plan), ...Object.keys(changed)]) as Set<keyof StepPlan>) {
      if (POSITIONS.has(key) || isEqualJson(plan[key], changed[key])) continue;
      changes.push(`Step ${plan.name}: ${key} was ${show(plan[key])}, is ${show(changed[key])}.`);
    }
  }
  for (const { name } of now.steps) if (!find(before, name)) changes.push(`Step ${name} is new.`);
  const kept = (program: Program, other: Program): string[] =>
    program.steps.map(({ name }) => name).filter((name) => find(other, name));
  if (!isEqualJson(kept(before, now), kept(now, before))) changes.push("The steps stand in another order.");
  for (const type of new Set([...Object.keys(before.roles), ...Object.keys(now.roles)])) {
    const [was, is] = [before.roles[type], now.roles[type]];
    if (was !== undefined && is !== undefined && was !== is) changes.push(`Event ${type} was ${was}, is ${is}.`);
  }
  if (before.timeout !== now.timeout) {
    changes.push(`The time limit was ${show(before.timeout)} ms, is ${show(now.timeout)} ms; this run keeps its own.`);
  }
  return changes;
}
