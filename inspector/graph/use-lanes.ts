import { useEffect, useMemo, useState } from "react";
import type { RunView, WorkItemPage, WorkItemQuery } from "tickwork/client";
import type { ErrorText } from "../source/error-text.ts";
import { toErrorText } from "../source/error-text.ts";
import type { LatestWins } from "../source/latest-wins.ts";
import { createLatestWins } from "../source/latest-wins.ts";
import { showsSandbox } from "../store/inspector-state.ts";
import { useInspector, useModel } from "../ui/model-context.ts";

export interface Lanes {
  readonly page: WorkItemPage | null;
  /** Index of the page's first item. */
  readonly from: number;
  readonly problem: ErrorText | null;
}

const NOTHING: Lanes = { page: null, from: 0, problem: null };

/**
 * The work items in view of a step's list, of one state. Asked for again when the state or the place changes. Of a sandbox
 * those that came with its state.
 */
export function useLanes(step: string, first: number, end: number): Lanes {
  const sandbox = useInspector((state) => (showsSandbox(state) ? state.view : null));
  const ofRun = useLanesOfRun(step, first, end, sandbox === null);
  return useMemo(() => (sandbox === null ? ofRun : lanesOf(sandbox, step)), [sandbox, ofRun, step]);
}

/** All of the step that the state lists, which of a very full one are not all there are. */
function lanesOf({ runId, graph, workItems }: RunView, step: string): Lanes {
  const items = workItems.filter((item) => item.step === step);
  const status = graph.steps[step];
  const under = status === undefined ? 0 : status.busy + status.queued + status.delayed + status.waiting;
  const total = Math.max(items.length, under);
  return { page: { runId, step, sequence: graph.sequence, at: graph.at, total, items }, from: 0, problem: null };
}

function useLanesOfRun(step: string, first: number, end: number, isShown: boolean): Lanes {
  const { source } = useModel();
  const runId = useInspector((state) => state.runId);
  const sequence = useInspector((state) => state.view?.graph.sequence ?? null);
  const [lanes, setLanes] = useState<Lanes>(NOTHING);
  const [reader, setReader] = useState<LatestWins<WorkItemQuery> | null>(null);

  useEffect(() => {
    if (runId === null) return undefined;
    const next = createLatestWins<WorkItemQuery, WorkItemPage>(
      (query) => source.readWorkItems(runId, query),
      (page, { from }) => setLanes({ page, from, problem: null }),
      (error) => setLanes((known) => ({ ...known, problem: toErrorText(error) })),
    );
    setReader(next);
    return () => next.close();
  }, [source, runId, step]);
  useEffect(() => {
    if (isShown && sequence !== null && end > 0) reader?.request({ step, sequence, from: first, limit: end - first });
  }, [reader, isShown, step, sequence, first, end]);
  return lanes;
}
