import { useEffect, useState } from "react";
import type { EdgeTraffic } from "tickwork/client";
import type { ErrorText } from "../source/error-text.ts";
import { toErrorText } from "../source/error-text.ts";
import type { LatestWins } from "../source/latest-wins.ts";
import { createLatestWins } from "../source/latest-wins.ts";
import { useInspector, useModel } from "../ui/model-context.ts";

/** What passed along the edges up to the shown state. Asked for again when that changes, one question at a time. */
export function useEdgeTraffic(): { readonly traffic: EdgeTraffic | null; readonly problem: ErrorText | null } {
  const { source } = useModel();
  const runId = useInspector((state) => state.runId);
  const sequence = useInspector((state) => state.view?.graph.sequence ?? null);
  const [traffic, setTraffic] = useState<EdgeTraffic | null>(null);
  const [problem, setProblem] = useState<ErrorText | null>(null);
  const [reader, setReader] = useState<LatestWins<number> | null>(null);

  useEffect(() => {
    if (runId === null) return undefined;
    const next = createLatestWins<number, EdgeTraffic>(
      (wish) => source.edgeTraffic(runId, wish),
      (answer) => {
        setTraffic(answer);
        setProblem(null);
      },
      (error) => setProblem(toErrorText(error)),
    );
    setReader(next);
    return () => {
      next.close();
      setTraffic(null);
    };
  }, [source, runId]);
  useEffect(() => {
    if (sequence !== null) reader?.request(sequence);
  }, [reader, sequence]);
  return { traffic, problem };
}
