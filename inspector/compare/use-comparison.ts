import { useEffect, useMemo, useState } from "react";
import type { RunComparison, WorkflowGraph } from "tickwork/client";
import type { ErrorText } from "../source/error-text.ts";
import { toErrorText } from "../source/error-text.ts";
import { useModel } from "../ui/model-context.ts";
import type { MergedGraph } from "./merge-graphs.ts";
import { mergeGraphs } from "./merge-graphs.ts";

interface Answer {
  readonly comparison: RunComparison;
  readonly graphs: readonly [WorkflowGraph, WorkflowGraph] | null;
}

/** Two runs as they were when `asked` last changed; `merged` is null where the graph of one is not known. */
export function useComparison(runId: string, other: string, asked: number) {
  const { source } = useModel();
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [problem, setProblem] = useState<ErrorText | null>(null);
  useEffect(() => {
    let isWanted = true;
    const graphs = Promise.all([source.describeRun(runId), source.describeRun(other)]).then(
      ([a, b]) => [a.graph, b.graph] as const,
      () => null,
    );
    Promise.all([source.compareRuns(runId, other), graphs]).then(
      ([comparison, both]) => {
        if (!isWanted) return;
        setAnswer({ comparison, graphs: both });
        setProblem(null);
      },
      (error: unknown) => {
        if (isWanted) setProblem(toErrorText(error));
      },
    );
    return () => {
      isWanted = false;
    };
  }, [source, runId, other, asked]);
  const graphs = answer?.graphs ?? null;
  const merged = useMemo((): MergedGraph | null => (graphs === null ? null : mergeGraphs(...graphs)), [graphs]);
  return { comparison: answer?.comparison ?? null, merged, problem };
}
