import { useMemo } from "react";
import { shownMoment, viewedGraph } from "../store/inspector-state.ts";
import type { WhyInput } from "../store/why-waiting.ts";
import { useInspector } from "../ui/model-context.ts";

/** What the sentences are made from; null until the state is known. */
export function useWhyInput(): WhyInput | null {
  const graph = useInspector(viewedGraph);
  const view = useInspector((state) => state.view);
  const run = useInspector((state) => (state.runId === null ? null : (state.runs[state.runId] ?? null)));
  const description = useInspector((state) => state.description);
  const isLive = useInspector((state) => state.position === "live");
  const storage = useInspector((state) => state.storage);
  const engine = useInspector((state) => state.engine);
  const runs = useInspector((state) => state.runs);
  const moment = useInspector((state) => shownMoment({ ...state, graph: viewedGraph(state) }));
  return useMemo(
    () =>
      graph === null
        ? null
        : { graph, view, run, description, moment, ...(isLive && { now: { storage, engine, runs } }) },
    [graph, view, run, description, isLive, storage, engine, runs, moment],
  );
}
