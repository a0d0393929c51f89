import { useEffect, useState } from "react";
import type { WorkItemPage, WorkItemQuery } from "tickwork/client";
import type { ErrorText } from "../source/error-text.ts";
import { toErrorText } from "../source/error-text.ts";
import type { LatestWins } from "../source/latest-wins.ts";
import { createLatestWins } from "../source/latest-wins.ts";
import { useInspector, useModel } from "../ui/model-context.ts";

export interface Lanes {
  readonly page: WorkItemPage | null;
  /** Index of the page's first item. */
  readonly from: number;
  readonly problem: ErrorText | null;
}

const NOTHING: Lanes = { page: null, from: 0, problem: null };

/** The work items in view of a step's list, of one state. Asked for again when the state or the place changes. */
export function useLanes(step: string, first: number, end: number): Lanes {
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
    if (sequence !== null && end > 0) reader?.request({ step, sequence, from: first, limit: end - first });
  }, [reader, step, sequence, first, end]);
  return lanes;
}
