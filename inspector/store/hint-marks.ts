/** Which steps of the open run a hint is about: what their nodes and rows are marked with. */
import type { InspectorState } from "./inspector-state.ts";
import { depthOfShown, shownMoment } from "./inspector-state.ts";
import type { HintInput } from "./hints.ts";
import { hintsOf } from "./hints.ts";

/** The title of the first hint about each step; steps without one are left out. */
export type HintMarks = ReadonlyMap<string, string>;

const NONE: HintMarks = new Map();

/** Found once for all steps of a graph, whenever what the hints are made from is another. */
export function createHintMarks(): (state: InspectorState) => HintMarks {
  let known: HintInput | null = null;
  let marks = NONE;
  let seen: InspectorState | null = null;
  return (state) => {
    if (state === seen) return marks;
    seen = state;
    const input = inputOf(state);
    if (input === null) {
      known = null;
      return (marks = NONE);
    }
    if (known === null || !isSame(known, input)) marks = marksOf(input);
    known = input;
    return marks;
  };
}

/** Graph and view of one answer: the newest graph may be a moment ahead of its view. */
function inputOf(state: InspectorState): HintInput | null {
  const { runId, runs, view, description, position, storage, engine } = state;
  if (runId === null || view === null) return null;
  return {
    graph: view.graph,
    view,
    run: runs[runId] ?? null,
    description,
    moment: shownMoment({ ...state, graph: view.graph }),
    depth: depthOfShown(state),
    ...(position === "live" && { now: { storage, engine, runs } }),
  };
}

function isSame(a: HintInput, b: HintInput): boolean {
  return (
    a.view === b.view &&
    a.run === b.run &&
    a.description === b.description &&
    a.moment === b.moment &&
    a.depth === b.depth &&
    a.now?.storage === b.now?.storage &&
    a.now?.engine === b.now?.engine &&
    (a.now === undefined) === (b.now === undefined)
  );
}

function marksOf(input: HintInput): HintMarks {
  const marks = new Map<string, string>();
  for (const { steps, title } of hintsOf(input)) {
    for (const step of steps) if (!marks.has(step)) marks.set(step, title);
  }
  return marks;
}
