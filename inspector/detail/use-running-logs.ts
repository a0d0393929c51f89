import { useEffect, useState } from "react";
import type { RunningLogs, RunningLogsQuery } from "tickwork/client";
import type { LatestWins } from "../source/latest-wins.ts";
import { createLatestWins } from "../source/latest-wins.ts";
import { isEnded } from "../store/inspector-state.ts";
import type { ShownLog } from "../store/running-logs.ts";
import { mergeLogs } from "../store/running-logs.ts";
import { useInspector, useModel } from "../ui/model-context.ts";

/** Milliseconds between two questions, however much is logged. */
const REST = 200;

export interface RunningLogsShown {
  readonly logs: readonly ShownLog[];
  /** Attempts that are left out. */
  readonly more: number;
}

const NOTHING: RunningLogsShown = { logs: [], more: 0 };

/** What steps of the followed run log while they are at work. Asked for after news of the run; in the past nothing is. */
export function useRunningLogs(query: RunningLogsQuery): RunningLogsShown {
  const { source } = useModel();
  const runId = useInspector((state) => state.runId);
  const isLive = useInspector((state) => state.position === "live");
  const newest = useInspector((state) => state.newest);
  const [shown, setShown] = useState(NOTHING);
  const [reader, setReader] = useState<LatestWins<null> | null>(null);
  const { step, workItem } = query;

  useEffect(() => {
    setShown(NOTHING);
    if (runId === null || !isLive) return undefined;
    let rest = Promise.resolve();
    const asked = { ...(step !== undefined && { step }), ...(workItem !== undefined && { workItem }) };
    const next = createLatestWins<null, RunningLogs>(
      async () => {
        await rest;
        const answer = await source.runningLogs(runId, asked);
        rest = new Promise((resolve) => setTimeout(resolve, REST));
        return answer;
      },
      (answer) => setShown((known) => ({ logs: mergeLogs(known.logs, answer), more: answer.more })),
      // The next news asks again; what is wrong with the engine is said elsewhere.
      () => undefined,
    );
    setReader(next);
    next.request(null);
    return () => next.close();
  }, [source, runId, isLive, step, workItem]);
  const isOver = newest !== null && isEnded(newest.status);
  const hasRunning = shown.logs.some((log) => !log.isOver);
  useEffect(() => {
    if (isLive && (!isOver || hasRunning)) reader?.request(null);
  }, [reader, newest, isLive, isOver, hasRunning]);
  return shown;
}
