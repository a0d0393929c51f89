import { useEffect, useState } from "react";
import { flushSync } from "react-dom";

/** Drawn at once; so many more with each frame. */
const PORTION = 40;

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
    // Done within the frame: what is still to be done when sizes are observed makes the browser complain of a loop.
    const frame = requestAnimationFrame(() => flushSync(() => setCount(count + PORTION)));
    return () => cancelAnimationFrame(frame);
  }, [count, isWhole]);
  return isWhole ? all : all.slice(0, count);
}
