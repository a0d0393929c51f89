import { createContext, useContext } from "react";
import type { ComparedStep, RunComparison } from "tickwork/client";
import type { CompareMark } from "../store/compare-marks.ts";
import { markOfEvent, markOfStep } from "../store/compare-marks.ts";
import type { MergedGraph } from "./merge-graphs.ts";

/** A comparison as the nodes of its graph and the rows of its table ask for it, by name. */
export interface Compared {
  step(name: string): ComparedStep | undefined;
  markOf(step: string): CompareMark;
  markOfEvent(type: string): CompareMark | null;
}

/** `merged`: null while whose code has what is not known. */
export function toCompared(comparison: RunComparison, merged: MergedGraph | null): Compared {
  const steps = new Map(comparison.steps.map((each) => [each.step, each]));
  return {
    step: (name) => steps.get(name),
    markOf: (step) => markOfStep(step, comparison, merged?.presence.get(`step:${step}`)),
    markOfEvent: (type) => markOfEvent(type, comparison, merged?.presence.get(`event:${type}`)),
  };
}

export const ComparedContext = createContext<Compared | null>(null);

export function useCompared(): Compared {
  const compared = useContext(ComparedContext);
  if (compared === null) throw new Error("A node of a comparison is drawn outside of one.");
  return compared;
}
