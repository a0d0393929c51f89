import type { RefObject } from "react";
import { useEffect } from "react";
import { useModel } from "../ui/model-context.ts";

/** As in the container query of `shell.css`. */
const NARROW = 760;

/** Tells the logic what the container query tells the styles. */
export function useNarrow(rootRef: RefObject<HTMLElement | null>): void {
  const { store } = useModel();
  useEffect(() => {
    const root = rootRef.current;
    if (root === null) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      const isNarrow = (entry?.contentRect.width ?? Infinity) <= NARROW;
      if (isNarrow !== store.getState().isNarrow) store.setState({ isNarrow });
    });
    observer.observe(root);
    return () => observer.disconnect();
  }, [store, rootRef]);
}
