import { useRef, useState } from "react";

export interface Task {
  /** What is being done right now, in words, or null. */
  readonly doing: string | null;
  readonly problem: string | null;
  /** Does one thing at a time; a second wish meanwhile is ignored. */
  readonly start: (doing: string, work: () => Promise<unknown>) => void;
}

/** Something that a panel does when asked: what it is busy with, and why it failed. */
export function useTask(): Task {
  const [doing, setDoing] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const busy = useRef(false);
  const start: Task["start"] = (what, work) => {
    if (busy.current) return;
    busy.current = true;
    setDoing(what);
    setProblem(null);
    work()
      .catch((error: unknown) => setProblem(error instanceof Error ? error.message : String(error)))
      .finally(() => {
        busy.current = false;
        setDoing(null);
      });
  };
  return { doing, problem, start };
}
