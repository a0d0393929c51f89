import { useEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { betweenFrames } from "../source/frame-scheduler.ts";

/** As many are drawn at once. Of more, none: what they are drawn in is a task by itself already. */
const FEW = 30;
/** What a portion may take, in ms: as many are in the next as the one before lets expect. */
const BUDGET = 8;
const LEAST = 8;
const MOST = 30;

/**
 * A long list in portions, more with each frame until it is whole: hundreds of nodes drawn at once would keep the page
 * from answering. Once whole it stays so, whatever it changes to.
 */
export function useGrowing<T>(all: readonly T[]): readonly T[] {
  const [count, setCount] = useState(() => (all.length > FEW ? 0 : all.length));
  const portion = useRef(FEW / 2);
  const isWhole = count >= all.length;
  useEffect(() => {
    if (isWhole) {
      setCount(Infinity);
      return undefined;
    }
    return betweenFrames(() => {
      const begin = performance.now();
      // All of it at once: what is still to be done when sizes are observed makes the browser complain of a loop.
      flushSync(() => setCount(count + portion.current));
      portion.current = nextPortion(portion.current, performance.now() - begin);
    });
  }, [count, isWhole]);
  return isWhole ? all : all.slice(0, count);
}

/** How many come next, after so many took so long. */
export function nextPortion(count: number, milliseconds: number): number {
  const fit = Math.round((count * BUDGET) / Math.max(1, milliseconds));
  return Math.max(LEAST, Math.min(MOST, fit));
}
