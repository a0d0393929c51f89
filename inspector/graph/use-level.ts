import { useStoreApi } from "@xyflow/react";
import { createContext, useCallback, useContext, useEffect, useState, useSyncExternalStore } from "react";
import { flushSync } from "react-dom";
import { betweenFrames } from "../source/frame-scheduler.ts";
import type { Level, Levels } from "./levels.ts";
import { createLevels, levelAt } from "./levels.ts";

export const LevelsContext = createContext<Levels | null>(null);

/** The levels of one drawing; they follow its camera. */
export function useLevels(): Levels {
  const api = useStoreApi();
  const [levels] = useState(() => createLevels((call) => betweenFrames(() => flushSync(call))));
  useEffect(() => {
    const follow = (): void => levels.aim(levelAt(api.getState().transform[2]));
    follow();
    const unsubscribe = api.subscribe(follow);
    return () => {
      unsubscribe();
      levels.close();
    };
  }, [api, levels]);
  return levels;
}

/** How much a node shows. */
export function useLevel(id: string): Level {
  const levels = useContext(LevelsContext);
  if (levels === null) throw new Error("This component works only in a graph's drawing.");
  const subscribe = useCallback((listener: () => void) => levels.subscribe(id, listener), [levels, id]);
  return useSyncExternalStore(subscribe, () => levels.of(id));
}
