/** Programs with joins, lists and error handlers, which `program` of fold.ts has no words for. */
import type { Program, StepPlan } from "../../src/core/program.ts";
import type { StepOutput } from "../../src/core/tick.ts";
import { program } from "./fold.ts";

export interface StepWords {
  /** "A|B"; left out for an error handler. */
  readonly accepts?: string;
  readonly numWorkers?: number;
  /** Joins one event per slot: "A|B" takes either. Says what it accepts as well. */
  readonly slots?: readonly string[];
  /** Joins lists: all of one, or the first so many. */
  readonly list?: "all" | number;
  /** List joins that get what comes of its lists. */
  readonly feeds?: readonly string[];
  /** Catches failures: of all steps, or of these. */
  readonly catches?: "all" | readonly string[];
  readonly maxRecoveries?: number;
}

/** The steps of a workflow by name, with 9 workers each unless they say otherwise. */
export function planOf(steps: Record<string, StepWords>): Program {
  const accepts = ({ accepts: own, slots = [] }: StepWords): string =>
    own ?? [...new Set(slots.flatMap((slot) => slot.split("|")))].join("|");
  const simple = program(
    Object.fromEntries(
      Object.entries(steps).map(([name, words]) => [name, [accepts(words), words.numWorkers ?? 9] as const]),
    ),
  );
  const plans = simple.steps.map((plan): StepPlan => {
    const { slots, list, feeds, catches, maxRecoveries = 1 } = steps[plan.name]!;
    return {
      ...plan,
      ...(slots && { join: { mode: "all", slots: slots.map((slot) => slot.split("|")) } }),
      ...(list !== undefined && { join: { mode: "list", take: list === "all" ? null : list } }),
      ...(feeds && { feeds: feeds.map((name) => simple.indexes[name]!) }),
      ...(catches && { accepts: [], catches: { forSteps: catches === "all" ? null : catches, maxRecoveries } }),
    };
  });
  return { ...simple, steps: plans };
}

export const send = (type: string, data: unknown = null, target?: string): StepOutput => ({
  mode: "send",
  event: { type, data },
  ...(target !== undefined && { target }),
});

/** An element of a returned list. */
export const element = (type: string, data: unknown = null): StepOutput => ({
  mode: "element",
  event: { type, data },
});
