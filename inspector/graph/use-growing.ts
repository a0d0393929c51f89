import { useEffect, useState } from "react";
import { flushSync } from "react-dom";
import { callAfterDrawing } from "../source/frame-scheduler.ts";

/** Drawn at once; so many more with each frame. */
const PORTION = 30;

/**
 * A long list in portions, more with each frame until it is whole: hundreds of nodes drawn at once would keep the page
 * from answering. Once whole it stays so, whatever it changes to.
 */
export function useGrowing<T>(all: readonly T[]): readonly T[] {
  const [count, setCount] = useState(PORTION);
  const isWhole = count >= all.length;
  useEffect(() => {
    if (isWhole) {
      setCount(Infinity);
      return undefined;
    }
    let isLeft = false;
    // Between two frames, so that it is a task by itself beside what the frame draws. And all of it: what is still to be
    // done when sizes are observed makes the browser complain of a loop.
    const grow = (): void => {
      if (!isLeft) flushSync(() => setCount(count + PORTION));
    };
    const frame = requestAnimationFrame(() => callAfterDrawing(grow));
    return () => {
      isLeft = true;
      cancelAnimationFrame(frame);
    };
  }, [count, isWhole]);
  return isWhole ? all : all.slice(0, count);
}
